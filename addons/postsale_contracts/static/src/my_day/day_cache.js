import {RPCCache} from "@web/core/network/rpc_cache";
import {session} from "@web/session";

const TABLE = "day";

/**
 * The day as it was last seen on this phone, in core's encrypted cache: addresses and
 * gate codes are readable for whoever is logged in as this user. Without HTTPS nothing
 * is kept.
 */
export class DayCache {
    constructor(owner) {
        const secret = window.isSecureContext && session.browser_cache_secret;
        this.cache =
            secret &&
            new RPCCache(`postsale_day_${owner}`, session.registry_hash, secret);
    }

    keep(day) {
        const settings = {type: "disk", update: "always"};
        this.cache?.read(TABLE, TABLE, () => Promise.resolve(day), settings);
    }

    /**
     * @param {Error} error why it is not asked of the server
     * @returns {Promise<Object>} rejected with the error when nothing was kept
     */
    read(error) {
        const ask = () => Promise.reject(error);
        return this.cache ? this.cache.read(TABLE, TABLE, ask, {type: "disk"}) : ask();
    }
}

import {IndexedDB} from "@web/core/utils/indexed_db";

const TABLE = "entries";
/** Stays as it is: core deletes what was kept under another one. */
const VERSION = "1";

/** The browser keeps nothing: a private window, a full disk, or not allowed to. */
export class StorageRefused extends Error {}

/** What one user has entered in one database, on this phone, until the server has it. */
export class EntryStore extends IndexedDB {
    constructor(owner) {
        super(`postsale_entries_${owner}`, VERSION);
        this._tables.add(TABLE);
    }

    /** @returns {Promise<Object[]>} in the order in which they were entered */
    getAll() {
        return this.run("readonly", (table) => table.getAll());
    }

    put(entry) {
        return this.run("readwrite", (table) => table.put(entry, entry.key));
    }

    remove(key) {
        return this.run("readwrite", (table) => table.delete(key));
    }

    /** Core's own reading and writing passes over a browser that keeps nothing. */
    async run(mode, work) {
        const answer = await this.execute((db) => db && attempt(db, mode, work)).catch(
            (error) => {
                throw new StorageRefused(error.message);
            }
        );
        if (!answer) {
            throw new StorageRefused();
        }
        return answer.value;
    }
}

function attempt(db, mode, work) {
    return new Promise((resolve, reject) => {
        const transaction = db.transaction(TABLE, mode, {durability: "strict"});
        const request = work(transaction.objectStore(TABLE));
        transaction.oncomplete = () => resolve({value: request.result});
        transaction.onabort = () => reject(transaction.error);
    });
}

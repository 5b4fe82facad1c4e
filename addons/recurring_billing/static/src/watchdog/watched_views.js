import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {ListRenderer} from "@web/views/list/list_renderer";
import {WatchdogBanner} from "./watchdog_banner";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

class WatchedListRenderer extends ListRenderer {
    static template = "recurring_billing.WatchedListRenderer";
    static components = {...ListRenderer.components, WatchdogBanner};
}

class WatchedKanbanRenderer extends KanbanRenderer {
    static template = "recurring_billing.WatchedKanbanRenderer";
    static components = {...KanbanRenderer.components, WatchdogBanner};
}

registry.category("views").add("recurring_watched_list", {
    ...listView,
    Renderer: WatchedListRenderer,
});
registry.category("views").add("recurring_watched_kanban", {
    ...kanbanView,
    Renderer: WatchedKanbanRenderer,
});

import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {WatchdogBanner} from "./watchdog_banner";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

class WatchedListController extends ListController {
    static template = "recurring_billing.WatchedListView";
    static components = {...ListController.components, WatchdogBanner};
}

class WatchedKanbanController extends KanbanController {
    static template = "recurring_billing.WatchedKanbanView";
    static components = {...KanbanController.components, WatchdogBanner};
}

registry.category("views").add("recurring_watched_list", {
    ...listView,
    Controller: WatchedListController,
});
registry.category("views").add("recurring_watched_kanban", {
    ...kanbanView,
    Controller: WatchedKanbanController,
});

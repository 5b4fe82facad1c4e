import {HtmlField, htmlField} from "@html_editor/fields/html_field";
import {HtmlViewer} from "@html_editor/components/html_viewer/html_viewer";
import {registry} from "@web/core/registry";

/** Links lead to documents: in this window, since the app on a phone has no other. */
class RunReportViewer extends HtmlViewer {
    retargetLink() {}
}

class RunReportField extends HtmlField {
    static components = {...HtmlField.components, HtmlViewer: RunReportViewer};
}

registry
    .category("fields")
    .add("recurring_run_report", {...htmlField, component: RunReportField});

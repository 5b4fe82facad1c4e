"""What is wrong with a screen, as somebody with a phone in his hand would say."""

import json
from pathlib import Path

RULES = {
    # Parts of a page that must not be wider than the screen. Others scroll in
    # themselves under a finger: tables, columns of cards, rows of tabs.
    "fixed": (
        "html, body, #wrapwrap, #wrapwrap main",
        ".o_action_manager, .o_action, .o_content, .o_control_panel",
        ".o_form_view_container, .o_form_renderer, .o_form_sheet_bg, .o_form_sheet",
        ".o_group, .o_inner_group, .o_field_widget",
        ".modal, .modal-dialog, .modal-content, .modal-body, .modal-footer",
        ".o_my_day, .o_quick_quotation, .o_quick_content, .o_recurring_dashboard",
    ),
    # Buttons that are ours: those of our views, and those of our own screens.
    "buttons": (
        ".o_form_view button[name], .o_list_view button[name]",
        ".o_kanban_view button[name], .modal button[name]",
        ".o_my_day button, .o_my_day a.btn, .o_my_day_dialog button",
        ".o_quick_quotation button",
        ".o_recurring_dashboard button, .o_recurring_watchdog button",
        "#wrapwrap main a.btn, #wrapwrap main button",
    ),
    # The same in an Odoo without us.
    "cores": (
        ".o-mail-ActionList *, .o_setting_box *",
        ".btn-close, a.btn-link",
        ".navbar-toggler, .o_portal_my_doc_table a.btn, #wrapwrap main button.py-0",
        "a.o_print_btn, .o_brand_promotion a",
    ),
    "errors": (".o_notification:has(.bg-danger)", ".o_error_dialog"),
}
LEAST_HEIGHT = 32
WORDS = r"\b(?:undefined|NaN|null|false)\b|\[object |\b[a-z]+_[a-z]+_[a-z_]+\b"

_rules = {name: ", ".join(selectors) for name, selectors in RULES.items()}
_rules |= {"least": LEAST_HEIGHT, "words": WORDS}
_function = Path(__file__).with_suffix(".js").read_text().strip().rstrip(";")
#: JavaScript for `Browser.evaluate`: a list of lines, empty when all is well.
LOOK = f"({_function})({json.dumps(_rules)})"

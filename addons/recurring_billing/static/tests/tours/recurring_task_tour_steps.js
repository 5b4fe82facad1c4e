// Steps that the tours on the desktop and on the phone share.

export function openTab(name) {
    return {
        content: `Open the tab ${name}`,
        trigger: `.o_notebook a[name=${name}]`,
        run: "click",
    };
}

/** Choose an option of a selection field. */
export function choose(field, label) {
    return [
        {
            content: `Open the choices of ${field}`,
            trigger: `.o_field_widget[name=${field}] input, .o_field_widget[name=${field}] .o_select_menu_toggler`,
            run: "click",
        },
        {
            content: `Choose ${label}`,
            trigger: `.o_select_menu_item:contains('${label}')`,
            run: "click",
        },
    ];
}

/** Type a date, whatever the field shows at the moment. */
export function typeDate(field, text) {
    return [
        {
            content: `Go to ${field}`,
            trigger: `.o_field_widget[name=${field}] button, .o_field_widget[name=${field}] input`,
            run: "click",
        },
        {
            content: `Type ${text} into ${field}`,
            trigger: `.o_field_widget[name=${field}] input`,
            run: `edit ${text}`,
        },
        {
            content: "Leave the field",
            trigger: `.o_field_widget[name=${field}] input`,
            run: "press Tab",
        },
    ];
}

/** The words and the dates stand in the form before anything is saved. */
export const fillInWhen = [
    openTab("when"),
    ...typeDate("date_start", "01/15/2031"),
    {
        content: "The words follow what is typed",
        trigger:
            ".o_field_widget[name=schedule_text]:contains('Every month, starting 15 January 2031')",
    },
    ...choose("cycle", "Quarterly"),
    ...choose("day_rule", "Last day of the month"),
    {
        content: "Three documents only",
        trigger: ".o_field_widget[name=max_documents] input",
        run: "edit 3 && press Tab",
    },
    {
        content: "What will happen, in words",
        trigger:
            ".o_field_widget[name=schedule_text]:contains('Every 3 months, on the last day of the month, starting 31 January 2031, 3 documents')",
    },
    {
        content: "Exactly these three dates",
        trigger:
            ".o_field_widget[name=next_dates_text]:contains('Thu 31 Jul 2031'):contains('Wed 30 Apr 2031'):contains('Fri 31 Jan 2031')",
        run() {
            const lines = this.anchor.innerText.trim().split(/\n+/);
            if (lines.length !== 3) {
                throw new Error(`Three dates expected, not ${lines.length}`);
            }
        },
    },
    {
        content: "It is not saved yet",
        trigger:
            ".o_form_view:not(:has(.o_last_breadcrumb_item:contains('Tour task')))",
    },
];

export const fillInHow = [
    openTab("how"),
    {
        content: "Issue only: nothing about e-mails is asked",
        trigger:
            ".o_field_widget[name=completion] .o_radio_item:contains('Create and confirm') input",
        run: "click",
    },
    {
        content: "The e-mail's fields are gone",
        trigger: ".o_form_view:not(:has(.o_field_widget[name=mail_subject]))",
    },
    {
        content: "Send it, too",
        trigger:
            ".o_field_widget[name=completion] .o_radio_item:contains('send by e-mail') input",
        run: "click",
    },
    {
        content: "Write the subject",
        trigger: ".o_field_widget[name=mail_subject] input",
        run: "edit Your document of the tour",
    },
];

export const saveAndStart = [
    {
        content: "Save",
        trigger: ".o_form_button_save",
        run: "click",
    },
    {
        content: "A complete task that is not started cannot be overlooked",
        trigger:
            ".alert:contains('This task is complete but not started: nothing will be issued.') button:contains('Start')",
        run: "click",
    },
    {
        content: "It runs",
        trigger: ".o_statusbar_buttons button[name=action_run_now]",
    },
    {
        content: "The banner is gone",
        trigger: ".o_form_view:not(:has(.alert:contains('not started')))",
    },
];

export const runNow = [
    {
        content: "Run now",
        trigger: "button[name=action_run_now]",
        run: "click",
    },
    {
        content: "The question says what will happen",
        trigger:
            ".modal:contains('even ahead of its date') .modal-footer button:contains('Run now')",
        run: "click",
    },
    {
        content: "The run's report tells what was issued",
        trigger:
            ".o_field_widget[name=report_html]:contains('1 document issued'):contains('Tour Customer')",
    },
    {
        content: "To the documents of the run",
        trigger: ".o_statusbar_buttons button[name=action_view_documents]",
        run: "click",
    },
];

export const checkInvoice = [
    {
        content: "The invoice is posted and knows its task",
        trigger: ".o_form_view .oe_title .o_field_widget[name=name]:contains('INV/')",
    },
];

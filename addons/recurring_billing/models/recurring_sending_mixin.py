from odoo import fields, models


class RecurringSendingMixin(models.AbstractModel):
    """The "How" of a recurring record: issue only, or issue and send, and how."""

    _name = "recurring.sending.mixin"
    _description = "Recurring sending options"

    completion = fields.Selection(
        selection=[
            ("draft", "Create a draft"),
            ("confirm", "Create and confirm"),
            ("send", "Create, confirm and send by e-mail"),
        ],
        string="What to Do",
        default="send",
        required=True,
    )
    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="E-mail Template",
        help="Empty: the usual template for this kind of document.",
    )
    mail_subject = fields.Char(
        string="Subject",
        help="Empty: the subject of the template.",
    )
    email_from = fields.Char(
        string="Sender",
        help="Empty: the sender of the template.",
    )
    reply_to = fields.Char(
        string="Answers Go To",
        help="Empty: as in the template.",
    )
    report_id = fields.Many2one(
        comodel_name="ir.actions.report",
        string="Document Format",
        help="Empty: as on the customer's record, else the usual format.",
    )
    attach_pdf = fields.Boolean(string="Attach the PDF", default=True)
    attach_xml = fields.Boolean(
        string="Attach the E-Invoice",
        default=True,
        help="The XML file that the customer's e-invoice format asks for.",
    )
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        string="Other Attachments",
        help="Files that go with every e-mail, e.g. the terms of business.",
    )
    send_when = fields.Selection(
        selection=[
            ("at_once", "At once"),
            ("at_hour", "At an hour of the day"),
            ("held", "When somebody has approved it"),
        ],
        string="Send",
        default="at_once",
        required=True,
    )
    send_hour = fields.Float(
        string="Sending Hour",
        default=8.0,
        help="In the time zone of the schedule.",
    )
    mail_greeting = fields.Text(
        string="Personal Text",
        help="Stands in the e-mail right after the addressee's name.",
    )
    copy_user_ids = fields.Many2many(
        comodel_name="res.users",
        string="Internal People in Copy",
        context={"active_test": False},
        domain="[('share', '=', False)]",
        help="Colleagues who receive the same e-mail as the customer.",
    )
    copy_partner_ids = fields.Many2many(
        comodel_name="res.partner",
        string="Other People in Copy",
        context={"active_test": False},
        help="They receive the same e-mail as the customer: an employee without login, "
        "the customer's accountant …",
    )
    ask_acknowledgement = fields.Boolean(
        string="Ask for Acknowledgement of Receipt",
        help="The e-mail asks the addressee to confirm that the document arrived.",
    )

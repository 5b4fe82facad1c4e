import base64

from odoo import api, models
from odoo.tools import html2plaintext
from odoo.tools.image import image_data_uri

from ..document_colours import get_ink, get_text_on, get_tint, normalise
from ..qr_code import draw_qr_code

LAYOUT = "recurring_billing.friendly_document"
#: The company's colours; all other styles are in static/report/friendly_document.scss.
STYLE = """
{scope} h2, {scope} .o_total td, {scope} .o_total td strong {{ color: {ink}; }}
{scope} #informations strong, {scope} .o_friendly_label {{ color: {label}; }}
{scope} .o_friendly_figures td, {scope} .o_line_section td, {scope} .o_total td
{{ background-color: {tint}; }}
{scope} table.table:not(.o_ignore_layout_styling) thead th, {scope} .o_friendly_button,
{scope} td.o_friendly_first, {scope} td.o_friendly_first .o_friendly_label
{{ background-color: {primary}; color: {on_primary}; }}
"""
#: Left out where a row may be longer than a page: the PDF engine would print it over
#: the heading.
REPEATED_HEAD = """
{scope} thead {{ display: table-header-group !important; }}
{scope} tr {{ page-break-inside: avoid; }}
"""


class FriendlyDocument(models.AbstractModel):
    """What the friendly layout shows around a document, whatever document it is.

    A document that inherits ``friendly.document.mixin`` says its own greeting, figures
    and link; for any other the template that prints it may give them.
    """

    _name = "friendly.document"
    _description = "Content of the friendly layout"

    @api.model
    def _get_content(self, document, company, **given):
        """Everything that ``recurring_billing.friendly_document`` prints itself.

        :param document: record that is printed, in its language; may be empty
        :param company: ``res.company``, or the dialog in which its layout is chosen
        :param given: ``kind`` (a code of ``recurring.document.kind``), ``figures``,
            ``link`` and ``forced_vat``; what is empty is asked of the document
        :rtype: dict
        """
        kind = self.env["recurring.document.kind"]
        own = {"kind": kind, "figures": [], "link": {}, "repeats_head": True}
        if document and hasattr(document, "_prepare_friendly_content"):
            own |= document._prepare_friendly_content()
        if code := given.get("kind"):
            own["kind"] = kind._get_by_code(code)
        return {
            "greeting": own["kind"]._get_greeting(document, company),
            "figures": given.get("figures") or own["figures"],
            "link": self._add_qr_code(given.get("link") or own["link"]),
            "colour": normalise(company.primary_color),
            "ink": get_ink(company.primary_color),
            "style": self._get_style(company, own["repeats_head"]),
            "tax_ids": self._get_tax_ids(company, given.get("forced_vat")),
        }

    @api.model
    def _is_layout_of(self, company):
        """Whether the company has chosen the layout for all its documents."""
        return company.sudo().external_report_layout_id.key == LAYOUT

    @api.model
    def _add_qr_code(self, link):
        """The link as something that a telephone can scan from paper."""
        if not link.get("url") or link.get("has_qr_code"):
            return link
        image = base64.b64encode(draw_qr_code(link["url"]))
        return {**link, "qr_code": image_data_uri(image)}

    @api.model
    def _get_style(self, company, repeats_head):
        """Style sheet with the company's colours, and what can be read on them."""
        primary = normalise(company.primary_color)
        style = STYLE + (REPEATED_HEAD if repeats_head else "")
        return style.format(
            scope=f".o_report_layout_friendly.o_company_{company.id}_layout",
            primary=primary,
            on_primary=get_text_on(primary),
            ink=get_ink(primary),
            label=get_ink(company.secondary_color or primary),
            tint=get_tint(primary),
        )

    @api.model
    def _get_tax_ids(self, company, forced_vat=None):
        """Label and number that every invoice must show, unless the company's own
        header or footer shows them already (Directive 2006/112/EC, article 226 (3)).

        :param forced_vat: tax ID that the header prints instead of the company's
        """
        partner = company.partner_id.sudo()
        printed = self._squeeze(
            html2plaintext(company.company_details or "")
            + html2plaintext(company.report_footer or "")
        )
        label = company.country_id.vat_label or self.env._("Tax ID")
        numbers = [(self.env._("Company ID"), partner.company_registry)]
        if not forced_vat:
            numbers.insert(0, (label, partner.vat))
        seen, result = printed, []
        for name, number in numbers:
            if number and self._squeeze(number) not in seen:
                result.append((name, number))
                seen += self._squeeze(number)
        return result

    @api.model
    def _squeeze(self, text):
        return "".join(filter(str.isalnum, text)).lower()

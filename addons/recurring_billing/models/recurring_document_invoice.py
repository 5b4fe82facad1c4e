from odoo import Command, api, models


class RecurringDocumentInvoice(models.AbstractModel):
    """Customer invoices."""

    _name = "recurring.document.invoice"
    _inherit = "recurring.document.order.invoice"
    _description = "Recurring customer invoice"

    @api.model
    def _get_document_model(self):
        return "account.move"

    @api.model
    def _create_documents(self, rows):
        vals_list = self._prepare_documents(rows)
        return self.env["recurring.invoice.items"]._create(vals_list)

    @api.model
    def _prepare_document(self, row, lines):
        recipient, task = row.recipient_id, row.task_id
        return {
            **task._prepare_origin_header(),
            "move_type": "out_invoice",
            "company_id": task.company_id.id,
            "journal_id": task.journal_used_id.id,
            "partner_id": recipient.partner_invoice_id.id,
            "partner_shipping_id": recipient._get_delivery_address().id,
            "fiscal_position_id": recipient.fiscal_position_used_id.id,
            "currency_id": self.env["recurring.pricing"]._get_currency(recipient).id,
            "invoice_date": row.document_date,
            "invoice_origin": task._get_invoice_origin(),
            "invoice_payment_term_id": recipient.payment_term_used_id.id,
            "preferred_payment_method_line_id": recipient.payment_method_used_id.id,
            "invoice_user_id": recipient.salesperson_used_id.id,
            "recurring_task_id": task.id,
            "recurring_occurrence_id": row.id,
            "document_hour": task._get_document_hour_text(),
            "invoice_line_ids": [Command.create(line) for line in lines],
        }

    @api.model
    def _prepare_line(self, line, price):
        if line.display_type:
            return {
                "display_type": line.display_type,
                "sequence": line.sequence,
                "collapse_prices": line.collapse_prices,
                "collapse_composition": line.collapse_composition,
            }
        values = {
            "display_type": "product",
            "sequence": line.sequence,
            "product_id": line.product_id.id,
            "product_uom_id": line.product_uom_id.id,
            "quantity": line.quantity,
            "price_unit": price.price_unit,
            "discount": price.discount,
            "tax_ids": [Command.set(price.taxes.ids)],
        }
        if line.account_id:
            values["account_id"] = line.account_id.id
        if line.analytic_distribution:
            values["analytic_distribution"] = line.analytic_distribution
        return values

    @api.model
    def _get_line_account(self, line, position):
        template = line.product_id.product_tmpl_id.with_company(line.company_id)
        by_product = template.get_product_accounts(fiscal_pos=position)["income"]
        journal = line.task_id.journal_used_id
        return line.account_id or by_product or journal.default_account_id

    @api.model
    def _confirm_documents(self, documents):
        documents._post_together()

    @api.model
    def _get_default_mail_template(self):
        return self.env.ref("account.email_template_edi_invoice")

    @api.model
    def _get_default_report(self):
        return self.env.ref("account.account_invoices")

    @api.model
    def _get_report(self, recipient):
        task = recipient.task_id
        partner = recipient.partner_invoice_id.commercial_partner_id
        return (
            task.report_id
            or partner.with_company(task.company_id).invoice_template_pdf_report_id
            or task.journal_used_id.invoice_template_pdf_report_id
            or self._get_default_report()
        )

    @api.model
    def _get_task_problems(self, task):
        texts = super()._get_task_problems(task)
        journal = task.journal_used_id
        if not journal:
            texts.append(
                self.env._(
                    "There is no sales journal. Create one under Invoicing → "
                    "Configuration → Journals."
                )
            )
        texts += self._get_account_problems(task, journal)
        return texts + self.env["invoice.kind.check"]._get_task_problems(task)

    @api.model
    def _get_recipient_problems(self, recipient):
        """What posting would refuse, where invoices are checked by their kind."""
        texts = super()._get_recipient_problems(recipient)
        return texts + self.env["invoice.kind.check"]._get_recipient_problems(recipient)

    @api.model
    def _get_account_problems(self, task, journal):
        """Accounts that posting would refuse, or use although they are archived."""
        texts = []
        for line in task.line_ids.filtered(lambda line: not line.display_type):
            template = line.product_id.product_tmpl_id.with_company(task.company_id)
            account = (
                line.account_id
                or template.get_product_accounts()["income"]
                or journal.default_account_id
            )
            if not account:
                texts.append(
                    self.env._(
                        "There is no income account for “%s”. Choose one on the "
                        "product, its category or the journal.",
                        line.product_id.display_name or line.name,
                    )
                )
            elif not account.active:
                texts.append(
                    self.env._("The account “%s” is archived.", account.display_name)
                )
        return texts

    @api.model
    def _get_date_problems(self, task, day):
        """Core would silently move the accounting date out of a locked period."""
        texts = super()._get_date_problems(task, day)
        if text := self._get_lock_problem(task, day):
            texts.append(text)
        return texts

    @api.model
    def _get_lock_problem(self, task, day):
        locks = task.company_id._get_lock_date_violations(
            day, fiscalyear=True, sale=True, purchase=False, tax=True, hard=True
        )
        if not locks:
            return ""
        return self.env._(
            "The period of %(day)s is locked until %(lock)s: the invoice would get "
            "another date. Skip the date, or ask your accountant to unlock it.",
            day=day,
            lock=max(lock[0] for lock in locks),
        )

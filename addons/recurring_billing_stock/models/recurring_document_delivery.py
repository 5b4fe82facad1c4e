from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .stock_picking import OWN_MAIL

#: Transfers that follow each other on a route: core has three (pick, pack, deliver).
MAX_STEPS = 10


class RecurringDocumentDelivery(models.AbstractModel):
    """Delivery notes: confirmed orders and the transfers that core makes of them.

    The document of the ledger is the order. It exists in every case: as a draft,
    without goods, with several transfers, and where the warehouse picks and packs first
    and makes the outgoing transfer later. It holds the amounts, and later the invoice.
    """

    _name = "recurring.document.delivery"
    _inherit = "recurring.document.order"
    _description = "Recurring delivery note"

    @api.model
    def _confirm_documents(self, documents):
        # stock_sms would ask a question
        quiet = documents.with_context(skip_sms=True)
        result = super()._confirm_documents(quiet)
        leaving = quiet.filtered(
            lambda order: order.recurring_task_id.delivery_validation == "validate"
        )
        for task, orders in leaving.grouped("recurring_task_id").items():
            mails = {OWN_MAIL: True} if task.completion == "send" else {}
            self._deliver(orders.with_context(**mails))
        return result

    # === GOODS LEAVE === #

    @api.model
    def _deliver(self, orders):
        """Validate the transfers, step by step where the warehouse has several.

        A transfer leaves as a whole or not at all: a customer who ordered ten gets one
        delivery note over ten. What cannot leave waits.
        """
        for _step in range(MAX_STEPS):
            transfers = self._get_open_transfers(orders)
            self._reserve(transfers)
            ready = transfers.filtered(self._can_leave)
            if not ready:
                return
            self._validate(ready)

    @api.model
    def _get_open_transfers(self, orders):
        """Searched for, since a validated step makes the next one."""
        return orders.env["stock.picking"].search(
            Domain("sale_id", "in", orders.ids)
            & Domain("state", "not in", ("done", "cancel"))
        )

    @api.model
    def _reserve(self, transfers):
        """Take what is in stock, and what is not where the company says so."""
        moves = transfers.move_ids.filtered(self._is_short)
        moves.filtered(
            lambda move: not move._should_assign_at_confirm()
        )._action_assign()
        if transfers.company_id._lets_stock_go_negative():
            for move in moves.filtered(self._can_go_negative):
                move.quantity = move.product_uom_qty

    @api.model
    def _is_short(self, move):
        """Something of this move is not reserved."""
        return (
            move.state not in ("done", "cancel")
            and move.product_uom.compare(move.quantity, move.product_uom_qty) < 0
        )

    @api.model
    def _can_go_negative(self, move):
        """Not what is brought for this order first, and no goods with a number."""
        return (
            self._is_short(move)
            and move.procure_method == "make_to_stock"
            and move.product_id.tracking == "none"
        )

    @api.model
    def _can_leave(self, transfer):
        """Everything is reserved, and lots and serial numbers are chosen."""
        moves = transfer.move_ids.filtered(lambda move: move.state != "cancel")
        kind = transfer.picking_type_id
        has_lots = kind.use_existing_lots or kind.use_create_lots
        return not any(map(self._is_short, moves)) and not any(
            has_lots and line.product_id.tracking != "none" and not line.lot_id
            for line in moves.move_line_ids
        )

    @api.model
    def _validate(self, transfers):
        """All in one call.

        :raises UserError: when an app asks a question that nobody can answer here
        """
        transfers.with_context(skip_backorder=True).button_validate()
        left = transfers.filtered(lambda transfer: transfer.state != "done")
        if left:
            raise UserError(
                self.env._(
                    "%(transfers)s cannot be validated without a person: another app "
                    "asks something first. Choose “Leave it to the warehouse” in the "
                    "task.",
                    transfers=", ".join(left.mapped("name")),
                )
            )

    # === WORDS AND CHECKS === #

    @api.model
    def _get_default_mail_template(self):
        return self.env.ref("recurring_billing_stock.mail_template_delivery_note")

    @api.model
    def _get_default_report(self):
        return self.env.ref("recurring_billing_stock.action_report_delivery_note")

    @api.model
    def _get_report(self, recipient):
        """Goods without prices are printed on core's delivery slip."""
        task = recipient.task_id
        if task.report_id or task.delivery_slip_valued or not self._get_goods(task):
            return super()._get_report(recipient)
        return self.env.ref("stock.action_report_delivery")

    @api.model
    def _get_goods(self, task):
        products = task.line_ids.product_id
        return products.filtered(lambda product: product.type == "consu")

    @api.model
    def _get_task_problems(self, task):
        texts = super()._get_task_problems(task)
        warehouse = task.warehouse_id
        if warehouse and not warehouse.active:
            texts.append(
                self.env._("The warehouse “%s” is archived.", warehouse.display_name)
            )
        return texts

    @api.model
    def _get_recipient_problems(self, recipient):
        texts = super()._get_recipient_problems(recipient)
        if self._get_goods(recipient.task_id) and not recipient.warehouse_used_id:
            texts.append(
                self.env._(
                    "There is no warehouse for %s. Create one under Inventory → "
                    "Configuration → Warehouses.",
                    recipient.company_id.display_name,
                )
            )
        return texts

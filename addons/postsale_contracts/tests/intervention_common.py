"""Tickets with service activities, in every case of billing."""

from itertools import count

from .common import PostsaleCommon

NUMBERS = count(1)


class InterventionCommon(PostsaleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ref = cls.env.ref
        cls.open_stage = ref("postsale_contracts.intervention_stage_open")
        cls.closed_stage = ref("postsale_contracts.intervention_stage_closed")
        cls.cancelled_stage = ref("postsale_contracts.intervention_stage_cancelled")
        cls.billed = ref("postsale_contracts.condition_billed")
        cls.covered = ref("postsale_contracts.condition_contract")
        cls.warranty = ref("postsale_contracts.condition_warranty")
        cls.ticket = cls._create_ticket()

    @classmethod
    def _create_activity(cls, ticket=None, user=None, **values):
        """A closed activity that is to be billed, entered by the technician."""
        return (
            cls.env["postsale.intervention"]
            .with_user(user or cls.technician)
            .create(
                {
                    "task_id": (ticket or cls.ticket).id,
                    "name": "Changed the pump",
                    "date": "2027-03-10",
                    "condition_id": cls.billed.id,
                    "stage_id": cls.closed_stage.id,
                    **values,
                }
            )
        )

    @classmethod
    def _create_active_contract(cls, **values):
        values.setdefault("name", f"PS/{next(NUMBERS)}")
        contract = cls._create_contract(**values)
        # the door of the state is another part's
        contract.sudo()._write({"state": "active"})
        contract.invalidate_recordset(["state"])
        return contract

    def _bill(self, tickets=None, user=None):
        """Press "Create Order", and find the orders of the tickets."""
        tickets = (tickets or self.ticket).with_user(user or self.clerk)
        tickets.action_create_order()
        return self._get_orders(tickets)

    def _get_orders(self, tickets):
        return tickets.sudo().intervention_ids.sale_line_id.order_id

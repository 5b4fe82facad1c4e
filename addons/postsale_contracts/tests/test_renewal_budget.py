"""SQL statements of the engine: flat, whatever the number of contracts."""

import logging

from odoo.tests import tagged

from .renewal_common import DAY_AFTER, RenewalCommon

_logger = logging.getLogger(__name__)


@tagged("slow")
class TestRenewalQueryBudget(RenewalCommon):
    #: Statements beyond those for 10 contracts, for all of 90 more.
    MARGIN = 6
    #: Core's own for each order: number, warehouse, analytic distribution …
    CORE = 6

    def _create_many(self, count, **values):
        contracts = (
            self.env["postsale.contract"]
            .with_user(self.clerk)
            .create(
                [
                    {
                        "partner_id": self.customer.id,
                        "user_id": self.clerk.id,
                        "date_start": "2027-01-01",
                        "date_end": "2027-12-31",
                        "auto_renew": True,
                        **values,
                    }
                    for _number in range(count)
                ]
            )
        )
        contracts.action_activate()
        return contracts

    def _count(self, step, margin=MARGIN, **values):
        """Statements of a step of the engine, by number of contracts."""
        counts = {}
        for number in (2, 10, 100):  # the first time fills caches
            contracts = self._create_many(number, **values)
            (engine,) = (
                engine
                for engine in self.env["postsale.renewal.engine"]._get_engines()
                if engine.env.company == self.company
            )
            with self.counting() as counted:
                engine._run_batch(step, contracts.ids)
            counts[number] = counted.statements
        _logger.info("%s: %s statements", step, counts)
        self.assertLessEqual(counts[100] - counts[10], margin)
        return self.env["postsale.contract"].browse(contracts.ids)

    def test_renewing(self):
        self.clock.move_to(f"{DAY_AFTER} 10:00:00")
        contracts = self._count("renew")
        self.assertEqual(len(contracts.renewal_ids), 100)

    def test_renewing_with_orders(self):
        self.config.renewal_order_automatic = True
        self.clock.move_to(f"{DAY_AFTER} 10:00:00")
        margin = self.MARGIN + 90 * self.CORE
        contracts = self._count("renew", margin, customer_cost=100.0)
        self.assertEqual(len(contracts.renewal_ids.sale_order_id), 100)

    def test_telling(self):
        self.clock.move_to("2027-11-11 10:00:00")
        contracts = self._count("tell", renewal_customer_notice_days=20)
        self.assertEqual(len(contracts.renewal_notice_ids), 100)

    def test_calling(self):
        self.clock.move_to("2027-11-11 10:00:00")
        contracts = self._count("call")
        self.assertEqual(set(contracts.mapped("state")), {"to_renew"})

    def test_expiring(self):
        self.clock.move_to("2028-01-01 10:00:00")
        contracts = self._count("expire", auto_renew=False)
        self.assertEqual(set(contracts.mapped("state")), {"expired"})

    def test_looking_at_the_list(self):
        names = ["decide_before", "last_renewal_cost", "next_cost", "date_end"]
        counts = {}
        for number in (2, 10, 100):
            contracts = self._create_many(number)
            contracts.sudo()._renew()
            with self.counting() as counted:
                contracts.with_user(self.clerk).read(names)
            counts[number] = counted.statements
        self.assertLessEqual(counts[100] - counts[10], 2)

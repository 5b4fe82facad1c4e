"""One line per customer, per category or per asset: in one click, and again later."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from ..asset_lines import match_lines
from .asset_common import AssetCommon


class TestMatchLines(BaseCase):
    """Which line of a customer gets which group of assets."""

    A, B, C = (frozenset(letter) for letter in "ABC")
    NONE = frozenset()

    def test_an_empty_line_takes_the_first_and_others_are_added(self):
        matched = match_lines({1: self.NONE}, [self.A, self.B, self.C])
        self.assertEqual(matched, ({1: self.A}, [self.B, self.C], []))

    def test_what_stands_right_is_not_touched(self):
        present = {1: self.B, 2: self.A}
        self.assertEqual(match_lines(present, [self.A, self.B]), ({}, [], []))

    def test_lines_that_nothing_is_left_for_are_told(self):
        present = {1: self.A, 2: self.B}
        together = self.A | self.B
        self.assertEqual(match_lines(present, [together]), ({1: together}, [], [2]))

    def test_of_two_equal_lines_one_is_left(self):
        present = {1: self.A, 2: self.A}
        self.assertEqual(match_lines(present, [self.A]), ({}, [], [2]))


@tagged("post_install", "-at_install")
class TestAssetLines(AssetCommon):
    people = ("reader",)

    def _split(self, task, arrangement="asset", categories=None):
        wizard = (
            self.env["recurring.task.asset.lines"]
            .with_user(self.biller)
            .create(
                {
                    "task_id": task.id,
                    "asset_arrangement": arrangement,
                    "asset_category_ids": categories and categories.ids,
                }
            )
        )
        counts = (wizard.changed_count, wizard.added_count, wizard.ended_count)
        wizard.action_apply()
        return counts

    def _get_lines(self, task):
        """The assets on each line, as names."""
        return [line.asset_ids.mapped("name") for line in task.recipient_ids]

    def test_one_line_per_asset(self):
        task = self._create_task(customers=self.customer + self.other_customer)
        self.assertEqual(self._split(task), (2, 1, 0))
        self.assertEqual(
            sorted(self._get_lines(task)), [["Boiler"], ["Lift"], ["Pump"]]
        )

    def test_all_assets_on_one_line(self):
        task = self._create_task()
        self._split(task, "customer")
        self.assertEqual(self._get_lines(task), [["Boiler", "Pump"]])

    def test_one_line_per_category(self):
        self._create_asset("Radiator", category_id=self.heating.id)
        task = self._create_task()
        self._split(task, "category")
        self.assertEqual(
            sorted(self._get_lines(task)), [["Boiler", "Radiator"], ["Pump"]]
        )

    def test_of_some_categories_only(self):
        task = self._create_task()
        self._split(task, "asset", self.heating)
        self.assertEqual(self._get_lines(task), [["Boiler"]])

    def test_another_category_leaves_the_lines_of_the_first_alone(self):
        cooling = self.heating.copy({"name": "Cooling"})
        self.pump.category_id = cooling
        task = self._create_task()
        self._split(task, "asset", self.heating)
        self.assertEqual(self._split(task, "asset", cooling), (0, 1, 0))
        self.assertEqual(sorted(self._get_lines(task)), [["Boiler"], ["Pump"]])

    def test_again_when_there_is_a_new_asset(self):
        task = self._create_task()
        self._split(task)
        self._create_asset("Fan")
        self.assertEqual(self._split(task), (0, 1, 0))
        self.assertEqual(sorted(self._get_lines(task)), [["Boiler"], ["Fan"], ["Pump"]])

    def test_nothing_to_change_is_said(self):
        task = self._create_task()
        self._split(task)
        with self.assertRaisesRegex(UserError, "Nothing changes"):
            self._split(task)

    def test_a_customer_without_assets_keeps_his_line(self):
        nobody = self._create_customer(name="Nobody")
        task = self._create_task(customers=self.customer + nobody)
        wizard = self.env["recurring.task.asset.lines"].create({"task_id": task.id})
        self.assertEqual(wizard.without_names, "Nobody")
        self._split(task)
        self.assertEqual(len(task.recipient_ids), 3)

    def test_joined_lines_are_deleted_or_stopped_if_they_have_documents(self):
        task = self._create_asset_task(self.boiler, self.pump)
        self.assertEqual(self._split(task, "customer"), (1, 0, 1))
        self.assertEqual(self._get_lines(task), [["Boiler", "Pump"]])
        task = self._create_asset_task(self.boiler, self.pump)
        task.action_start()
        self._run_cron("2027-04-01 08:00:00")
        self._split(task, "customer")
        self.assertEqual(
            sorted(task.recipient_ids.mapped("state")), ["running", "stopped"]
        )

    def test_a_new_line_goes_on_like_the_first(self):
        """Of a task under way, from the next date on; own dates stay own dates."""
        task = self._create_task()
        task.recipient_ids.write({"date_start": "2027-03-20", "mail_greeting": "Hi"})
        task.action_start()
        self._run_cron("2027-04-01 08:00:00")
        self._split(task)
        new = task.recipient_ids.filtered(lambda line: line.asset_ids == self.pump)
        self.assertEqual(str(new.date_next), "2027-04-20")
        self.assertEqual(new.mail_greeting, "Hi")

    def test_an_asset_goes_to_the_nearest_address_on_the_task(self):
        shop = self._create_customer(name="Shop", parent_id=self.customer.id)
        self.pump.customer_id = shop
        task = self._create_task(customers=self.customer + shop)
        self._split(task)
        lines = {line.partner_id.name: line.asset_ids for line in task.recipient_ids}
        self.assertEqual(lines, {"Alma Books": self.boiler, "Shop": self.pump})

    def test_a_contact_stands_for_the_company(self):
        person = self._create_customer(name="Ada", parent_id=self.customer.id)
        task = self._create_task(customers=person)
        self._split(task, "customer")
        self.assertEqual(self._get_lines(task), [["Boiler", "Pump"]])

    def test_customers_are_added_with_their_assets(self):
        task = self._create_task(customers=self.other_customer)
        wizard = (
            self.env["recurring.task.add.recipients"]
            .with_user(self.biller)
            .create(
                {
                    "task_id": task.id,
                    "text": "Alma Books",
                    "asset_arrangement": "asset",
                }
            )
        )
        wizard.action_add()
        self.assertEqual(sorted(self._get_lines(task)), [[], ["Boiler"], ["Pump"]])

    def test_whoever_only_reads_may_not(self):
        task = self._create_task()
        with self.assertRaises(AccessError):
            self.env["recurring.task.asset.lines"].with_user(self.reader).create(
                {"task_id": task.id}
            )

    def test_planning_reads_all_customers_at_once(self):
        counts = []
        for count in (10, 100):
            customers = self._create_customers(count)
            self.env["maintenance.equipment"].create(
                [{"name": "Fan", "customer_id": c.id} for c in customers for _ in "12"]
            )
            task = self._create_task(customers=customers)
            with self.counting() as counted:
                plan = task._plan_assets("asset")
            counts.append(counted.statements)
            self.assertEqual((len(plan.changed), len(plan.added)), (count, count))
        self.assertLessEqual(counts[1], counts[0] + 3)

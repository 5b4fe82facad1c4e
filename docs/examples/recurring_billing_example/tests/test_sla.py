"""A criterion of SLA policies."""

from odoo.tests import tagged

from odoo.addons.crm_sla.tests.sla_case import SlaCase


@tagged("post_install", "-at_install")
class TestCountry(SlaCase):
    def test_the_policy_of_the_country_is_chosen(self):
        romania = self.env.ref("base.ro")
        policy = self._create_policy(name="Romania", country_ids=romania.ids)
        abroad = self._create_tasks(partner_id=self.customer.id)
        self.customer.country_id = romania
        here = self._create_tasks(partner_id=self.customer.id)
        self.assertEqual((abroad + here).sla_policy_id, self.policy + policy)
        self.assertIn("Romania", here.sla_explanation)

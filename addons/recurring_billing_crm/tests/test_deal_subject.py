"""The subject of a deal names the opportunity that is made on its order."""

from lxml import etree

from .test_enrolment import EnrolmentCommon


class TestDealSubject(EnrolmentCommon):
    def test_a_new_opportunity_is_named_by_the_subject(self):
        for user in (self.clerk, self.env.user):
            arch = self.env["sale.order"].with_user(user).get_view(view_type="form")
            nodes = etree.fromstring(arch["arch"]).findall(
                ".//field[@name='opportunity_id']"
            )
            self.assertTrue(nodes)
            for node in nodes:
                self.assertIn("'default_name': deal_subject", node.get("context"))
                self.assertIn("'default_partner_id': partner_id", node.get("context"))

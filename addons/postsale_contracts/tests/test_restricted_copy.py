"""People without a right in Post-Sale copy records as before."""

from .common import PostsaleCommon


class TestRestrictedCopy(PostsaleCommon):
    people = ("seller",)

    def test_a_salesperson_copies_a_customer_without_his_visits(self):
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        self.customer.visit_hours = "Mornings"
        copy = self.customer.with_user(self.seller).copy()
        self.assertTrue(copy.name)
        self.assertFalse(copy.sudo().visit_hours)

    def test_a_technician_copies_them_too(self):
        self.technician.group_ids += self.env.ref("base.group_partner_manager")
        self.customer.visit_hours = "Mornings"
        copy = self.customer.with_user(self.technician).copy()
        self.assertEqual(copy.visit_hours, "Mornings")

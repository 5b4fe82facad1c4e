"""A technician's day on his phone, and on a desktop."""

from odoo import fields
from odoo.tests import HttpCase, tagged

from .field_common import FieldCommon


class MyDayTourCase(FieldCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.job.name = "Boiler Tour"
        cls.customer.write(
            {"street": "Calle Mayor 1", "city": "Madrid", "phone": "+34 911 22 33 44"}
        )
        cls.env["postsale.checklist.line"].create(
            {"task_id": cls.job.id, "name": "Pressure"}
        )
        cls._create_product("Tour Filter", 5.0)

    def setUp(self):
        super().setUp()
        self.clock.move_to(self.env.cr.now())  # the browser's clock is the real one
        self.job.visit_date = fields.Date.today()

    def _work(self):
        self.start_tour("/odoo/my-day", "postsale_my_day", login="postsale_technician")
        job = self.job
        self.assertEqual((job.state, job.work_signed_by), ("1_done", "Ann Alma"))
        self.assertTrue(all(job.checklist_ids.mapped("done")))
        part = job.intervention_ids.filtered("product_id")
        self.assertEqual((part.product_id.name, part.quantity), ("Tour Filter", 2.0))
        (work,) = job.intervention_ids - part
        self.assertEqual(work.state, "closed")
        photo = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "project.task"),
                ("res_id", "=", job.id),
                ("mimetype", "=", "image/jpeg"),
            ]
        )
        self.assertEqual(len(photo), 1)
        self.assertTrue(job.message_ids.filtered(lambda m: "Valve replaced" in m.body))


@tagged("post_install", "-at_install", "tour")
class TestMyDayTourDesktop(MyDayTourCase):
    browser_size = "1366x768"

    def test_a_job_from_start_to_finish(self):
        self._work()


@tagged("post_install", "-at_install", "tour")
class TestMyDayTourPhone(MyDayTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_a_job_from_start_to_finish(self):
        self._work()

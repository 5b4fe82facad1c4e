"""Who may do what: a matrix over every stored or transient model of the add-on."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import SlaCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
#: What a role may do; a role that is not named may do nothing.
SETTINGS = {
    "technician": "r",
    "seller": "r",
    "planner": "rwcd",
    "sales_manager": "rwcd",
}
MATRIX = {
    "crm.sla.compliance": {"planner": "rwcd", "sales_manager": "rwcd"},
    "crm.sla.period": {"technician": "r", "planner": "r"},
    "crm.sla.policy": SETTINGS,
    "crm.task.creation": dict.fromkeys(SETTINGS, "rwcd"),
    "crm.sla.recompute": {"planner": "rwcd", "sales_manager": "rwcd"},
    "crm.sla.recompute.line": {"planner": "r", "sales_manager": "r"},
    "crm.task.reason": SETTINGS,
    "crm.task.reason.rule": SETTINGS,
}
ROLES = ("portal", "technician", "planner", "seller", "sales_manager")


@tagged("post_install", "-at_install")
class TestAccessMatrix(SlaCommon):
    def test_every_model_is_in_the_matrix(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "crm_sla" and not model._abstract
        }
        self.assertEqual(ours, set(MATRIX))

    def test_rights_are_those_of_the_matrix(self):
        for model, rights in MATRIX.items():
            for role in ROLES:
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        allowed = letter in rights.get(role, "")
                        self.assertEqual(self._may(model, role, operation), allowed)

    def _may(self, model, role, operation):
        try:
            self.env[model].with_user(getattr(self, role)).check_access(operation)
        except AccessError:
            return False
        return True

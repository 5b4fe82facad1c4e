"""Who may do what: a matrix over every stored or transient model of the add-on."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PostsaleCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
#: What a role may do; a role that is not named may do nothing.
BUSINESS = {"technician": "r", "clerk": "rwcd", "manager": "rwcd"}
SETTINGS = {"technician": "r", "clerk": "r", "manager": "rwcd"}
MATRIX = {
    "postsale.activity.billing": {"clerk": "r", "manager": "r"},
    "postsale.activity.billing.line": {"clerk": "r", "manager": "r"},
    "postsale.activity.billing.ticket": {"clerk": "r", "manager": "r"},
    "asset.history": dict.fromkeys(BUSINESS, "r"),
    "postsale.checklist.line": dict.fromkeys(BUSINESS, "rwcd"),
    "postsale.checklist.template.line": {},
    "postsale.condition": SETTINGS,
    "postsale.config": {"configurer": "rwc"},
    "postsale.contract": BUSINESS | {"portal": "r"},
    "postsale.contract.billing": {},  # for people who work with recurring billing
    "postsale.field.entry": dict.fromkeys(BUSINESS, "r"),
    "postsale.erp.channel": {"manager": "rwcd"},
    "postsale.erp.transmission": {"clerk": "r", "manager": "r"},
    "postsale.intervention": dict.fromkeys(BUSINESS, "rwcd"),
    "postsale.intervention.stage": SETTINGS,
    "postsale.renewal": {"technician": "r", "clerk": "rw", "manager": "rw"},
    "postsale.renewal.notice": {"technician": "r", "clerk": "r", "manager": "r"},
    "postsale.visit": dict.fromkeys(BUSINESS, "rw"),
    "postsale.visit.spread": {},
    "postsale.visit.spread.line": {},
    "recurring.task.asset.lines": {},
}
ROLES = (
    "portal",
    "stranger",
    "technician",
    "clerk",
    "manager",
    "configurer",
)


@tagged("post_install", "-at_install", "alone")
class TestAccessMatrix(PostsaleCommon):
    people = ("portal", "stranger", "manager", "configurer")

    def test_every_model_is_in_the_matrix(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == "postsale_contracts" and not model._abstract
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

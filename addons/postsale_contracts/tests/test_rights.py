"""Who may do what: a matrix over every stored or transient model of the add-on."""

from odoo.tests import tagged

from odoo.addons.crm_sla.tests.access_matrix import AccessMatrix

from .common import PostsaleCommon

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
class TestAccessMatrix(AccessMatrix, PostsaleCommon):
    people = ("portal", "stranger", "manager", "configurer")

    module = "postsale_contracts"
    matrix = MATRIX
    roles = ROLES

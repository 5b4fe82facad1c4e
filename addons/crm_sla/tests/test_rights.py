"""Who may do what: a matrix over every stored or transient model of the add-on."""

from odoo.tests import tagged

from .access_matrix import AccessMatrix
from .common import SlaCommon

#: What a role may do; a role that is not named may do nothing.
SETTINGS = {
    "technician": "r",
    "seller": "r",
    "planner": "rwcd",
    "sales_manager": "rwcd",
}
SALES_FIGURES = {"seller": "r", "sales_manager": "r"}
MATRIX = {
    "crm.sla.compliance": {"planner": "rwcd", "sales_manager": "rwcd"},
    "crm.portfolio": {"seller": "r", "sales_manager": "rwcd"},
    "crm.portfolio.fill": {"sales_manager": "rwcd"},
    "crm.portfolio.line": {"seller": "r", "sales_manager": "rwcd"},
    "crm.portfolio.progress": {"sales_manager": "r"},
    "crm.portfolio.upload": {"sales_manager": "rwcd"},
    "crm.sla.period": {"technician": "r", "planner": "r"},
    "crm.sla.policy": SETTINGS,
    "crm.sla.recompute": {"planner": "rwcd", "sales_manager": "rwcd"},
    "crm.sla.recompute.line": {"planner": "r", "sales_manager": "r"},
    "crm.task.creation": dict.fromkeys(SETTINGS, "rwcd"),
    "crm.task.reason": SETTINGS,
    "crm.task.reason.rule": SETTINGS,
    "sale.signature.document": {},
    "sale.signature.evidence": {"seller": "r", "sales_manager": "r"},
    "sale.activity.report": SALES_FIGURES,
    "sale.quotation.event": SALES_FIGURES,
    "sale.quotation.report": SALES_FIGURES,
    "sale.quotation.timeline": SALES_FIGURES,
}
ROLES = ("portal", "technician", "planner", "seller", "sales_manager")


@tagged("post_install", "-at_install")
class TestAccessMatrix(AccessMatrix, SlaCommon):
    module = "crm_sla"
    matrix = MATRIX
    roles = ROLES

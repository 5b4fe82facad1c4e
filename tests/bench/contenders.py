"""Who is measured. The adapters themselves are modules of `bench.inside`."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Contender:
    """One way to make the invoices.

    adapter: module of `bench.inside` that seeds and generates
    modules: add-ons of its template, on top of the base database
    state: in which the invoices end; the figures of two states cannot be compared
    largest: N above which measuring it is a waste, for the reason in `remark`
    rounds: how often it is measured at the size that is repeated
    cost: rough CPU milliseconds per invoice, seeding included; only for the estimate
    """

    key: str
    label: str
    adapter: str
    cost: float
    mode: str = ""
    modules: tuple = ()
    state: str = "posted"
    largest: int = 10**9
    rounds: int = 1
    remark: str = ""


OURS = Contender(
    "ours",
    "recurring_billing (this suite)",
    "ours",
    cost=35,
    modules=("recurring_billing",),
    rounds=5,
    remark="posted; ledger, run and report to the responsible included",
)
CONTRACT = Contender(
    "contract",
    "OCA contract + auto-validate",
    "oca_contract",
    cost=100,
    modules=("contract", "contract_invoice_auto_validate"),
    largest=3000,
    rounds=5,
    remark="posted; above 3,000 left out: a quarter of an hour for one figure",
)
BEST = Contender(
    "best",
    "bare Odoo, best honest batch",
    "bare",
    cost=26,
    mode="best",
    largest=3000,
    rounds=5,
    remark="batches of 200, product and tax items handed over complete, and core kept"
    " from undoing the reconciliation of nothing; no ledger, no recurrence; above 3,000"
    " left out: it only grows linearly",
)
CONTENDERS = (
    OURS,
    CONTRACT,
    BEST,
    Contender(
        "batch",
        "bare Odoo, plain batch",
        "bare",
        cost=42,
        mode="batch",
        largest=1000,
        remark="create and post in batches of 200, a commit after each; above 1,000"
        " left out: it only grows linearly",
    ),
    Contender(
        "ui",
        "bare Odoo, as the user interface",
        "bare",
        cost=133,
        mode="ui",
        largest=1000,
        remark="create, then Confirm, one by one, a commit after each; above 1,000"
        " left out: it only grows linearly",
    ),
    Contender(
        "subscription",
        "OCA subscription_oca, drafts",
        "oca_subscription",
        cost=140,
        mode="draft",
        modules=("subscription_oca",),
        state="draft",
        largest=1000,
        remark="drafts only; above 1,000 left out: several minutes for one figure",
    ),
    Contender(
        "subscription-invoice",
        "OCA subscription_oca, posted",
        "oca_subscription",
        cost=700,
        mode="invoice",
        modules=("subscription_oca",),
        largest=100,
        remark="prints (with `report.print_delay` 0) and mails each invoice as well,"
        " which cannot be switched off; only up to 100",
    ),
)
BY_KEY = {contender.key: contender for contender in CONTENDERS}

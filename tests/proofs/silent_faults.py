"""Faults with which Odoo itself would issue a wrong document without a word.

Runs inside an `odoo shell`, see ``fault_bench``. All belong to tasks that were in order
when they were started.
"""

from odoo import Command

from .fault_bench import fault

#: Nothing may be issued while one of these is there.


@fault
def archived_customer(bench):
    customer = bench.customer()
    bench.start(customer)
    yield
    customer.action_archive()


@fault
def archived_invoice_address(bench):
    customer, address = bench.customer(), bench.make("res.partner")
    task = bench.start(customer)
    task.recipient_ids.partner_invoice_id = address
    yield
    address.action_archive()


@fault
def customer_of_another_company(bench):
    customer = bench.customer()
    bench.start(customer)
    yield
    # Odoo refuses it while there are entries, an import or a merge does not.
    customer.flush_recordset()
    bench.env.cr.execute(
        "UPDATE res_partner SET company_id = %s WHERE id = %s",
        (bench.make("res.company").id, customer.id),
    )


@fault
def archived_product(bench):
    product = bench.make("product.product")
    bench.start(bench.customer(), line={"product_id": product.id, "price_unit": 5})
    yield
    product.action_archive()


@fault
def archived_tax(bench):
    tax = bench.make("account.tax", amount=7)
    bench.start(bench.customer(), line={"tax_ids": [Command.set(tax.ids)]})
    yield
    tax.active = False


@fault
def archived_tax_of_the_fiscal_position(bench):
    tax = bench.make("account.tax", amount=7)
    position = bench.make("account.fiscal.position")
    foreign = bench.make(
        "account.tax",
        name=f"abroad of {bench.name}",
        amount=0,
        fiscal_position_ids=[Command.set(position.ids)],
        original_tax_ids=[Command.set(tax.ids)],
    )
    customer = bench.customer(property_account_position_id=position.id)
    bench.start(customer, line={"tax_ids": [Command.set(tax.ids)]})
    yield
    foreign.active = False


@fault
def archived_fiscal_position(bench):
    position = bench.make("account.fiscal.position")
    bench.start(bench.customer(property_account_position_id=position.id))
    yield
    position.active = False


@fault
def archived_payment_terms(bench):
    terms = bench.make("account.payment.term")
    bench.start(bench.customer(), payment_term_id=terms.id)
    yield
    terms.active = False


@fault
def archived_payment_terms_of_the_customer(bench):
    terms = bench.make("account.payment.term")
    bench.start(bench.customer(property_payment_term_id=terms.id))
    yield
    terms.active = False


@fault
def archived_pricelist(bench):
    pricelist = bench.pricelist()
    bench.start(bench.customer(), price_mode="pricelist", pricelist_id=pricelist.id)
    yield
    pricelist.active = False


@fault
def archived_pricelist_of_the_customer(bench):
    pricelist = bench.pricelist()
    customer = bench.customer(property_product_pricelist=pricelist.id)
    bench.start(customer, price_mode="pricelist")
    yield
    pricelist.active = False


@fault
def archived_journal(bench):
    journal = bench.journal()
    bench.start(bench.customer(), journal_id=journal.id)
    yield
    journal.active = False


@fault
def archived_account(bench):
    account = bench.account("income")
    product = bench.make("product.product", property_account_income_id=account.id)
    bench.start(bench.customer(), line={"product_id": product.id, "price_unit": 5})
    yield
    account.active = False


@fault
def no_exchange_rate(bench):
    currency = bench.currency("CHF")
    bench.start(bench.customer(), currency_id=currency.id)
    yield
    currency.rate_ids.unlink()


@fault
def no_exchange_rate_for_the_pricelist(bench):
    currency = bench.currency("SEK")
    pricelist = bench.pricelist(currency_id=currency.id)
    customer = bench.customer(property_product_pricelist=pricelist.id)
    bench.start(customer, price_mode="pricelist")
    yield
    currency.rate_ids.unlink()


@fault
def total_of_zero(bench):
    task = bench.start(bench.customer())
    yield
    task.line_ids.price_unit = 0


@fault
def total_of_zero_by_pricelist(bench):
    pricelist = bench.pricelist()
    customer = bench.customer(property_product_pricelist=pricelist.id)
    bench.start(customer, price_mode="pricelist")
    yield
    pricelist.item_ids.fixed_price = 0


@fault
def no_address(bench):
    """The company's setting holds what cannot be mailed."""
    customer = bench.customer()
    bench.start(customer, completion="send")
    yield
    customer.email = False


# Each of these needs the company for itself: the period of the first date is locked.


def _lock(bench, name):
    bench.start(bench.customer())
    yield
    bench.env.company[name] = bench.date_start
    yield
    bench.env.company[name] = False


@fault
def locked_fiscal_year(bench):
    return _lock(bench, "fiscalyear_lock_date")


@fault
def locked_sales(bench):
    return _lock(bench, "sale_lock_date")


@fault
def locked_taxes(bench):
    return _lock(bench, "tax_lock_date")


@fault
def locked_for_good(bench):
    """Nobody can undo it: the last one."""
    bench.start(bench.customer())
    yield
    bench.env.company.hard_lock_date = bench.date_start


# Told, and yet no reason to issue nothing.


@fault
def no_address_is_no_hindrance(bench):
    """By the company's setting: issued, and listed as not sent."""
    customer = bench.customer()
    bench.start(customer, completion="send")
    yield
    customer.email = False


@fault
def stopped_customer(bench):
    """Not due at all: the line says why."""
    task = bench.start(bench.customer(), bench.customer())
    yield
    task.recipient_ids.action_stop()

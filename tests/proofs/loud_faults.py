"""Faults that raise while a document is made, each for one customer.

Runs inside an `odoo shell`, see ``fault_bench``. "Shared" ones sit in the middle of
hundreds of customers who are in order, the others have a task of their own.
"""

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError, ValidationError

from .fault_bench import fault


def _raise_for(bench, customer, error):
    """Have the posting raise for this customer, as a check of an add-on would.

    :return: call it, and the check is satisfied
    """
    registered = bench.env.registry["account.move"]
    if not hasattr(registered._post, "errors"):
        original, errors = registered._post, {}

        def post(moves, *args, **kwargs):
            for partner in moves.partner_id:
                if partner.id in errors:
                    raise errors[partner.id]
            return original(moves, *args, **kwargs)

        post.errors = errors
        registered._post = post
    errors = registered._post.errors
    errors[customer.id] = error
    return lambda: errors.pop(customer.id)


# === A CUSTOMER AMONG OTHERS === #


@fault
def error_in_the_database(bench):
    customer = bench.join(bench.customer())
    yield
    bench.env.cr.execute(
        f"""
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the auditors say no'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON account_move FOR EACH ROW
        WHEN (NEW.partner_id = {customer.id}) EXECUTE FUNCTION refuse();
        """
    )
    yield
    bench.env.cr.execute("DROP TRIGGER refuse ON account_move")


@fault
def broken_constraint(bench):
    customer = bench.join(bench.customer())
    yield
    bench.env.cr.execute(
        "ALTER TABLE account_move ADD CONSTRAINT not_him"
        f" CHECK (partner_id != {customer.id} OR state != 'posted')"
    )
    yield
    bench.env.cr.execute("ALTER TABLE account_move DROP CONSTRAINT not_him")


@fault
def error_in_python(bench):
    customer = bench.join(bench.customer())
    yield
    error = ZeroDivisionError("somebody's add-on")
    mend = _raise_for(bench, customer, error)
    yield
    mend()


@fault
def blocked_by_a_warning(bench):
    """Odoo 19's own warnings on customers block nothing; add-ons still do it."""
    customer = bench.join(bench.customer())
    yield
    error = UserError("This customer is blocked: unpaid invoices.")
    mend = _raise_for(bench, customer, error)
    yield
    mend()


@fault
def warning_with_a_button(bench):
    customer = bench.join(bench.customer())
    yield
    error = RedirectWarning("The mandate has expired.", 1, "Go to the mandate")
    mend = _raise_for(bench, customer, error)
    yield
    mend()


@fault
def refused_by_a_check(bench):
    customer = bench.join(bench.customer())
    yield
    error = ValidationError("The tax number is missing.")
    mend = _raise_for(bench, customer, error)
    yield
    mend()


@fault
def archived_receivable_account(bench):
    account = bench.account("asset_receivable")
    bench.join(bench.customer(property_account_receivable_id=account.id))
    yield
    account.active = False
    yield
    account.active = True


@fault
def customer_of_another_company(bench):
    customer = bench.join(bench.customer())
    yield
    # Odoo refuses it while there are entries, an import or a merge does not.
    customer.flush_recordset()
    bench.env.cr.execute(
        "UPDATE res_partner SET company_id = %s WHERE id = %s",
        (bench.make("res.company").id, customer.id),
    )
    yield
    customer.company_id = False


@fault
def archived_customer(bench):
    customer = bench.join(bench.customer())
    yield
    customer.action_archive()
    yield
    customer.action_unarchive()


# === A TASK OF ITS OWN === #


@fault
def archived_journal(bench):
    journal = bench.journal()
    bench.start(bench.customer(), journal_id=journal.id)
    yield
    journal.active = False
    yield
    journal.active = True


@fault
def archived_account(bench):
    account = bench.account("income")
    product = bench.make("product.product", property_account_income_id=account.id)
    bench.start(bench.customer(), line={"product_id": product.id, "price_unit": 5})
    yield
    account.active = False
    yield
    account.active = True


@fault
def inactive_currency(bench):
    currency = bench.currency("CHF")
    bench.start(bench.customer(), currency_id=currency.id)
    yield
    currency.active = False
    yield
    currency.active = True


@fault
def archived_product(bench):
    product = bench.make("product.product")
    bench.start(bench.customer(), line={"product_id": product.id, "price_unit": 5})
    yield
    product.action_archive()
    yield
    product.action_unarchive()


@fault
def negative_total(bench):
    task = bench.start(bench.customer())
    yield
    task.line_ids.price_unit = -100
    yield
    task.line_ids.price_unit = 100


@fault
def no_lines(bench):
    task = bench.start(bench.customer())
    yield
    task.line_ids.unlink()
    yield
    task.line_ids = [Command.create({"product_id": bench.product.id})]


@fault
def unknown_time_zone(bench):
    """Zones come and go with the server's tzdata."""
    task = bench.start(bench.customer())
    yield
    task.flush_recordset()
    for table, column in (
        ("recurring_task", "id"),
        ("recurring_task_recipient", "task_id"),
    ):
        bench.env.cr.execute(
            f"UPDATE {table} SET tz = 'Mars/Olympus' WHERE {column} = %s", (task.id,)
        )
    yield
    task.tz = "UTC"


# === NO FAULTS AFTER ALL === #


def harmless(function):
    function.is_harmless = True
    return fault(function)


@harmless
def merged_customer(bench):
    """Two records of one customer were made one: the survivor gets the document."""
    customer, survivor = bench.join(bench.customer()), bench.customer()
    yield
    merge = bench.env["base.partner.merge.automatic.wizard"].create({})
    merge._merge((customer | survivor).ids, survivor)


@harmless
def deleted_customer(bench):
    """Odoo refuses to delete who is on a task."""
    customer = bench.join(bench.customer())
    yield
    try:
        with bench.env.cr.savepoint():
            customer.unlink()
    except (UserError, ValidationError):
        return
    except Exception as error:
        if "violates" not in str(error):
            raise
        bench.env.invalidate_all()


@harmless
def sales_warning(bench):
    """A text that Odoo shows to people; it stops nothing."""
    customer = bench.join(bench.customer())
    yield
    customer.sale_warn_msg = "Ask for the order number!"


# === THE DOCUMENT IS GOOD, THE E-MAIL CANNOT BE MADE === #


@harmless
def broken_mail_template(bench):
    template = bench.env.ref("account.email_template_edi_invoice").copy()
    customer = bench.customer()
    bench.start(customer, completion="send", mail_template_id=template.id)
    yield
    template.flush_recordset()
    bench.env.cr.execute(
        "UPDATE mail_template SET subject = jsonb_build_object("
        " 'en_US', '{{ object.no_such_field }}') WHERE id = %s",
        (template.id,),
    )

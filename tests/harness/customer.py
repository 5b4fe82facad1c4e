"""What a customer does on his page of a quotation or an invoice."""


def sign(browser):
    """Accept a quotation under the name that the page proposes."""
    browser.click("main a[data-bs-target='#modalaccept']")
    browser.click("#modalaccept .o_portal_sign_submit")
    browser.wait_for(
        "the page after the signature", "location.search.includes('sign_ok')"
    )


def pay(browser):
    """Choose the demo provider, pay, and wait until the order or invoice is back.

    :return: what the form asked for
    """
    form = "form#o_payment_form"
    browser.click(f"{form} [name=o_payment_radio][data-provider-code=demo]")
    browser.type(f"{form} #customer_input", "4242 4242 4242 4242")
    asked = float(browser.evaluate(f"document.querySelector('{form}').dataset.amount"))
    browser.click(f"{form} [name=o_payment_submit_button]")
    browser.wait_for(
        "the page after the payment",
        "location.pathname.startsWith('/my/') && !location.search.includes('payment_')"
        r" && /\bPaid\b|payment has been processed/.test(document.body.innerText)",
        timeout=120,
    )
    return asked

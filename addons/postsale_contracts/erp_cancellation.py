"""The message that takes an order back: UBL 2.1 OrderCancellation. Pure: no Odoo."""

from copy import deepcopy

from lxml import etree

NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:OrderCancellation-2"
CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
PARTIES = ("BuyerCustomerParty", "SellerSupplierParty")


def build_cancellation(order_xml, version, day, note):
    """The cancellation of an order that was handed over.

    :param bytes order_xml: the order as it was sent: its number and parties are taken
        over, so that the receiver finds what it knows
    :param int version: of this message
    :param date day: of the cancellation
    :param str note: why, for a person to read
    :rtype: bytes
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    order = etree.fromstring(order_xml, parser)
    number = order.findtext(f"{{{CBC}}}ID")
    root = etree.Element(
        f"{{{NAMESPACE}}}OrderCancellation",
        nsmap={None: NAMESPACE, "cac": CAC, "cbc": CBC},
    )
    for name, value in (
        ("UBLVersionID", "2.1"),
        ("ID", f"{number}-{version}"),
        ("IssueDate", day.isoformat()),
        ("CancellationNote", note),
    ):
        etree.SubElement(root, f"{{{CBC}}}{name}").text = value
    reference = etree.SubElement(root, f"{{{CAC}}}OrderReference")
    etree.SubElement(reference, f"{{{CBC}}}ID").text = number
    for name in PARTIES:
        root.append(deepcopy(order.find(f"{{{CAC}}}{name}")))
    etree.cleanup_namespaces(root, keep_ns_prefixes=["cac", "cbc"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")

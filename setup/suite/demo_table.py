"""The table that ends the demo: what was issued, what was sent, what failed and why."""

from collections import Counter, defaultdict

ISSUED = ("generated", "sent")
# What a person has to look at; void and skipped rows are somebody's decision.
TROUBLE = ("failed", "held")
ACCEPTED = ("sent",)
UNDELIVERED = ("refused", "unknown", "no_address", "blocked", "deferred")


def print_table(client):
    if not client.has_model("recurring.occurrence"):
        print("\nThe add-on recurring_billing is not installed: nothing was issued.")
        return
    rows = client.call(
        "recurring.occurrence",
        "search_read",
        [],
        fields=[
            "task_id",
            "partner_id",
            "state",
            "amount_total",
            "currency_id",
            "error",
            "scheduled_date",
        ],
        order="id",
    )
    kinds = _kinds(client, rows)
    _print_documents(rows, kinds)
    _print_mails(client)
    _print_troubles(rows)


def _kinds(client, rows):
    """{task id: label of its kind of document}"""
    labels = client.labels("recurring.task", "document_type")
    tasks = sorted({row["task_id"][0] for row in rows if row["task_id"]})
    found = client.call("recurring.task", "read", tasks, ["document_type"])
    return {task["id"]: labels.get(task["document_type"], "?") for task in found}


def _print_documents(rows, kinds):
    issued, other = Counter(), Counter()
    totals = defaultdict(Counter)
    for row in rows:
        kind = kinds.get(row["task_id"] and row["task_id"][0], "?")
        if row["state"] in ISSUED:
            issued[kind] += 1
            currency = row["currency_id"][1] if row["currency_id"] else "?"
            totals[kind][currency] += round(row["amount_total"], 2)
        else:
            other[kind] += 1
    lines = [("Document", "issued", "not issued", "total")]
    for kind in sorted(set(issued) | set(other)):
        amounts = _amounts(totals[kind])
        lines.append((kind, str(issued[kind]), str(other[kind]), amounts))
    everything = Counter()
    for amounts in totals.values():
        everything.update(amounts)
    lines.append(("All", str(issued.total()), str(other.total()), _amounts(everything)))
    print()
    _print_lines(lines)


def _amounts(totals):
    found = [f"{amount:,.2f} {name}" for name, amount in sorted(totals.items())]
    return " + ".join(found) or "-"


def _print_lines(lines):
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for number, line in enumerate(lines):
        first = line[0].ljust(widths[0])
        middle = [
            cell.rjust(width)
            for cell, width in zip(line[1:-1], widths[1:-1], strict=True)
        ]
        print("  ".join([first, *middle, line[-1]]))
        if number in (0, len(lines) - 2):
            print("-" * (sum(widths) + 2 * (len(widths) - 1)))


def _print_mails(client):
    rows = client.call(
        "document.delivery",
        "search_read",
        [],
        fields=["state", "reason", "email_to", "partner_id"],
        order="id",
    )
    labels = client.labels("document.delivery", "state")
    states = Counter(row["state"] for row in rows)
    accepted = sum(states[state] for state in ACCEPTED)
    print(f"\nE-mails accepted by the mail server: {accepted} of {len(rows)}")
    for row in rows:
        if row["state"] in UNDELIVERED:
            who = row["email_to"] or (row["partner_id"] or (0, "?"))[1]
            print(f"  {labels[row['state']]}: {who}: {_one_line(row['reason'])}")


def _print_troubles(rows):
    found = [row for row in rows if row["state"] in TROUBLE]
    print(f"\nDocuments that failed or wait for a person: {len(found)}")
    for row in found:
        task, partner = (row[f] and row[f][1] or "?" for f in ("task_id", "partner_id"))
        where = f"{task} / {partner} / {row['scheduled_date']}"
        print(f"  {where}: {_one_line(row['error'])}")


def _one_line(text):
    return " ".join(str(text or "no reason given").split())

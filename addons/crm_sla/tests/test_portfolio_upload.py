"""A filled template on its way: down, edited, up; refused files come back."""

import base64
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .portfolio_common import PortfolioCommon

HEADINGS = ["Customer", "Initial billing", "Recommended value", "Final billing"]


class UploadCommon(PortfolioCommon):
    def _get_values(self):
        """What the portfolio holds, by customer."""
        self.env.invalidate_all()
        return {
            line.partner_id.name: (
                line.billing_initial,
                line.value_recommended,
                line.billing_uploaded if line.is_billing_uploaded else None,
                line.agent_custom_id.login,
            )
            for line in self.portfolio.line_ids
        }

    def _edit(self, content, changes):
        """The file with other values in some cells."""
        book = self._open(content)
        for name, value in changes.items():
            book.worksheets[0][name] = value
        return self._save(book)

    def _get_errors(self, upload):
        """The copy that came back: sheet, and its last column by number of the row."""
        sheet = self._open(base64.b64decode(upload.file_errors)).worksheets[0]
        column = [row[-1] for row in sheet.iter_rows()]
        return sheet, {cell.row: cell.value for cell in column if cell.value}


@tagged("post_install", "-at_install")
class TestPortfolioTemplate(UploadCommon):
    def setUp(self):
        super().setUp()
        self.line = self._add_line(
            billing_initial=300.25,
            value_recommended=330,
            agent_custom_id=self.seller.id,
        )
        self._add_line(self.borja, billing_uploaded=12)
        self._bill(self.alma, 500)
        self.book = self._open(self._get_template())
        self.sheet = self.book.worksheets[0]

    def test_columns_and_values(self):
        rows = list(self.sheet.iter_rows(values_only=True))
        self.assertEqual(
            rows[0][1:],
            (
                "Customer",
                "Tax id or reference",
                "Initial billing",
                "Recommended value",
                "Final billing",
                "Billing difference",
                "Custom agent (e-mail)",
                "Invoiced in the period",
            ),
        )
        self.assertEqual(
            rows[1][1:],
            (
                *("Alma Books", "ESA1", 300.25, 330, None, 199.75),
                *("seller@example.com", 500),
            ),
        )
        self.assertEqual(rows[2][3:8], (0, 0, 12, 12, None))

    def test_keys_are_hidden_and_locked_inputs_are_open(self):
        self.assertTrue(self.sheet.protection.sheet)
        self.assertTrue(self.sheet.column_dimensions["A"].hidden)
        locked = [
            self.sheet.cell(2, column).protection.locked for column in range(1, 10)
        ]
        self.assertEqual(
            locked, [True, True, True, False, False, False, True, False, True]
        )
        free = self.sheet.cell(4, 2)
        self.assertFalse(free.protection.locked)

    def test_cells_ask_for_amounts_and_agents(self):
        rules = {
            str(rule.sqref).partition("2:")[0]: rule
            for rule in self.sheet.data_validations.dataValidation
        }
        self.assertEqual({rules[c].type for c in "DEF"}, {"decimal"})
        self.assertEqual(rules["E"].formula1, "0")
        self.assertEqual(rules["H"].type, "list")
        agents, help_sheet = self.book.worksheets[1:]
        self.assertEqual(agents.sheet_state, "hidden")
        emails = [cell.value for cell in agents["A"]]
        self.assertIn("other_seller@example.com", emails)
        self.assertNotIn("portal_customer@example.com", emails)
        self.assertEqual(help_sheet["A1"].value, "How to fill in this file")

    def test_no_cell_is_a_formula(self):
        for start in ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'):
            self._add_line(self._create_customer(f"{start} Co", ref=start))
        book = self._open(self._get_template())
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertGreater(len(cells), 50)
        self.assertEqual(
            [cell.coordinate for cell in cells if cell.data_type == "f"], []
        )


@tagged("post_install", "-at_install")
class TestPortfolioRoundTrip(UploadCommon):
    def setUp(self):
        super().setUp()
        self._add_line(
            billing_initial=300.1, value_recommended=330, agent_custom_id=self.seller.id
        )
        self._add_line(self.borja, billing_initial=-5, billing_uploaded=0.0)
        self._add_line(self._create_customer("=1+1 \u202eCo"), billing_initial=0.07)

    def test_down_and_up_changes_nothing(self):
        before = self._get_values()
        content = self._get_template()
        writes = []
        line_class = self.env.registry["crm.portfolio.line"]
        with (
            patch.object(line_class, "write", lambda *_args: writes.append(_args)),
            patch.object(line_class, "create", lambda *_args: writes.append(_args)),
        ):
            upload = self._upload(content)
        self.assertEqual((upload.state, upload.unchanged_count), ("done", 3))
        self.assertIn("Nothing changed", upload.message)
        self.assertFalse(writes)
        self.assertEqual(self._get_values(), before)

    def test_exactly_what_was_edited_changes(self):
        before = self._get_values()
        content = self._edit(
            self._get_template(),
            {"D2": 999, "F2": 1000.5, "H2": "Other <other_seller@example.com>"},
        )
        upload = self._upload(content)
        self.assertEqual((upload.changed_count, upload.unchanged_count), (1, 2))
        changed = {**before}
        name = self._open(content).worksheets[0]["B2"].value
        values = list(before[name])
        self.assertEqual(name, "=1+1 Co".replace(" C", " \u202eC"))
        values[0], values[2], values[3] = 999, 1000.5, "other_seller"
        changed[name] = tuple(values)
        self.assertEqual(self._get_values(), changed)
        again = self._upload(content)
        self.assertEqual((again.changed_count, again.unchanged_count), (0, 3))
        self.assertIn("Nothing changed", again.message)

    def test_agents_with_one_address_are_told_apart(self):
        self.other_seller.partner_id.email = self.seller.email
        self.sales_manager.partner_id.email = False
        for customer, agent in (
            (self.carla, self.other_seller),
            (self._create_customer("Dora Dance"), self.sales_manager),
        ):
            self._add_line(customer, agent_custom_id=agent.id)
        upload = self._upload(self._get_template())
        self.assertEqual(upload.unchanged_count, 5, upload.message)
        upload = self._upload(
            self._make_file(
                ["Customer", "Custom agent"],
                ["Alma Books", 0],
                ["Carla Cakes", "sales_manager"],
                ["Borja Bikes", "seller@example.com"],
            )
        )
        self.assertIn("“0” is no e-mail address", upload.message)
        self.assertIn("belongs to several users", upload.message)

    def test_emptied_cells_give_back_invoices_and_salesperson(self):
        content = self._get_template()
        self._upload(self._edit(content, {"F4": None, "H3": None}))
        values = self._get_values()
        self.assertEqual(values["Borja Bikes"][2], None)
        self.assertEqual(values["Alma Books"][3], False)

    def test_customers_are_added_by_reference_or_name(self):
        content = self._edit(
            self._get_template(), {"B5": "Carla Cakes", "D5": 4, "H5": ""}
        )
        upload = self._upload(content)
        self.assertEqual((upload.new_count, upload.unchanged_count), (1, 3))
        self.assertEqual(self._get_values()["Carla Cakes"], (4, 0, None, False))

    def test_rows_may_be_sorted_but_not_torn_apart(self):
        book = self._open(self._get_template())
        sheet = book.worksheets[0]
        rows = [[cell.value for cell in sheet[number]] for number in (2, 3, 4)]
        for number, values in zip((4, 2, 3), rows, strict=True):
            for column, value in enumerate(values, start=1):
                cell = sheet.cell(number, column)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # openpyxl takes "=…" for a formula
        self.assertEqual(self._upload(self._save(book)).unchanged_count, 3)
        for number, values in zip((2, 3, 4), rows, strict=True):  # one column only
            sheet.cell(number, 1).value = values[0]
        upload = self._upload(self._save(book))
        self.assertEqual((upload.state, upload.error_count), ("refused", 3))
        self.assertIn("sort whole rows", upload.message)


@tagged("post_install", "-at_install")
class TestPortfolioUpload(UploadCommon):
    def test_old_headings_in_any_order(self):
        self._bill(self.alma, 500)
        upload = self._upload(
            self._make_file(
                ["Cartera 2026"],
                ["Valor final", "NIF", "Diferencia valor", "Valor inicial", "Notas"]
                + ["VALOR  OBJETIVO:", "Cliente"],
                [7, "ES-A1", "=A3-D3", 5, "hola", 6, "Alma Books"],
                [None, "C-2", None, 1, None, 2, None],
            )
        )
        self.assertEqual(upload.state, "done", upload.message)
        self.assertEqual(
            self._get_values(),
            {"Alma Books": (5, 6, 7, False), "Borja Bikes": (1, 2, None, False)},
        )

    def test_new_spanish_headings(self):
        upload = self._upload(
            self._make_file(
                ["Cliente", "Billing inicial", "Valor recomendado", "Billing final"]
                + ["Billing diferencia", "Agente personalizado"],
                ["Carla Cakes", 1, 2, 3, 99, "seller@example.com"],
            )
        )
        self.assertEqual(upload.state, "done", upload.message)
        self.assertEqual(self._get_values(), {"Carla Cakes": (1, 2, 3, "seller")})
        self.assertEqual(self.portfolio.line_ids.billing_difference, 2)
        self.assertEqual(self.portfolio.line_ids.agent_id, self.seller)

    def test_columns_that_are_missing_stay(self):
        self._add_line(billing_initial=5, billing_uploaded=9)
        self._upload(
            self._make_file(["Customer", "Recommended value"], ["Alma Books", 3])
        )
        self.assertEqual(self._get_values(), {"Alma Books": (5, 3, 9, False)})

    def test_every_error_of_every_row_comes_back_beside_it(self):
        self._create_customer("Twin")
        self._create_customer("Twin")
        self._add_line(billing_initial=5)
        content = self._make_file(
            [*HEADINGS, "Tax id or reference", "Custom agent"],
            ["Alma Books", 1, 2, 3, None, "seller@example.com"],
            ["Nobody", "many", -1, "=1+1", None, "x"],
            ["Twin", 1, 2, 3, None, "portal_customer@example.com"],
            [None, 1, None, None, None, None],
            ["Alma Books", 1, 2, 3, None, None],
            ["Borja Bikes", 1, 2, 3, "C-1", None],
            ["Borja Bikes", 1, 2, 3, "C-9", None],
        )
        upload = self._upload(content)
        self.assertEqual((upload.state, upload.error_count), ("refused", 6))
        self.assertEqual(self._get_values(), {"Alma Books": (5, 0, None, False)})
        sheet, errors = self._get_errors(upload)
        self.assertEqual(errors[1], "Errors")
        for row, texts in {
            3: ["“Nobody” is no customer", "(B3): is not an amount"]
            + ["(C3): cannot be negative", "(D3): holds a formula"]
            + ["(F3): “x” is no e-mail"],
            4: ["fits several customers", "no active internal user"],
            5: ["says no customer"],
            6: ["the same customer as in row 2"],
            7: ["the row belongs to Alma Books"],
            8: ["“C-9” is no tax id"],
        }.items():
            for text in texts:
                self.assertIn(text, errors[row])
        self.assertNotIn(2, errors)
        self.assertIn("no customer", sheet["A3"].comment.text)
        self.assertIn("formula", sheet["D3"].comment.text)
        self.assertIsNone(sheet["A2"].comment)
        self.assertEqual((sheet["A3"].value, sheet["D3"].data_type), ("Nobody", "s"))

    def test_a_corrected_copy_is_read(self):
        content = self._make_file(HEADINGS, ["Nobody", 1, 2, 3], ["Borja Bikes", 4])
        refused = self._upload(content)
        copy = self._edit(base64.b64decode(refused.file_errors), {"A2": "Alma Books"})
        upload = self._upload(copy)
        self.assertEqual((upload.state, upload.new_count), ("done", 2), upload.message)

    def test_the_file_with_errors_is_mailed_to_whoever_uploaded_it(self):
        upload = self._upload(self._make_file(HEADINGS, ["Nobody", 1, 2, 3]))
        mail = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.sales_manager.partner_id.ids)], limit=1
        )
        self.assertEqual(mail.state, "outgoing")
        self.assertIn("list.xlsx", mail.subject)
        self.assertIn("is no customer", mail.body_html)
        self.assertEqual(mail.attachment_ids.raw, base64.b64decode(upload.file_errors))
        self.assertEqual(mail.attachment_ids.name, "list - Errors.xlsx")

    def test_without_an_address_the_screen_says_so(self):
        self.sales_manager.partner_id.email = False
        before = self.env["mail.mail"].search_count([])
        upload = self._upload(self._make_file(HEADINGS, ["Nobody", 1, 2, 3]))
        self.assertIn("You have no e-mail address", upload.message)
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_customers_of_other_companies_are_unknown(self):
        other = self.env["res.company"].create({"name": "Other Co"})
        self.sales_manager.company_ids |= other
        self._create_customer("Hidden", company_id=other.id, ref="H-1")
        for row in (["Hidden", 1], [None, 1, None, None, "H-1"]):
            upload = self._upload(
                self._make_file([*HEADINGS, "Tax id or reference"], row)
            )
            self.assertEqual(upload.state, "refused")
            self.assertIn("of this company", upload.message)

    def test_keys_of_other_portfolios_and_changed_keys_are_refused(self):
        self._add_line()
        other = self._create_portfolio(name="Other")
        own = self.portfolio._get_key(self.alma.id)
        for key, text in (
            (other._get_key(self.alma.id), "another portfolio"),
            (own.replace(str(self.alma.id), str(self.borja.id), 1), "was changed"),
            (own[:-1] + ("0" if own[-1] != "0" else "1"), "was changed"),
            ("1-1-0000000000000000", "was changed"),
            ("'; DROP TABLE res_partner; --", "was changed"),
        ):
            with self.subTest(key=key):
                upload = self._upload(
                    self._make_file(
                        ["Portfolio key", "Customer", "Initial billing"],
                        [key, "Alma Books", 77],
                    )
                )
                self.assertEqual(upload.state, "refused")
                self.assertIn(text, upload.message)
        self.assertEqual(self._get_values(), {"Alma Books": (0, 0, None, False)})

    def test_a_file_is_uploaded_once(self):
        upload = self._upload(self._make_file(HEADINGS, ["Alma Books", 1, 2, 3]))
        with self.assertRaisesRegex(UserError, "make a new upload"):
            upload.action_upload()
        with self.assertRaisesRegex(UserError, "make a new upload"):
            upload.file = base64.b64encode(b"other")

    def test_results_are_not_written_by_hand(self):
        upload = self._create_upload(b"x")
        for values in ({"state": "done"}, {"message": "x"}, {"file_errors": b"eA=="}):
            with self.assertRaises(AccessError):
                upload.write(values)
            with self.assertRaises(AccessError):
                self._create_upload(b"x", **values)
        other = upload.with_context(default_state="done").create(
            {"portfolio_id": self.portfolio.id, "file": b"eA=="}
        )
        self.assertEqual(other.state, "draft")


@tagged("post_install", "-at_install")
class TestPortfolioBackground(UploadCommon):
    """Long files are taken over by the scheduled action."""

    def setUp(self):
        super().setUp()
        module = "odoo.addons.crm_sla.models.crm_portfolio_upload"
        self.startPatcher(patch(f"{module}.AT_ONCE", 1))
        self.content = self._make_file(
            HEADINGS, ["Alma Books", 1, 2, 3], ["Borja Bikes", 4, 5, 6]
        )

    def test_a_long_file_waits_and_is_taken_over(self):
        upload = self._upload(self.content)
        self.assertEqual((upload.state, upload.row_count), ("waiting", 2))
        self.assertFalse(self.portfolio.line_ids)
        noted = []
        progress = self.env.registry["crm.portfolio.progress"]
        original = progress._note
        self.startPatcher(
            patch.object(
                progress,
                "_note",
                lambda self, upload, percent: (
                    noted.append(percent),
                    original(self, upload, percent),
                ),
            )
        )
        self._run_upload_cron()
        self.assertEqual((upload.state, upload.new_count), ("done", 2))
        self.assertEqual(noted, sorted(noted))
        self.assertGreater(len(noted), 3)
        self.assertEqual(upload.progress, 100)

    def test_lines_are_made_by_whoever_uploaded(self):
        self._upload(self.content)
        self._run_upload_cron()
        self.assertEqual(self.portfolio.line_ids.create_uid, self.sales_manager)

    def test_what_a_killed_process_left_is_taken_again(self):
        upload = self._upload(self.content)
        upload.sudo().write({"state": "running", "attempts": 1})
        self._run_upload_cron()
        self.assertEqual((upload.state, upload.new_count), ("done", 2))

    def test_a_file_that_stops_the_server_is_not_taken_for_ever(self):
        upload = self._upload(self.content)
        upload.sudo().write({"state": "running", "attempts": 3})
        self._run_upload_cron()
        self.assertEqual(upload.state, "refused")
        self.assertIn("the server stopped", upload.message)
        self.assertFalse(self.portfolio.line_ids)

    def test_nothing_is_half_written(self):
        upload = self._upload(self.content)
        model = self.env.registry["crm.portfolio.upload"]
        with (
            patch.object(model, "_finish", side_effect=ValueError("broken")),
            mute_logger("odoo.addons.crm_sla.models.crm_portfolio_import_mixin"),
        ):
            self._run_upload_cron()
        self.assertEqual(upload.state, "refused")
        self.assertFalse(self.portfolio.line_ids)

    def test_whoever_lost_his_rights_meanwhile_changes_nothing(self):
        upload = self._upload(self.content)
        self.sales_manager.group_ids = self.env.ref("base.group_user")
        self._run_upload_cron()
        self.assertEqual(upload.sudo().state, "refused")
        self.assertFalse(self.portfolio.line_ids)

    def test_a_portfolio_closed_meanwhile_changes_nothing(self):
        upload = self._upload(self.content)
        self.portfolio.action_start()
        self.portfolio.action_close()
        self._run_upload_cron()
        self.assertEqual(upload.state, "refused")
        self.assertIn("is closed", upload.message)

    def test_errors_of_a_long_file_come_back_in_the_language_of_its_owner(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.sales_manager.lang = "es_ES"
        upload = self._upload(
            self._make_file(HEADINGS, ["Nobody", "1.234,50", 2, 3], ["Alma Books", "x"])
        )
        self._run_upload_cron()
        self.assertEqual((upload.state, upload.error_count), ("refused", 2))
        sheet, _errors = self._get_errors(upload)
        self.assertIsNone(sheet["B2"].comment)  # an amount in Spanish
        self.assertTrue(sheet["B3"].comment)

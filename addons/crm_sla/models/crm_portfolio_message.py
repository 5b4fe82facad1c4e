from odoo import api, models


class CrmPortfolioMessage(models.AbstractModel):
    """What is said about a file or a cell that cannot be used: the words for codes."""

    _name = "crm.portfolio.message"
    _description = "Messages about a portfolio's file"

    @api.model
    def _get_file_text(self, error):
        """Why a file is refused as a whole, and what to do.

        :param error: :class:`~odoo.addons.crm_sla.sheet_error.SheetError`
        """
        texts = self._get_file_texts() | self._get_size_texts() | self._get_list_texts()
        return texts[error.code] % error.details

    @api.model
    def _get_file_texts(self):
        damaged = self.env._(
            "The file is damaged. Save it again in your spreadsheet program."
        )
        too_much = self.env._(
            "The file unpacks to far more than a list of customers. Copy the list into "
            "a new file."
        )
        return {
            "empty_file": self.env._("The file is empty."),
            "large_file": self.env._("The file is larger than %(limit)s MB."),
            "no_excel": self.env._(
                "This is no Excel file. Save the list as “.xlsx” and upload it again."
            ),
            "old_format": self.env._(
                "The file is of an old Excel. Save it as “.xlsx” and upload it again."
            ),
            "encrypted": self.env._(
                "The file is protected by a password. Save it without one."
            ),
            "macros": self.env._(
                "The file holds macros. Save it as “.xlsx”, without macros."
            ),
            "links": self.env._(
                "The file refers to other files. Copy the list into a new file, values "
                "only."
            ),
            "damaged": damaged,
            "damaged_part": damaged,
            "damaged_row": self.env._(
                "Row %(row)s of the file is damaged. Save the file again in your "
                "spreadsheet program."
            ),
            "many_parts": too_much,
            "bomb": too_much,
            "document_type": self.env._(
                "The file holds commands that no list of customers needs. Copy the "
                "list into a new file."
            ),
        }

    @api.model
    def _get_size_texts(self):
        return {
            "many_rows": self.env._(
                "The list goes down to row %(row)s; %(limit)s rows can be read. Delete "
                "what is below the last customer, also empty rows."
            ),
            "many_columns": self.env._(
                "Cell %(cell)s: %(limit)s columns can be read. Delete what is to the "
                "right of the list, also empty columns."
            ),
            "many_cells": self.env._(
                "The file has more than %(limit)s cells. Delete the columns that are "
                "not needed."
            ),
            "long_text": self.env._(
                "Cell %(cell)s: the text is longer than %(limit)s characters."
            ),
        }

    @api.model
    def _get_list_texts(self):
        return {
            "no_sheet": self.env._("The file has no sheet."),
            "no_headings": self.env._(
                "No sheet has the headings of a portfolio. Download the template and "
                "fill it in."
            ),
            "several_lists": self.env._(
                "Several sheets look like a portfolio: %(sheets)s. Keep one of them."
            ),
            "heading_twice": self.env._(
                "Cell %(cell)s: there is another column for “%(heading)s”. Delete one."
            ),
            "no_customer_column": self.env._(
                "There is no column that says who the customer is. Add “Customer” or "
                "“Tax id or reference”."
            ),
            "no_value_column": self.env._(
                "There is no column to read: neither an amount nor the custom agent."
            ),
            "merged": self.env._(
                "Cells %(area)s are merged. Split them, so that each row stands for "
                "itself."
            ),
            "no_rows": self.env._("There is no customer below the headings."),
        }

    @api.model
    def _get_cell_texts(self):
        """Texts by code; whoever uses them puts in the details."""
        return {
            "formula": self.env._("holds a formula; type the value itself"),
            "date": self.env._("holds a date; type an amount"),
            "no_number": self.env._("is not an amount"),
            "no_text": self.env._("cannot be read as a text"),
            "negative": self.env._("cannot be negative"),
            "too_large": self.env._("is too large"),
            "many_decimals": self.env._(
                "has more than %(digits)s decimals; check the decimal point"
            ),
            "no_customer": self.env._("says no customer"),
            "unknown_customer": self.env._("“%(text)s” is no customer of this company"),
            "several_customers": self.env._(
                "“%(text)s” fits several customers; add the tax id or reference"
            ),
            "unknown_reference": self.env._(
                "“%(text)s” is no tax id or reference of a customer of this company"
            ),
            "other_customer": self.env._(
                "the row belongs to %(customer)s; sort whole rows, or clear the hidden "
                "first column"
            ),
            "customer_twice": self.env._("the same customer as in row %(row)s"),
            "changed_key": self.env._(
                "the hidden first column was changed; download the template again"
            ),
            "other_portfolio": self.env._(
                "the row comes from another portfolio; clear the hidden first column"
            ),
            "lost_customer": self.env._("the customer no longer exists"),
            "no_email": self.env._("“%(text)s” is no e-mail address"),
            "unknown_agent": self.env._(
                "“%(text)s” belongs to no active internal user of %(company)s"
            ),
            "several_agents": self.env._("“%(text)s” belongs to several users"),
        }

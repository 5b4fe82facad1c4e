"""Texts that are made while they are read, in the language of whoever reads them."""

from pathlib import Path
from types import FunctionType

from odoo.tests import TransactionCase, tagged

#: What a method calls to write in a language.
SPEAKS = {
    "_",
    "_description_selection",
    "format_amount",
    "format_date",
    "format_datetime",
    "format_duration",
    "format_list",
}
#: Written once, in the language of the contract.
FIXED = {"sale.contract.document"}
ADDONS = __file__.rpartition("/recurring_billing/")[0]


@tagged("post_install", "-at_install")
class TestLanguageOfTexts(TransactionCase):
    """One transaction speaks several languages: a mail or a page to each customer.

    A text that does not say that it depends on the language is made once, and the
    first customer's stands in all of them.
    """

    def _get_methods(self, model, name):
        """The methods of this name in our add-ons."""
        methods = (vars(cls).get(name) for cls in type(model).__mro__)
        return [
            method
            for method in methods
            if isinstance(method, FunctionType)
            and method.__code__.co_filename.startswith(ADDONS)
        ]

    def _speaks(self, model, name, seen):
        """Whether a method, or one of the same model that it calls, is translated."""
        if name in seen:
            return False
        seen.add(name)
        for method in self._get_methods(model, name):
            called = set(method.__code__.co_names)
            if called & SPEAKS or any(
                self._speaks(model, other, seen) for other in sorted(called)
            ):
                return True
        return False

    def _get_forgetful(self, model):
        """Names of the model's texts that would stay in the first language."""
        contexts = self.registry.field_depends_context
        is_ours = Path(ADDONS, model._original_module).is_dir()
        for name, field in model._fields.items():
            if (
                field.type not in ("char", "text", "html")
                or not isinstance(field.compute, str)
                or field.store
                or field.related
                or "lang" in contexts[field]
            ):
                continue
            parts = self.registry.field_depends[field] if is_ours else ()
            # an abstract model may name fields of those that inherit from it
            parts = [model._fields[part] for part in parts if part in model._fields]
            if self._speaks(model, field.compute, set()) or any(
                "lang" in contexts[part] for part in parts if not part.store
            ):
                yield name

    def test_each_depends_on_the_language(self):
        self.assertFalse(
            [
                f"{model._name}.{name}"
                for model in self.env.values()
                if model._name not in FIXED
                for name in self._get_forgetful(model)
            ]
        )

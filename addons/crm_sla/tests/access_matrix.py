"""Who may do what: a matrix over every stored or transient model of an add-on."""

from odoo.exceptions import AccessError

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


class AccessMatrix:
    """The tests; ``module``, ``matrix`` and ``roles`` come from the add-on."""

    allow_inherited_tests_method = True
    module = ""
    #: What a role may do; a role that is not named may do nothing.
    matrix = {}
    #: Names of users that the class has.
    roles = ()

    def test_every_model_is_in_the_matrix(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._original_module == self.module and not model._abstract
        }
        self.assertEqual(ours, set(self.matrix))

    def test_rights_are_those_of_the_matrix(self):
        for model, rights in self.matrix.items():
            for role in self.roles:
                for letter, operation in OPERATIONS.items():
                    with self.subTest(model=model, role=role, operation=operation):
                        allowed = letter in rights.get(role, "")
                        self.assertEqual(self._may(model, role, operation), allowed)

    def _may(self, model, role, operation):
        try:
            self.env[model].with_user(getattr(self, role)).check_access(operation)
        except AccessError:
            return False
        return True

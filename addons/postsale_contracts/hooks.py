"""What the add-on takes along when it goes, beside what core knows of."""

from .models.res_company import SEQUENCES


def uninstall_hook(env):
    codes = [code for code, _name, _prefix in SEQUENCES]
    env["res.company"]._remove_document_sequences(codes)

"""What the add-on takes along when it goes, beside what core knows of."""


def uninstall_hook(env):
    Company = env["res.company"]
    codes = [code for code, _name, _prefix in Company._get_document_sequences()]
    Company._remove_document_sequences(codes)

from . import uninstall_export

from . import ir_module_module
from . import uninstall_loss
from . import uninstall_export

from . import test_uninstall_export
from . import test_uninstall_loss

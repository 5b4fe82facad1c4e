from . import test_rights
from . import test_asset
from . import test_asset_documents
from . import test_asset_history
from . import test_asset_lines
from . import test_asset_printing
from . import test_asset_tours

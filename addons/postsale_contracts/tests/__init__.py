from . import test_rights
from . import test_field_payload
from . import test_field_entry
from . import test_field_budget
from . import test_my_day
from . import test_my_day_tours

from . import test_deal_subject
from . import test_enrolment
from . import test_enrolment_tours
from . import test_forecast

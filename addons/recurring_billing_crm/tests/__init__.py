from . import test_enrolment
from . import test_enrolment_tours

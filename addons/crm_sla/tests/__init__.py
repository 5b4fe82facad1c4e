from . import test_rights
from . import test_hand_over
from . import test_quick_quotation
from . import test_quick_tours
from . import test_signature_evidence
from . import test_signature_pdf
from . import test_signature_strokes

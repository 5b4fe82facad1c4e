from . import postsale_visit_spread
from . import postsale_visit_spread_line

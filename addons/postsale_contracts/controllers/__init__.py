from . import postsale_contract_portal

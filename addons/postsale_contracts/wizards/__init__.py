from . import postsale_contract_billing

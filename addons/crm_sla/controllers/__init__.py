from . import sale_signature

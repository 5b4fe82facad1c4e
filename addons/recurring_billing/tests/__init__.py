from . import test_delivery_mail

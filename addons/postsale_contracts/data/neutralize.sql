-- a copy of the database sends no orders to the real ERP, and does not know its keys
UPDATE postsale_erp_channel
   SET active = false,
       url = NULL,
       secret_key = NULL,
       allowed_host = NULL,
       partner_id = NULL;

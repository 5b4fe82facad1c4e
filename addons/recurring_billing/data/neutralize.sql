-- a copy for tests issues, sends, reminds and charges nothing by itself
UPDATE ir_config_parameter
   SET value = 'neutralized'
 WHERE key = 'recurring_billing.home';
-- and charges nobody's card, also when somebody tries the rest of it there
UPDATE res_company
   SET charge_from_date = NULL;

/** The server's side of the screen: models/sale_quick_quotation.py. */
export const MODEL = "sale.quick.quotation";

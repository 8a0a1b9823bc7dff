"""Words of amounts: what in a header says tax, discount, cost, a whole order, one unit, what is still open."""

from __future__ import annotations

import re


def _compile(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE)


TAX = _compile(
    r"tax(?:es)?|vat|gst|hst|pst|qst|tps|tvq|cgst|sgst|igst|mwst|mehrwertsteuer|ust|umsatzsteuer|steuer(?:betrag)?"
    r"|moms(?:belopp)?|alv|vero|tva|iva"
    r"|btw|podatek|mva|taxtotal|total_?tax|order_?tax|taxamount"
)
TAX_RATE = _compile(
    r"tax ?rate|vat ?rate"
    r"|(?:mwst|ust|steuer|tva|iva|vat|btw|alv|moms|tax)[ -]?(?:satz|%|sats|kanta|prosentti|rate)"
    r"|steuersatz|verokanta|momssats|taux (?:de )?tva|tipo (?:de )?iva|aliquota(?: iva)?"
    r"|stawka(?: vat)?|% ?(?:vat|mwst|ust"
    r"|moms|alv|iva|tva|btw)"
)
OF_WHICH = _compile(
    r"of which|thereof|including|incl|varav|davon|darin|enth(?:altene)?|josta|sis|dont|di cui|w tym|waarvan"
)
"""What says before a tax that it is in the amount."""

WITH_TAX = _compile(
    r"gross|brutto|bruttobetrag|incl(?:uding)?|inkl|ttc|total|totale|totaal|summa inkl"
    r"|att betala|to pay|to be paid"
    r"|amount due|zu zahlen|zahlbetrag|endbetrag|maksettava|verollinen|à payer|a pagar"
    r"|wartość brutto|do zapłaty"
    r"|order_?total|grand total|invoice total|rechnungsbetrag|loppusumma"
)
"""What says of an amount that its tax is in it, where a tax stands beside."""

GROSS = _compile(
    r"brutto(?:betr(?:ag|äge)|summe|wert|summa|belopp|pris|beløb)?|bruto ?bedrag|(?:kwota|wartość) brutto"
)
"""What an amount is called in languages in which that means with its tax; Bruttoumsatz is revenue before discounts."""

INCLUDING = _compile(r"incl(?:uding)?\.?|inkl|with|ttc|gross|brutto|verollinen|sis|incluido|inclus|plus|and")
"""What makes a header with the word tax one of an amount with it."""

WITHOUT_TAX = _compile(
    r"net|netto\w*|net_\w+|excl(?:uding)?|exkl|eks(?:kl)?|ex|ht|hors taxes?|veroton|taxable|untaxed"
    r"|subtotal|base|imponibile|ohne|zzgl"
    r"|sin iva|sem iva|uden moms|uten mva|wartość netto|before tax|pre-?tax|goods value|line ?amount|utan moms"
)
"""What says of an amount that its tax is not in it."""

DISCOUNT = _compile(
    r"discounts?|disc|rabatte?|rabatter?|nachlass|skonto|alennus|alennukset|remises?"
    r"|descuentos?|dto|sconto|sconti|korting"
    r"|rabat|upust|\w*_discount|discount_\w*|discountamount"
)
BEFORE_DISCOUNT = _compile(
    r"gross|brutto\w*|list\w*|brut|bruto|lordo|before discounts?|vor rabatt|ovh|cart_subtotal|full"
)
COST = _compile(
    r"costs?|cogs|kosten|\w*kosten|wareneinsatz|einstand\w*|herstellkosten|aufwand|kulut?"
    r"|kustannu\w+|hankinta\w*|kostnad\w*"
    r"|varukostnad|coûts?|couts?|prix de revient|costes?|costos?|costi|koszty?|koszt własny"
    r"|omkostning\w*|expenses?|ausgaben"
    r"|inkoop\w*|kostprijs|ostohinta"
)
EACH = _compile(
    r"unit|units?|each|per|je|pro|einzel\w*|stück\w*|stk|à|styck\w*|st|kpl|kappale\w*"
    r"|yksikkö\w*|unitaire|unitario|jedn\w*|piece"
)
WHOLE = _compile(
    r"total|totals|gesamt|summe|summa|yhteensä|line|zeile|rivi\w*|rivin|rad|extended|ext"
    r"|position|totale|łącznie|razem"
)
"""What says of a cost or an amount that it is of the whole line."""

LINE = _compile(
    r"lines?|line_?total|line_?amount|extended|ext|position\w*|zeilen\w*|rivi\w*|rivin|rad\w*"
    r"|ligne|línea|riga|regel\w*"
)
"""What says that an amount is of the line, not of the whole order."""

OPEN = _compile(
    r"outstanding|open|remaining|balance|unpaid|still due|offen\w*|saldo|rest\w*|restbetrag"
    r"|avoin|avoinna|avoimena|kvar"
    r"|återst\w*|obetal\w*|solde|reste(?: dû)?|pendiente|residuo|openstaand\w*|pozostał\w*"
    r"|amount ?due|invoiceamountdue"
)
"""What says of an amount that it is what is left to be paid."""

HUNDREDS = re.compile(r"(?:per|je|pro|à|/|a|por|par|za|na)\s*(1\s?000|1000|100|10)\b", re.IGNORECASE)
"""What says that a price is for more than one unit, and for how many."""

ORDERS = _compile(
    r"order[ _]?(?:no|number|id|nr|name|ref)?\.?|orderid|bestell\w*|auftrag\w*|tilausn\w*"
    r"|tilaus(?:numero)?|ordern\w*|n[°º] ?commande"
    r"|commande|pedido|n[°º] ?pedido|ordine|invoice[ _]?(?:no|number|id|nr)?\.?|rechnungsn\w*"
    r"|numer|zamówieni\w*|document number"
    r"|name|receipt[ _]?(?:no|id|number)?"
)
"""Headers of what several lines belong to."""

INVOICES = re.compile(
    r"(?:sales |customer |ar |tax )?invoices?|si|inv|rechnung(?:en)?|ausgangsrechnung"
    r"|schlussrechnung|faktura|fakturor|kundfaktura"
    r"|lasku|myyntilasku|factures?|facturas?|fatt?ur[ae]|fattura|factuur|faktura vat"
    r"|faktura sprzedaży|fv|vat invoice"
    r"|sales receipt|posted invoice"
)
"""Kinds of documents that are invoices."""

STAGES = re.compile(
    r"(?:sales |customer |web )?orders?(?: confirmations?)?|so|blanket order"
    r"|(?:sales )?quot(?:e|ation)s?|pro ?forma(?: invoice)?"
    r"|deliver(?:y|ies)(?: notes?)?|shipments?|packing slip|despatch note|dispatch note|picking list"
    r"|auftr(?:ag|äge)|auftragsbestätigung|bestellung(?:en)?|lieferscheine?|angebote?"
    r"|proformarechnung|kostenvoranschlag"
    r"|tilaus|tilausvahvistus|lähete|lähetyslista|tarjous|order|orderbekräftelse|kundorder"
    r"|följesedel|offert|utleverans"
    r"|commandes?|bon de commande|bon de livraison|devis|pedidos?|albar[áa]n(?:es)?"
    r"|presupuestos?|ordin[ei]|ddt|preventiv[oi]"
    r"|zamówieni[ea]|wz|oferta|faktura pro ?forma|bestelling|pakbon|offerte"
)
"""Kinds of documents that an invoice follows: they are the same sale once more."""

TOTALS = (
    r"(?i)^\s*(?:\*+\s*)?(?:sub-?\s?total|grand total|total|summe|gesamt(?:ergebnis|summe)?|zwischensumme"
    r"|summa|delsumma|yhteensä|välisumma|loppusumma|totalt|totale|totaal|totalsumma|eindtotaal|suma końcowa|razem)\b"
)
"""What a cell begins with that names a total."""

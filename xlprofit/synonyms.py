"""Synonyms: what ERPs, ledgers and CRMs call each column, in English, German, Swedish and Finnish. Said once, here.

In each list the most specific header comes first, since that one is read where a sheet has two. A header that may as
well mean something else (``Amount``, ``Account``) is *weak*: it is read where no other is there. Money before tax
alone: a header that says that tax is included, a price or cost for one unit, a margin and a profit are no synonyms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Synonyms:
    """The other headers of a column, by language (ISO 639-1).

    ``names`` are headers over the name of what the others number: read where no number is given. ``weak`` may
    mean something else too.
    """

    en: tuple[str, ...] = ()
    de: tuple[str, ...] = ()
    sv: tuple[str, ...] = ()
    fi: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()

    def sure(self) -> Iterator[tuple[int, str]]:
        """Yield each header that means nothing else, with its place in the list of its language."""
        for words in (self.en, self.de, self.sv, self.fi):
            yield from enumerate(words)


def _split(words: str) -> tuple[str, ...]:
    return tuple(word for part in words.split(",") if (word := " ".join(part.split())))


def _known(
    en: str = "", de: str = "", sv: str = "", fi: str = "", *, names: str = "", weak: str = ""
) -> Synonyms:
    return Synonyms(_split(en), _split(de), _split(sv), _split(fi), _split(names), _split(weak))


NONE = Synonyms()

_CUSTOMER = _known(
    "customer_id, customer_no, customer number, customer code, customer key, customer #, cust_no, cust_id, "
    "cust, sold-to party, sold-to, sell-to customer no, sell-to customer, "
    "bill-to customer no, bill-to customer, bill-to party, bill-to, debtor_no, debtor number, debtor_id, debtor, "
    "client_id, client_no, client number, account_id, account number, partner_id, buyer, payer, kunnr, kunag",
    "kundennummer, kundennr, kunden_id, kd_nr, auftraggeber, debitorennummer, debitorennr, "
    "debitornr, debitor, kunde, rechnungsempfänger",
    "kundnummer, kundnr, kund_id, kundkod, kund",
    "asiakasnumero, asiakasnro, asiakas_id, asiakastunnus, asiakaskoodi, asiakas",
    names="customer name, client name, account name, debtor name, company name, sold-to party name, sold-to name, "
    "bill-to name, sell-to customer name, billing company, billing name, contact name, kundenname, debitorname, "
    "kundnamn, företagsnamn, företag, asiakkaan nimi, asiakasnimi, yritys",
    weak="account_no, account, client, partner, company, organisation, organization, contact, firma, klient, name",
)

_POSTED = "posting date, booking date, transaction date, document date"
_POSTED_DE = "buchungsdatum, belegdatum"
_POSTED_SV = "bokföringsdatum, verifikationsdatum, transaktionsdatum"
_POSTED_FI = "kirjauspäivä, kirjauspvm, tositepäivä, tositepvm"
_DAY = "day, datum, tag, dag, pvm, päivämäärä, päivä"

_DATE = _known(
    f"{_POSTED}, budat, bldat", _POSTED_DE, _POSTED_SV, _POSTED_FI, weak=f"created, created at, {_DAY}"
)

_INVOICE = _known(
    "invoice_no, invoice_number, invoice #, invoice_id, inv_no, invoice, bill_no, billing document, document_no, "
    "document number, voucher_no, vbeln, belnr",
    "rechnungsnummer, rechnungsnr, rechnung, rg_nr, belegnummer, belegnr, fakturanummer",
    "fakturanummer, fakturanr, faktura, verifikationsnummer",
    "laskun numero, laskunumero, laskunro, lasku, tositenumero",
    weak="num, number, document, reference, beleg",
)

_PERIOD = _known("month", "monat", "månad", "kuukausi", weak="quarter, year")

_AVOIDABLE = _known(
    "avoidable_share", "vermeidbar, vermeidbarer anteil", "påverkbar andel", "vältettävä osuus"
)

_SEGMENT = _known(
    "customer_segment, customer group, customer class, customer category, customer type, industry, sector",
    "kundensegment, kundengruppe, kundenklasse, kundenart, branche",
    "kundsegment, kundgrupp, kundkategori, bransch",
    "asiakassegmentti, asiakasryhmä, asiakasluokka, toimiala",
    weak="classification, tier",
)

_LEAD = _known(
    "lead, opportunity, opportunity name, lead name, prospect name, prospect_id",
    "interessent, verkaufschance",
    "affärsmöjlighet",
    "myyntimahdollisuus, liidi",
    weak="account name, company, company name, name",
)

SYNONYMS: dict[tuple[str, str], Synonyms] = {
    ("Settings", "setting"): _known("parameter", weak="name"),
    # --- customers
    ("Customers", "customer"): replace(
        _CUSTOMER, names=(), weak=_split("account_no, account, client, partner")
    ),
    ("Customers", "name"): replace(
        NONE,
        names=_CUSTOMER.names,
        weak=_split("company, firma, organisation, organization, display name, full name"),
    ),
    ("Customers", "segment"): _SEGMENT,
    ("Customers", "channel"): _known(
        "sales_channel, distribution channel, lead source, vtweg",
        "vertriebskanal, vertriebsweg, absatzkanal, kanal",
        "försäljningskanal, säljkanal",
        "myyntikanava, kanava",
        weak="source",
    ),
    ("Customers", "owner"): _known(
        "account_manager, account owner, key account manager, salesperson, sales_rep, sales representative, "
        "salesperson code, sales employee",
        "kundenbetreuer, vertriebsmitarbeiter, außendienst, verkäufer, betreuer",
        "kundansvarig, säljare",
        "asiakasvastaava, vastuumyyjä, myyjä",
        weak="responsible, assigned to",
    ),
    ("Customers", "since"): _known(
        "customer_since, client since, created date, created on, created at, start date",
        "kunde seit, angelegt am",
        "kund sedan",
        "asiakas alkaen, asiakkuus alkoi",
    ),
    ("Customers", "country"): _known(
        "country_region, country/region, country code, billing country", "land, länderkennzeichen", "", "maa"
    ),
    # --- sales
    ("Sales", "date"): _known(
        f"{_POSTED}, invoice_date, billing date, order_date, date of sale, sale date, sales date, sold on, "
        "fkdat, audat, budat, bldat",
        f"{_POSTED_DE}, rechnungsdatum, fakturadatum, verkaufsdatum, auftragsdatum, bestelldatum",
        f"{_POSTED_SV}, fakturadatum, försäljningsdatum, orderdatum",
        f"{_POSTED_FI}, laskupäivä, laskupvm, laskutuspäivä, myyntipäivä, tilauspäivä, tilauspvm",
        weak=f"ship date, shipment date, delivery date, lieferdatum, leveransdatum, toimituspäivä, created, "
        f"created at, {_DAY}",
    ),
    ("Sales", "customer"): _CUSTOMER,
    ("Sales", "gross_revenue"): _known(
        "gross_sales, gross revenues, sales at list price, revenue, revenues, sales, sales revenue, sales amount, "
        "sales value, sales amount (actual), turnover, invoiced sales, net sales, net revenue, net turnover, "
        "net sales amount, net amount, net value, untaxed amount, untaxed total, line amount, line total, "
        "line net amount, extended price, extended amount, price_subtotal, netwr",
        "bruttoerlöse, bruttoerlös, umsatz, umsätze, umsatzerlöse, umsatzerlös, erlöse, erlös, nettoumsatz, "
        "umsatz netto, nettoerlöse, nettoerlös, nettobetrag, betrag netto, nettowert, positionswert",
        "försäljning, försäljningsbelopp, försäljningsvärde, omsättning, intäkt, intäkter, nettoförsäljning, "
        "nettoomsättning, nettobelopp, radbelopp",
        "myynti, liikevaihto, myyntitulot, myynnin arvo, veroton myynti, nettomyynti, veroton summa, "
        "nettosumma, rivisumma",
        weak="amount, value, subtotal, total sales, total revenue, income, total, total amount, betrag, summe, "
        "gesamtumsatz, gesamt, gesamtbetrag, belopp, netto, summa, arvo, yhteensä",
    ),
    ("Sales", "discount"): _known(
        "discount amount, discounts, line discount amount, line discount, discount value, total discount, "
        "rebate amount, rebate, rebates, allowances",
        "rabattbetrag, rabatt, rabatte, nachlass, preisnachlass, erlösschmälerungen, skonto, bonus",
        "rabattbelopp, rabatter, avdrag",
        "alennuksen määrä, alennus, alennukset, hyvitykset, rivialennus",
        weak="deduction, deductions",
    ),
    ("Sales", "returns"): _known(
        "return, returns amount, return amount, returned, credit_notes, credit note, credit memo, credits, "
        "refund, refunds, refund amount",
        "retouren, retoure, retourenwert, rücksendungen, gutschriften, gutschrift, erstattungen",
        "returer, retur, kreditering, krediteringar, kreditnota",
        "palautukset, palautus, hyvityslaskut, hyvityslasku",
    ),
    ("Sales", "cogs"): _known(
        "cost_of_goods_sold, cost of goods, cogs amount, total cogs, cost_of_sales, cost of revenue, "
        "cost of products sold, cost of merchandise sold, costs of goods sold, costs of sales, "
        "goods cost, product cost, product costs, merchandise cost, material cost, material costs, "
        "cost of materials, cost amount, cost amount (actual), actual cost amount, cost value, extended cost, "
        "line cost, inventory value, total standard cost, standard cost, standard costs, purchase cost, "
        "purchase value, total costs, total cost, wavwr",
        "wareneinsatz, warenkosten, wareneinstand, wareneinstandswert, umsatzkosten, herstellkosten, "
        "herstellungskosten, "
        "herstellkosten des umsatzes, materialeinsatz, materialkosten, materialaufwand, einstandskosten, "
        "einstandswert, einkaufswert, selbstkosten, standardkosten, gesamtkosten",
        "kostnad såld vara, kostnad sålda varor, kostnad för sålda varor, kostnad för såld vara, ksv, "
        "varukostnad, varukostnader, materialkostnad, inköpsvärde, inköpskostnad, självkostnad, "
        "standardkostnad, totalkostnad",
        "myytyjen tuotteiden hankintakulut, myytyjä suoritteita vastaavat kulut, hankintakulut, "
        "hankintameno, hankinta-arvo, hankintahinta yhteensä, ostohinta yhteensä, "
        "kustannus yhteensä, kustannukset yhteensä, ainekustannukset, materiaalikustannukset, "
        "materiaalikulut, "
        "ostot, omakustannusarvo, standardikustannus",
        weak="hankintahinta, cost, costs, kosten, kostnad, kostnader, kustannus, kustannukset, kulut",
    ),
    ("Sales", "invoice"): _INVOICE,
    ("Sales", "product"): _known(
        "product_id, product code, product_no, product number, item_no, item number, item_id, item code, item, sku, "
        "stock_code, material number, material, article number, article_no, article, matnr, product/service, "
        "product name, product group, item category",
        "artikelnummer, artikelnr, artikel, produkt, produktnummer, materialnummer, warengruppe, "
        "artikelbezeichnung",
        "artikelnummer, artikelnr, artikel, produkt, produktnummer, varugrupp, benämning",
        "tuotenumero, tuotekoodi, tuote, tuotenimi, tuoteryhmä, nimike, nimikekoodi",
        weak="service, description",
    ),
    ("Sales", "quantity"): _known(
        "qty, quantity sold, units sold, units, sales quantity, invoiced quantity, billed quantity, "
        "lineitem quantity, fkimg, kwmeng",
        "menge, stückzahl, anzahl, absatzmenge, fakturierte menge",
        "antal, kvantitet, antal enheter",
        "määrä, kpl, yksiköt, kappaleet, kappalemäärä, myyty määrä",
        weak="pcs, pieces, stück, volume",
    ),
    # --- what the work costs
    ("Resources", "resource"): _known(
        "department, cost_centre, cost_center, cost centre name, cost center name, team, resource pool",
        "kostenstelle, abteilung, ressource",
        "kostnadsställe, avdelning, resurs",
        "kustannuspaikka, osasto, resurssi, tiimi",
    ),
    ("Resources", "cost"): _known(
        "total_cost, total costs, costs, resource cost, cost amount, actual cost, actual costs, expense, expenses",
        "kosten, istkosten, gesamtkosten, aufwand",
        "kostnad, kostnader, total kostnad",
        "kustannus, kustannukset, kulut",
        weak="amount, actual, value, betrag, belopp, summa",
    ),
    ("Resources", "capacity"): _known(
        "capacity_supplied, theoretical_capacity, available capacity, available hours, available minutes, "
        "hours available, capacity hours",
        "kapazität, verfügbare kapazität, verfügbare stunden",
        "kapacitet, tillgänglig kapacitet, tillgängliga timmar",
        "kapasiteetti, käytettävissä oleva kapasiteetti, käytettävissä olevat tunnit",
        weak="hours, stunden, timmar, tunnit",
    ),
    ("Resources", "unit"): _known(
        "capacity_unit, unit of measure, uom", "einheit, mengeneinheit", "enhet", "yksikkö"
    ),
    ("Resources", "practical"): _known(
        "practical_share, practical_capacity, workable share, efficiency",
        "praktischer anteil, nutzungsgrad",
        "praktisk andel",
        "käytännön osuus, käytännöllinen osuus",
    ),
    ("Resources", "avoidable"): _AVOIDABLE,
    ("Resources", "period"): _PERIOD,
    ("Allocations", "from"): _known("from_resource, sender", "sender, von", "från", "mistä"),
    ("Allocations", "to"): _known("to_resource, receiver", "empfänger, nach", "till, mottagare", "mihin"),
    ("Allocations", "share"): _known(
        "allocation, allocation share, percent, percentage", "anteil", "andel", "osuus"
    ),
    ("Activities", "activity"): _known(
        "activity name, process", "aktivität, tätigkeit, prozess", "aktivitet", "toiminto"
    ),
    ("Activities", "group"): _known("activity_group", "gruppe", "grupp", "ryhmä"),
    ("Activities", "resource"): _known(
        "department, cost_centre, cost_center",
        "kostenstelle, ressource",
        "kostnadsställe, resurs",
        "resurssi",
    ),
    ("Activities", "driver"): _known(
        "cost_driver", "kostentreiber, treiber", "kostnadsdrivare", "kustannusajuri, ajuri"
    ),
    ("Activities", "rate"): _known("units, minutes", "minuten", "minuter", "minuutit, kerroin"),
    ("Activities", "unit_cost"): _known(
        "cost_per_unit", "stückkosten, kosten je einheit", "styckkostnad", "yksikkökustannus"
    ),
    ("Activities", "level"): _known("hierarchy, hierarchy level", "ebene, stufe", "nivå", "taso"),
    ("Activities", "avoidable"): _AVOIDABLE,
    ("ActivityLog", "date"): _known(
        f"{_POSTED}, activity date, event date, order_date, date opened, opened at, completed on, closed date",
        f"{_POSTED_DE}, auftragsdatum, ereignisdatum",
        f"{_POSTED_SV}, orderdatum, aktivitetsdatum",
        f"{_POSTED_FI}, tapahtumapäivä, tapahtumapvm, tilauspäivä",
        weak=f"created, created at, {_DAY}",
    ),
    ("ActivityLog", "customer"): _CUSTOMER,
    ("ActivityLog", "activity"): _known(
        "activity type, activity name, activity code, task type, event type, transaction type, ticket type, "
        "call type, task, event",
        "aktivität, aktivitätsart, tätigkeit, vorgang, vorgangsart",
        "aktivitet, aktivitetstyp, ärendetyp",
        "toiminto, tapahtumalaji, tapahtumatyyppi, tehtävä",
        weak="type, category, subject, typ, art, tyyppi",
    ),
    ("ActivityLog", "quantity"): _known(
        "qty, count, number of times, times, occurrences",
        "menge, anzahl",
        "antal, kvantitet",
        "määrä, kpl, lukumäärä",
    ),
    ("DirectCosts", "date"): _known(
        f"{_POSTED}, cost date, invoice_date, budat, bldat",
        f"{_POSTED_DE}, rechnungsdatum",
        f"{_POSTED_SV}, fakturadatum",
        f"{_POSTED_FI}, laskupäivä",
        weak=f"created, created at, {_DAY}",
    ),
    ("DirectCosts", "customer"): _CUSTOMER,
    ("DirectCosts", "group"): _known(
        "cost_group, cost type, cost category, expense type, expense category, category",
        "kostenart, kostengruppe, kategorie, gruppe",
        "kostnadsslag, kostnadsgrupp, kategori, grupp",
        "kustannuslaji, kululaji, kustannusryhmä, luokka, ryhmä",
        weak="type, typ, art, tyyppi, laji",
    ),
    ("DirectCosts", "amount"): _known(
        "cost amount, net amount, cost, costs, total cost, expense, expense amount",
        "kosten, kostenbetrag, nettobetrag, aufwand, betrag",
        "kostnad, kostnader, nettobelopp, belopp",
        "kustannus, kustannukset, kulu, nettosumma, summa",
        weak="value, total, wert, summe, netto, yhteensä",
    ),
    ("DirectCosts", "note"): _known(
        "description, comment, comments, memo, details, remark, posting text",
        "beschreibung, bemerkung, kommentar, buchungstext",
        "beskrivning, anteckning, verifikationstext",
        "kuvaus, selite, huomautus",
        weak="text",
    ),
    ("DirectCosts", "avoidable"): _AVOIDABLE,
    ("Commissions", "scope"): _known("applies to, rule for", "gilt für", "gäller", "kohdistus"),
    ("Commissions", "value"): _known("applies to value", "wert", "värde", "arvo"),
    ("Commissions", "basis"): _known("base, commission base", "basis, bemessungsgrundlage", "bas", "peruste"),
    ("Commissions", "rate"): _known(
        "commission_rate, commission",
        "provisionssatz, provision",
        "provisionssats",
        "provisioprosentti, provisio",
    ),
    ("Commissions", "start"): _known(
        "valid_from, start date, from date, effective from", "gültig ab", "giltig från", "voimassa alkaen"
    ),
    ("Commissions", "end"): _known(
        "valid_to, valid_until, end date, to date, effective to", "gültig bis", "giltig till", "voimassa asti"
    ),
    # --- credit
    ("Invoices", "invoice"): _INVOICE,
    ("Invoices", "customer"): _CUSTOMER,
    ("Invoices", "issued"): _known(
        f"invoice_date, issue_date, issued on, date issued, date of invoice, billing date, {_POSTED}, fkdat, bldat, "
        "budat",
        f"rechnungsdatum, ausstellungsdatum, fakturadatum, {_POSTED_DE}",
        f"fakturadatum, utställd, {_POSTED_SV}",
        f"laskutettu, laskun päivä, laskupäivä, laskun päiväys, laskupvm, laskutuspäivä, {_POSTED_FI}",
        weak=f"date, created, created at, {_DAY}",
    ),
    ("Invoices", "due"): _known(
        "due_date, date due, net due date, due on, due by, payment due date, payment due, invoice_date_due, "
        "maturity date, faedt, netdt",
        "fälligkeitsdatum, fälligkeit, fällig am, nettofälligkeit, fällig, zahlbar bis",
        "förfallodatum, förfallodag, förfaller",
        "eräpäivä, eräpvm, erääntyy, erääntymispäivä",
    ),
    ("Invoices", "amount"): _known(
        "invoice_amount, invoiced amount, invoice total, invoice value, amount invoiced, original amount, "
        "total amount, gross amount, billed amount, amount in local currency, amount in company code currency, "
        "dmbtr, wrbtr",
        "rechnungsbetrag, rechnungssumme, bruttobetrag, gesamtbetrag, betrag, betrag in hauswährung",
        "fakturabelopp, totalbelopp, bruttobelopp, belopp",
        "laskun summa, laskun loppusumma, laskun määrä, loppusumma, summa",
        weak="total, value, summe, open amount, amount due, balance due, remaining amount, outstanding, "
        "outstanding amount, offener betrag, restbelopp, avoinna, avoin summa, yhteensä",
    ),
    ("Invoices", "paid"): _known(
        "paid_date, payment_date, date_paid, paid_on, paid at, date of payment, payment received, "
        "payment received date, payment received on, received date, date received, receipt date, "
        "date of receipt, cash receipt date, "
        "settled date, settlement date, date settled, settled on, settled, clearing date, cleared date, date cleared, "
        "cleared on, cleared, fully paid on, fully paid on date, fully paid date, last payment date, "
        "actual payment date, pay date, closed at date, closed date, closing date, date closed, "
        "remittance date, augdt",
        "zahlungsdatum, bezahlt am, bezahlt, zahlungseingang, zahlungseingangsdatum, zahldatum, zahltag, "
        "zahlung am, ausgleichsdatum, ausgeglichen am, ausgleich, gezahlt am, eingangsdatum",
        "betaldatum, betalningsdatum, betald, betald den, betaldag, slutbetald, slutbetalningsdatum, "
        "inbetalningsdatum, inbetalningsdag, likviddatum, utjämningsdatum",
        "maksupäivä, maksupvm, maksettu, maksettu pvm, maksun päivä, suorituspäivä, suorituspvm, "
        "maksupäivämäärä, suoritettu, kuittauspäivä, tasauspäivä",
    ),
    ("Invoices", "disputed"): _known(
        "dispute, in dispute, is disputed",
        "strittig, streitig, reklamiert",
        "tvistig, omtvistad",
        "riitautettu",
    ),
    ("DirectCosts", "once"): _known(
        "one_off, one_time, non_recurring", "einmalig", "engångs", "kertaluonteinen, kerta"
    ),
    ("Resources", "step"): _known(
        "capacity_step, step_size", "kapazitätsschritt", "kapacitetssteg", "kapasiteettiporras"
    ),
    ("Invoices", "written_off"): _known(
        "write_off, write_off amount, amount_written_off, bad_debt, bad_debt amount",
        "ausgebucht, ausbuchung, ausfall, forderungsausfall",
        "avskrivet, kundförlust",
        "luottotappio, poistettu",
    ),
    ("Invoices", "written_off_on"): _known(
        "write_off_date, written_off_date, date written off",
        "ausgebucht am, ausbuchungsdatum",
        "avskrivet den, avskrivningsdatum",
        "luottotappiopäivä, poistettu pvm",
    ),
    ("Invoices", "recovered"): _known(
        "recovery, amount_recovered, recovered amount",
        "eingegangen nach ausbuchung",
        "återvunnet",
        "palautunut, takaisin saatu",
    ),
    ("Balances", "date"): _known(
        "balance date, as_of, as of date, period end, month end, posting date",
        "stichtag, buchungsdatum, saldodatum",
        "saldodatum, balansdag",
        "saldopäivä, saldopvm",
        weak=_DAY,
    ),
    ("Balances", "customer"): _CUSTOMER,
    ("Balances", "balance"): _known(
        "average_receivable, receivable, receivables, receivable balance, average balance, account balance, "
        "accounts receivable, open balance, outstanding balance, outstanding, balance due",
        "forderung, forderungen, forderungsbestand, offene posten, saldo",
        "kundfordran, kundfordringar, fordran, saldo",
        "saatava, saatavat, keskisaatava, myyntisaatavat, avoin saldo, saldo",
        weak="amount, total, betrag, belopp, summa",
    ),
    ("LossRates", "days_past_due"): _known(
        "days overdue, days late, days, bucket, ageing bucket, aging bucket",
        "tage überfällig, überfälligkeit",
        "dagar förfallna",
        "päiviä myöhässä",
    ),
    ("LossRates", "rate"): _known(
        "loss_rate, provision rate, expected loss rate, ecl rate",
        "verlustquote, ausfallrate, wertberichtigungssatz",
        "förlustnivå, förlustgrad",
        "luottotappioprosentti, tappioprosentti",
    ),
    # --- customers to come
    ("Referrals", "referrer"): _known(
        "referred_by", "empfohlen von, empfehler", "rekommenderad av", "suosittelija"
    ),
    ("Referrals", "referred"): _known(
        "referee, referred customer", "empfohlener, geworbener kunde", "rekommenderad", "suositeltu"
    ),
    ("Referrals", "date"): _known("referral date, referred on", "", "", "", weak=_DAY),
    ("Referrals", "share"): _known("credit share, referral share", "anteil", "andel", "osuus"),
    ("Referrals", "anyway"): _known("anyhow, would have come anyway"),
    ("Referrals", "reward"): _known(
        "referral reward, bonus, referral fee", "prämie, belohnung", "belöning", "palkkio"
    ),
    ("Prospects", "prospect"): _LEAD,
    ("Prospects", "segment"): _SEGMENT,
    ("Prospects", "revenue"): _known(
        "revenue_a_year, annual_revenue, expected annual revenue, yearly revenue, annual contract value, acv, "
        "expected revenue, expected sales, potential revenue",
        "jahresumsatz, erwarteter umsatz, umsatzpotenzial",
        "årsomsättning, förväntad omsättning",
        "vuosimyynti, odotettu myynti, odotettu liikevaihto",
        weak="amount, deal value, value, sales, umsatz, omsättning, liikevaihto",
    ),
    ("Prospects", "margin"): _known(
        "gross_margin, expected margin, margin rate, gross margin rate",
        "marge, bruttomarge, rohmarge",
        "marginal, bruttomarginal",
        "kate, myyntikate",
    ),
    ("Prospects", "win_probability"): _known(
        "win rate, probability to win, close probability, chance of winning, probability, probability (%)",
        "gewinnwahrscheinlichkeit, abschlusswahrscheinlichkeit, wahrscheinlichkeit",
        "sannolikhet, vinstsannolikhet",
        "todennäköisyys, voiton todennäköisyys",
    ),
    ("Prospects", "pursuit_cost"): _known(
        "cost to pursue, acquisition cost, bid cost",
        "akquisitionskosten",
        "anskaffningskostnad",
        "hankintakulut",
    ),
    ("Prospects", "pursuit_hours"): _known(
        "hours to pursue, bid hours, sales hours", "akquisitionsstunden", "säljtimmar", "myyntitunnit"
    ),
    ("Prospects", "resource"): _known("department, team", "ressource, abteilung", "resurs", "resurssi"),
    ("Prospects", "high_care_probability"): _known("high_care"),
    ("Prospects", "payment_days"): _known(
        "days to pay, payment terms, payment term days, terms days, dso",
        "zahlungsziel, zahlungstage",
        "betalningsvillkor, betalningsdagar",
        "maksuehto, maksuaika",
    ),
    ("Prospects", "loss_probability"): _known(
        "default_probability, probability of default, pd, credit risk",
        "ausfallwahrscheinlichkeit",
        "kreditrisk",
        "luottotappioriski",
    ),
    ("Prospects", "horizon"): _known("years, contract years", "jahre", "år", "vuodet, vuosia"),
    ("ProspectNeeds", "prospect"): _LEAD,
    ("ProspectNeeds", "activity"): _known(
        "activity name, activity type", "aktivität, tätigkeit", "aktivitet", "toiminto"
    ),
    ("ProspectNeeds", "quantity"): _known(
        "quantity_a_year, qty, count, times a year", "menge, anzahl", "antal", "määrä, kpl, lukumäärä"
    ),
    ("ControlTotals", "line"): _known("measure, p&l line, line item", "zeile, position", "rad", "rivi"),
    ("ControlTotals", "amount"): _known(
        "ledger amount, control total, balance",
        "betrag, saldo",
        "belopp, saldo",
        "summa, saldo",
        weak="total, value",
    ),
    ("ControlTotals", "period"): _PERIOD,
    ("Sources", "source"): _known("path, url, connection, file"),
    ("Sources", "query"): _known("relation, sql"),
    ("Sources", "time_limit"): _known("timeout"),
}
"""The synonyms of each column that has any, by table and column."""

NET = _split(
    "net sales, net revenue, net turnover, net sales amount, net amount, net value, nettoumsatz, umsatz netto, "
    "nettoerlöse, nettoerlös, nettobetrag, betrag netto, nettowert, nettoförsäljning, nettoomsättning, nettobelopp, "
    "nettomyynti, nettosumma, netto, line total, line amount, extended amount, extended price, price_subtotal, netwr"
)
"""Headers of revenue that discounts and returns may be off already."""

WITH_TAX = _split(
    "total, total amount, total sales, total revenue, gesamt, gesamtbetrag, gesamtumsatz, summe, summa, yhteensä"
)
"""Headers of revenue that tax may be in, where a column of tax stands beside it."""

TAX = _split(
    "tax, taxes, tax amount, sales tax, vat, vat amount, gst, mwst, mwst betrag, ust, umsatzsteuer, steuer, "
    "steuerbetrag, moms, momsbelopp, alv, alv määrä, vero, veron määrä"
)
"""Headers of tax."""

MEANS_ELSE = (
    _split(
        "unit price, price, sales price, list price, price per unit, unit amount, unit cost, cost per unit, "
        "tax rate, vat rate, tax code, currency, currency code, exchange rate, "
        "profit, gross profit, margin, gross margin, contribution margin, line no, line number, line, position, id, "
        "row id, order id, order_no, order number, order priority, transaction id, ticket_no, ticket number, "
        "due date, ship date, delivery date, requested date, created at, created by, created, modified, modified at, "
        "last modified, address, street, city, postcode, postal code, zip, zip code, phone, telephone, e-mail, email, "
        "website, vat number, tax number, business id, state, region, warehouse, plant, company code, "
        "sales organisation, sales organization, year, month, week, quarter, fiscal year, fiscal period, weekday, "
        "delivery week, weight, net weight, gross weight, "
        "jahr, monat, woche, kw, quartal, geschäftsjahr, gewicht, nettogewicht, bruttogewicht, "
        "år, månad, vecka, kvartal, räkenskapsår, vikt, vuosi, kuukausi, viikko, neljännes, tilikausi, paino, "
        "stückpreis, einzelpreis, listenpreis, preis, stückkosten, währung, wechselkurs, gewinn, deckungsbeitrag, "
        "marge, auftragsnummer, straße, ort, stadt, plz, telefon, werk, buchungskreis, ust-idnr, "
        "à-pris, styckpris, listpris, pris, styckkostnad, valuta, växelkurs, vinst, täckningsbidrag, marginal, "
        "ordernummer, adress, ort, postnummer, organisationsnummer, "
        "yksikköhinta, kappalehinta, listahinta, hinta, yksikkökustannus, valuutta, valuuttakurssi, tulos, kate, "
        "myyntikate, katetuotto, tilausnumero, osoite, katuosoite, kaupunki, postinumero, puhelin, sähköposti, y-tunnus"
    )
    + TAX
)
"""Headers that are known to mean none of the columns where they are no synonym: never offered for one of those."""

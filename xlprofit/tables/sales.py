"""The table Sales: sales lines from the ERP: at list price, with what was taken off beside it."""

from __future__ import annotations

from dataclasses import replace

from xlprofit.messages import N_
from xlprofit.tables.common_headers import (
    CUSTOMER_HEADERS,
    DAY,
    INVOICE_HEADERS,
    POSTED_DE,
    POSTED_EN,
    POSTED_FI,
    POSTED_SV,
    PRODUCT_HEADERS,
    VERSION_HEADERS,
)
from xlprofit.tables.spec import ColumnSpec, Subtotals, TableSpec, known_as, split_words

SALES = TableSpec(
    "Sales",
    "Sales lines from the ERP: at list price, with what was taken off beside it.",
    (
        ColumnSpec(
            "date",
            "date",
            "Date of the sale",
            required=True,
            counted="span",
            synonyms=known_as(
                en=(
                    f"{POSTED_EN}, invoice_date, billing date, "
                    "order_date, date of sale, sale date, sales date, sold on, fkdat, audat, budat, bldat"
                ),
                de=(f"{POSTED_DE}, rechnungsdatum, fakturadatum, verkaufsdatum, auftragsdatum, bestelldatum"),
                sv=(f"{POSTED_SV}, fakturadatum, försäljningsdatum, orderdatum"),
                fi=(f"{POSTED_FI}, laskupäivä, laskupvm, laskutuspäivä, myyntipäivä, tilauspäivä, tilauspvm"),
                weak=(
                    "ship date, shipment date, delivery date, lieferdatum, leveransdatum, toimituspäivä, "
                    f"{DAY}"
                ),
            ),
        ),
        ColumnSpec(
            "customer",
            "customer",
            "The customer; a blank line counts, under no customer",
            required=True,
            blank_counts=True,
            summed="part",
            named_total=True,
            synonyms=CUSTOMER_HEADERS,
        ),
        ColumnSpec(
            "gross_revenue",
            "number",
            "Revenue at list price, in currency, positive",
            required=True,
            unit="currency",
            written="revenue",
            totalled=True,
            summed="add",
            weight=1.0,
            synonyms=known_as(
                en=(
                    "gross_sales, gross revenues, sales at list price, revenue, revenues, sales, "
                    "sales revenue, sales amount, sales value, sales amount (actual), turnover, "
                    "invoiced sales, net sales, net revenue, net turnover, net sales amount, net amount, "
                    "net value, untaxed amount, untaxed total, line amount, line total, line net amount, "
                    "extended price, extended amount, price_subtotal, netwr"
                ),
                de=(
                    "bruttoerlöse, bruttoerlös, umsatz, umsätze, umsatzerlöse, umsatzerlös, erlöse, erlös, "
                    "nettoumsatz, umsatz netto, nettoerlöse, nettoerlös, nettobetrag, betrag netto, nettowert, "
                    "positionswert"
                ),
                sv=(
                    "försäljning, försäljningsbelopp, försäljningsvärde, omsättning, intäkt, intäkter, "
                    "nettoförsäljning, nettoomsättning, nettobelopp, radbelopp"
                ),
                fi=(
                    "myynti, liikevaihto, myyntitulot, myynnin arvo, veroton myynti, nettomyynti, "
                    "veroton summa, nettosumma, rivisumma"
                ),
                weak=(
                    "amount, value, subtotal, total sales, total revenue, income, total, total amount, betrag, "
                    "summe, gesamtumsatz, gesamt, gesamtbetrag, belopp, netto, summa, arvo, yhteensä"
                ),
            ),
        ),
        ColumnSpec(
            "discount",
            "number",
            "Discounts and rebates, in currency, positive",
            unit="currency",
            default=0.0,
            assumed="no discount is deducted",
            written="cost",
            totalled=True,
            summed="add",
            weight=-1.0,
            of_revenue="headed",
            synonyms=known_as(
                en=(
                    "discount amount, discounts, line discount amount, line discount, discount value, "
                    "total discount, rebate amount, rebate, rebates, allowances"
                ),
                de="rabattbetrag, rabatt, rabatte, nachlass, preisnachlass, erlösschmälerungen, skonto, bonus",
                sv="rabattbelopp, rabatter, avdrag",
                fi="alennuksen määrä, alennus, alennukset, hyvitykset, rivialennus",
                weak="deduction, deductions",
            ),
        ),
        ColumnSpec(
            "returns",
            "number",
            "Returns and credit notes, in currency, positive",
            unit="currency",
            default=0.0,
            assumed="no returns are deducted",
            written="cost",
            totalled=True,
            summed="add",
            weight=-1.0,
            of_revenue="headed",
            synonyms=known_as(
                en=(
                    "return, returns amount, return amount, returned, credit_notes, credit note, credit memo, "
                    "credits, refund, refunds, refund amount"
                ),
                de="retouren, retoure, retourenwert, rücksendungen, gutschriften, gutschrift, erstattungen",
                sv="returer, retur, kreditering, krediteringar, kreditnota",
                fi="palautukset, palautus, hyvityslaskut, hyvityslasku",
            ),
        ),
        ColumnSpec(
            "cogs",
            "number",
            "Cost of goods sold, in currency, positive",
            unit="currency",
            default=0.0,
            assumed="gross margin is then net revenue",
            written="cost",
            totalled=True,
            summed="add",
            of_revenue="plain",
            told_missing=True,
            synonyms=known_as(
                en=(
                    "cost_of_goods_sold, cost of goods, cogs amount, total cogs, cost_of_sales, "
                    "cost of revenue, cost of products sold, cost of merchandise sold, costs of goods sold, "
                    "costs of sales, goods cost, product cost, product costs, merchandise cost, material cost, "
                    "material costs, cost of materials, cost amount, cost amount (actual), actual cost amount, "
                    "cost value, extended cost, line cost, inventory value, total standard cost, "
                    "standard cost, standard costs, purchase cost, purchase value, total costs, total cost, "
                    "wavwr"
                ),
                de=(
                    "wareneinsatz, warenkosten, wareneinstand, wareneinstandswert, umsatzkosten, "
                    "herstellkosten, herstellungskosten, herstellkosten des umsatzes, materialeinsatz, "
                    "materialkosten, materialaufwand, einstandskosten, einstandswert, einkaufswert, "
                    "selbstkosten, standardkosten, gesamtkosten"
                ),
                sv=(
                    "kostnad såld vara, kostnad sålda varor, kostnad för sålda varor, kostnad för såld vara, "
                    "ksv, varukostnad, varukostnader, materialkostnad, inköpsvärde, inköpskostnad, "
                    "självkostnad, standardkostnad, totalkostnad"
                ),
                fi=(
                    "myytyjen tuotteiden hankintakulut, myytyjä suoritteita vastaavat kulut, hankintakulut, "
                    "hankintameno, hankinta-arvo, hankintahinta yhteensä, ostohinta yhteensä, "
                    "kustannus yhteensä, kustannukset yhteensä, ainekustannukset, materiaalikustannukset, "
                    "materiaalikulut, ostot, omakustannusarvo, standardikustannus"
                ),
                weak="hankintahinta, cost, costs, kosten, kostnad, kostnader, kustannus, kustannukset, kulut",
            ),
        ),
        ColumnSpec(
            "invoice",
            "text",
            "Invoice number",
            as_text=True,
            synonyms=INVOICE_HEADERS,
        ),
        ColumnSpec(
            "product",
            "name",
            "Product or product group",
            assumed="a commission rule for a product matches nothing",
            describes=True,
            unsaid=True,
            summed="part",
            scope="product",
            scope_alone=True,
            as_text=True,
            synonyms=replace(PRODUCT_HEADERS, weak=split_words("service, description")),
        ),
        ColumnSpec(
            "quantity",
            "number",
            "Units sold",
            unit="units",
            written="quantity",
            summed="add",
            synonyms=known_as(
                en=(
                    "qty, quantity sold, units sold, units, sales quantity, invoiced quantity, "
                    "billed quantity, lineitem quantity, fkimg, kwmeng"
                ),
                de="menge, stückzahl, anzahl, absatzmenge, fakturierte menge",
                sv="antal, kvantitet, antal enheter",
                fi="määrä, kpl, yksiköt, kappaleet, kappalemäärä, myyty määrä",
                weak="pcs, pieces, stück, volume",
            ),
        ),
        ColumnSpec(
            "version",
            "name",
            "Blank: actual, which is what counts; otherwise the plan that the row is part of, such as Budget",
            unsaid=True,
            groups=True,
            summed="part",
            synonyms=VERSION_HEADERS,
        ),
    ),
    feeds=N_("Revenue, discounts, returns and cost of goods sold: the top of every customer's P&L"),
    required=True,
    posts=True,
    documents=True,
    subtotals=Subtotals(("", "product")),
)

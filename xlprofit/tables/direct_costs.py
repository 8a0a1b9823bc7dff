"""The table DirectCosts: costs that are known to be one customer's: a rebate campaign, a special pallet, a fair."""

from __future__ import annotations

from xlprofit.messages import N_
from xlprofit.tables.common_headers import (
    AVOIDABLE_HEADERS,
    CUSTOMER_HEADERS,
    DAY,
    POSTED_DE,
    POSTED_EN,
    POSTED_FI,
    POSTED_SV,
    VERSION_HEADERS,
)
from xlprofit.tables.hierarchy import GROUPS
from xlprofit.tables.spec import ColumnSpec, Subtotals, TableSpec, known_as

DIRECT_COSTS = TableSpec(
    "DirectCosts",
    "Costs that are known to be one customer's: a rebate campaign, a special pallet, a fair.",
    (
        ColumnSpec(
            "date",
            "date",
            "Date of the cost",
            required=True,
            counted="span",
            synonyms=known_as(
                en=(f"{POSTED_EN}, cost date, invoice_date, budat, bldat"),
                de=f"{POSTED_DE}, rechnungsdatum",
                sv=f"{POSTED_SV}, fakturadatum",
                fi=f"{POSTED_FI}, laskupäivä",
                weak=DAY,
            ),
        ),
        ColumnSpec(
            "customer",
            "customer",
            "The customer's number or name",
            required=True,
            blank_counts=True,
            summed="part",
            named_total=True,
            synonyms=CUSTOMER_HEADERS,
        ),
        ColumnSpec(
            "group",
            "name",
            "What it was spent on: " + ", ".join(GROUPS) + ", cogs, or your own word",
            required=True,
            summed="part",
            named_total=True,
            suggested=(*GROUPS, "cogs"),
            synonyms=known_as(
                en="cost_group, cost type, cost category, expense type, expense category, category",
                de="kostenart, kostengruppe, kategorie, gruppe",
                sv="kostnadsslag, kostnadsgrupp, kategori, grupp",
                fi="kustannuslaji, kululaji, kustannusryhmä, luokka, ryhmä",
                weak="type, typ, art, tyyppi, laji",
            ),
        ),
        ColumnSpec(
            "amount",
            "number",
            "The cost, in currency, positive",
            required=True,
            unit="currency",
            written="cost",
            weight=1.0,
            totalled=True,
            summed="add",
            synonyms=known_as(
                en="cost amount, net amount, cost, costs, total cost, expense, expense amount",
                de="kosten, kostenbetrag, nettobetrag, aufwand, betrag",
                sv="kostnad, kostnader, nettobelopp, belopp",
                fi="kustannus, kustannukset, kulu, nettosumma, summa",
                weak="value, total, wert, summe, netto, yhteensä",
            ),
        ),
        ColumnSpec(
            "note",
            "text",
            "What it was",
            synonyms=known_as(
                en="description, comment, comments, memo, details, remark, posting text",
                de="beschreibung, bemerkung, kommentar, buchungstext",
                sv="beskrivning, anteckning, verifikationstext",
                fi="kuvaus, selite, huomautus",
                weak="text",
            ),
        ),
        ColumnSpec(
            "avoidable",
            "share",
            "Share of the cost that goes if the customer goes; blank: unknown, anything from none to all of it",
            minimum=0.0,
            maximum=1.0,
            assumed="how much of the cost goes with the customer is unknown",
            synonyms=AVOIDABLE_HEADERS,
        ),
        ColumnSpec(
            "once",
            "flag",
            "yes where it will not come again: it is in the profit, and not in what the customer earns a year",
            default=False,
            assumed="every cost comes again",
            summed="part",
            synonyms=known_as(
                en="one_off, one_time, non_recurring",
                de="einmalig",
                sv="engångs",
                fi="kertaluonteinen, kerta",
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
    feeds=N_("Costs taken to their customers as they are"),
    part=N_("direct costs"),
    posts=True,
    documents=True,
    subtotals=Subtotals(("", "group")),
)

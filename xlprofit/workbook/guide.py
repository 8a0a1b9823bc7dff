"""The Guide: the first sheet of a new workbook, which says what to fill in and what comes of it."""

from __future__ import annotations

from xlprofit.sheets.parts import Cell, Column, Link, Meaning, Sheet, Table, WordRule
from xlprofit.tables import TABLES

NAME = "Guide"

FEEDS = {
    "Settings": "The currency, the span of time, the rates and what counts as a lot",
    "Customers": "The names to show; segments, channels and owners to compare by",
    "Sales": "Revenue, discounts, returns and cost of goods sold: the top of every customer's P&L",
    "Resources": "Capacity cost rates: what a minute or a pallet costs, and what stands idle",
    "Allocations": "Support cost in the rates of those who serve customers",
    "Activities": "What one order, visit or call costs",
    "ActivityLog": "Cost to acquire and cost to serve, customer by customer",
    "DirectCosts": "Costs taken to their customers as they are",
    "Commissions": "Commission on each sale, by the most specific rule",
    "Invoices": "Cost of credit: financing until paid, and expected loss on what is open",
    "Balances": "Financing of receivables, where there are no invoices",
    "LossRates": "Expected loss on open invoices, by how late they are",
    "Referrals": "What a customer brings by recommending you",
    "Prospects": "Which prospects to pursue, to qualify, to pass",
    "ProspectNeeds": "The expected cost of serving a prospect",
    "ControlTotals": "The tie-out: what differs from the general ledger",
    "Sources": "Tables that lie in files or databases, too long for a sheet or kept elsewhere",
}
"""What each table feeds, in the results."""

STEPS = (
    (
        "1  Sales",
        "Paste the lines from your ERP into the sheet Sales. It is the only table that must be there.",
    ),
    (
        "2  The rest",
        "Add what you have. What is missing is left out and named in Checks; nothing is guessed.",
    ),
    ("3  Settings", "Set the currency, the length of a period and the rates. A blank takes its default."),
    (
        "4  Refresh",
        "Save and close the workbook, then run xlprofit refresh with its name; your sheets stay as they are.",
    ),
    (
        "5  Read",
        "Start at Dashboard. Mend what Checks lists, each with a link to its cell, and refresh again.",
    ),
)
"""What to do, in order."""

RULES = (
    "Revenue and cost are both written as positive amounts; returns and discounts too.",
    "A share is a fraction: 0.1, or 10% in a cell that is shown as a percentage. Never 10.",
    "A blank is an unknown. Write 0 only where you know that it is none.",
    "Columns may stand in any order and go by other names (hover over a header to see which); extra ones are ignored.",
    "Extra columns of ActivityLog, such as lines or pallets, may be the drivers that Activities names.",
    "A customer is the same whatever its case and the blanks around it; 00123 keeps its zeros.",
)
"""What to know while filling in."""

REQUIRED, OPTIONAL = "required", "optional"
LEGEND = (
    (REQUIRED, "A header on dark: the column must be there, if the table is"),
    (OPTIONAL, "A header on light: leave it blank, or out, if you do not have it"),
    ("▲ profit", "In the results: above zero, good"),
    ("▼ loss", "In the results: below zero, act"),
    ("● warning", "In the results: counted, but look at it"),
)
"""What a colour means; each has a word or a sign beside it."""

_FIRST_STEP = 5
_TABLE = _FIRST_STEP + len(STEPS) + 2
_LEGEND = _TABLE + len(TABLES) + 3
_RULES = _LEGEND + len(LEGEND) + 2


def guide() -> Sheet:
    """Return the Guide, described as a sheet: steps, tables with links, colours, rules."""
    cells = [
        Cell(1, 1, "Which customers are profitable?", Meaning.TITLE),
        Cell(
            2, 1, "Fill in the tables, refresh, and read the answer in this same workbook.", Meaning.SUBTITLE
        ),
        Cell(_FIRST_STEP - 1, 1, "Five steps", Meaning.SECTION),
        Cell(_TABLE - 1, 1, "The tables", Meaning.SECTION),
        Cell(_LEGEND - 1, 1, "Colours", Meaning.SECTION),
        Cell(_RULES - 1, 1, "Good to know", Meaning.SECTION),
    ]
    for row, (head, text) in enumerate(STEPS, _FIRST_STEP):
        cells += [Cell(row, 1, head), Cell(row, 2, text, across=3)]
    meanings = (Meaning.PLAIN, Meaning.PLAIN, Meaning.PROFIT, Meaning.LOSS, Meaning.WARNING)
    for row, ((word, text), meaning) in enumerate(zip(LEGEND, meanings, strict=True), _LEGEND):
        cells += [Cell(row, 1, word, meaning), Cell(row, 3, text, across=2)]
    cells += [Cell(row, 1, text, across=4) for row, text in enumerate(RULES, _RULES)]
    return Sheet(
        NAME,
        cells=tuple(cells),
        tables=(_tables(),),
        freeze="A4",
        tab=Meaning.PLAIN,
    )


def legend_cells() -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the row and column of the legend's swatches of a required and of an optional header."""
    return (_LEGEND, 1), (_LEGEND + 1, 1)


def _tables() -> Table:
    names = list(TABLES)
    return Table(
        "GuideTables",
        _TABLE,
        1,
        (
            Column("table", "Table", names, width=18, links=[Link(name) for name in names]),
            Column(
                "needed",
                "Needed",
                [REQUIRED if TABLES[name].required else OPTIONAL for name in names],
                width=11,
                rules=(WordRule(((REQUIRED, Meaning.NEUTRAL),)),),
            ),
            Column("holds", "What it holds", [TABLES[name].note for name in names], width=58, wrap=True),
            Column("feeds", "What it feeds", [FEEDS[name] for name in names], width=58, wrap=True),
        ),
        filtered=False,
    )

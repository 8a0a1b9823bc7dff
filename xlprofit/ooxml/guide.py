"""The Guide: the first sheet of a new workbook, which says what to fill in and what comes of it."""

from __future__ import annotations

from xlprofit.messages import N_, _, term
from xlprofit.sheets.parts import Cell, Column, Link, Meaning, Sheet, Table, WordRule
from xlprofit.tables import TABLES

NAME = "Guide"

STEPS = (
    (
        N_("1  Sales"),
        N_("Paste the lines from your ERP into the sheet Sales. It is the only table that must be there."),
    ),
    (
        N_("2  The rest"),
        N_("Add what you have. What is missing is left out and named in Checks; nothing is guessed."),
    ),
    (
        N_("3  Settings"),
        N_("Set the currency, the length of a period and the rates. A blank takes its default."),
    ),
    (
        N_("4  Refresh"),
        N_(
            "Press Refresh on the tab Customer profit; or save and close the workbook, and run xlprofit refresh "
            "with its name. Your sheets stay as they are."
        ),
    ),
    (
        N_("5  Read"),
        N_("Start at Dashboard. Fix what Checks lists, each with a link to its cell, and refresh again."),
    ),
)
"""What to do, in order."""

COLUMNS = N_(
    "Columns may stand in any order and go by other names (hover over a header to see which); extra ones are ignored."
)
DRIVERS = N_(
    "Extra columns of ActivityLog, such as lines or pallets, may be the drivers that Activities names."
)
"""What an extra column is for, where the time equations may name it."""

RULES = (
    N_("Revenue and cost are both written as positive amounts; returns and discounts too."),
    N_("A share is a fraction: 0.1, or 10% in a cell that is shown as a percentage. Never 10."),
    N_("A blank is an unknown. Write 0 only where you know that it is none."),
    COLUMNS,
    DRIVERS,
    N_(
        "A customer is the same whatever its case, blanks and apostrophes; 00123 is 123, shown as in Customers."
    ),
)
"""What to know while filling in."""

REQUIRED, OPTIONAL = N_("required"), N_("optional")
LEGEND = (
    (REQUIRED, N_("A header on dark: the column must be there, if the table is")),
    (OPTIONAL, N_("A header on light: leave it blank, or out, if you do not have it")),
    (N_("▲ profit"), N_("In the results: above zero, good")),
    (N_("▼ loss"), N_("In the results: below zero, act")),
    (N_("● warning"), N_("In the results: counted, but look at it")),
)
"""What a colour means; each has a word or a sign beside it."""

_FIRST_STEP = 5
_TABLE = _FIRST_STEP + len(STEPS) + 2
_LEGEND = _TABLE + len(TABLES) + 3
_RULES = _LEGEND + len(LEGEND) + 2


SAMPLE = N_(
    "The tables hold a sample. Refresh, look at what comes of it, then close the workbook and run xlprofit clear "
    "with its name: the sample goes; activities, time equations and what you wrote or changed stay."
)
"""What to know of a workbook with sample rows."""

SAMPLE_ROW = 3
"""The row in which that stands."""


def describe_guide_sheet(sample: bool = False) -> Sheet:
    """Return the Guide: steps, tables with links, colours, rules; and what to know of a ``sample``."""
    cells = [
        Cell(1, 1, _("Which customers are profitable?"), Meaning.TITLE),
        Cell(
            2,
            1,
            _("Fill in the tables, refresh, and read the answer in this same workbook."),
            Meaning.SUBTITLE,
        ),
        Cell(_FIRST_STEP - 1, 1, _("Five steps"), Meaning.SECTION),
        Cell(_TABLE - 1, 1, _("The tables"), Meaning.SECTION),
        Cell(_LEGEND - 1, 1, _("Colours"), Meaning.SECTION),
        Cell(_RULES - 1, 1, _("Good to know"), Meaning.SECTION),
    ]
    if sample:
        cells.append(Cell(SAMPLE_ROW, 1, _(SAMPLE), Meaning.WARNING, across=4, wrap=True))
    for row, (head, text) in enumerate(STEPS, _FIRST_STEP):
        cells += [Cell(row, 1, _(head)), Cell(row, 2, _(text), across=3)]
    meanings = (Meaning.PLAIN, Meaning.PLAIN, Meaning.PROFIT, Meaning.LOSS, Meaning.WARNING)
    for row, ((word, text), meaning) in enumerate(zip(LEGEND, meanings, strict=True), _LEGEND):
        cells += [Cell(row, 1, _(word), meaning), Cell(row, 3, _(text), across=2)]
    cells += [Cell(row, 1, _(text), across=4) for row, text in enumerate(RULES, _RULES)]
    return Sheet(
        term("sheet", NAME),
        cells=tuple(cells),
        tables=(_build_guide_table(),),
        freeze="A4",
        tab=Meaning.PLAIN,
    )


def locate_legend_cells() -> tuple[tuple[int, int], tuple[int, int]]:
    """Return the row and column of the legend's swatches of a required and of an optional header."""
    return (_LEGEND, 1), (_LEGEND + 1, 1)


def _build_guide_table() -> Table:
    names = list(TABLES)
    called = [term("table", name) for name in names]
    return Table(
        "GuideTables",
        _TABLE,
        1,
        (
            Column("table", _("Table"), called, width=18, links=[Link(name) for name in called]),
            Column(
                "needed",
                _("Needed"),
                [_(REQUIRED) if TABLES[name].required else _(OPTIONAL) for name in names],
                width=11,
                rules=(WordRule(((_(REQUIRED), Meaning.NEUTRAL),)),),
            ),
            Column(
                "holds", _("What it holds"), [_(TABLES[name].note) for name in names], width=58, wrap=True
            ),
            Column(
                "feeds", _("What it feeds"), [_(TABLES[name].feeds) for name in names], width=58, wrap=True
            ),
        ),
        filtered=False,
    )

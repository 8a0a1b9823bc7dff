"""What every result sheet has in common: its title, where its table begins, and blanks for unknowns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from xlprofit.languages import list_terms, wordings
from xlprofit.ledger.costs.direct_costs import name_direct_line
from xlprofit.messages import (
    N_,
    Message,
    _,
    capitalize_message,
    day,
    join_messages,
    number,
    space_words,
    term,
    uncapitalize_message,
)
from xlprofit.sheets import names, theme
from xlprofit.sheets.parts import Cell, Column, Figure, Link, Meaning, Sheet, Table, Value, WordRule

if TYPE_CHECKING:  # results are handed in: what makes them is not needed
    from xlprofit.results import Results

DIRECT = name_direct_line("")
"""What the name of a line of direct costs begins with; its group follows."""

CHOSEN_CELL = "B3"
"""The cell of *Customer* in which a customer is chosen."""

NAMING = ("customer", "referrer", "referred")
"""The keys of the columns that hold names of customers."""

TABLE_ROW = 6
"""The header row of a sheet's main table: title, subtitle, a blank, its total and a band stand above."""


COMPANY_HEADERS = {
    "gross_revenue": N_("Gross revenue"),
    "discounts": N_("Discounts"),
    "returns": N_("Returns"),
    "net_revenue": N_("Net revenue"),
    "cogs": N_("Cost of goods"),
    "gross_margin": N_("Gross margin"),
    "cost_to_acquire": N_("Cost to acquire"),
    "cost_to_serve": N_("Cost to serve"),
    "operating_profit": N_("Operating profit"),
    "cost_of_credit": N_("Cost of credit"),
    "profit": N_("Customer profit"),
    "channel_cost": N_("Channel cost"),
    "corporate_cost": N_("Corporate cost"),
    "idle_capacity": N_("Idle capacity"),
    "unassigned_cost": N_("Unassigned cost"),
    "company_profit": N_("Company profit"),
}
"""The words for the lines of the company's P&L."""


def build_sheet_heading(title: str, subtitle: str, across: int = 8) -> tuple[Cell, ...]:
    """Return the two lines at the top of every result sheet."""
    return (
        Cell(1, 1, title, Meaning.TITLE, across=across),
        Cell(2, 1, subtitle, Meaning.SUBTITLE, across=across),
    )


def describe_analysis_span(results: Results) -> str:
    """Return the days that the figures cover, and their currency: ``2024-01-01 – 2025-12-31 · EUR``."""
    settings = results.inputs.settings
    return day(settings.start) + " – " + day(settings.end) + f" · {settings.currency}"


def format_money_amount(amount: float, results: Results) -> str:
    """Return an amount as a sentence shows it: ``1,234 EUR``."""
    return number(amount, ",.0f") + f" {results.inputs.settings.currency}"


def format_short_money(amount: float, results: Results) -> str:
    """Return an amount as a tile or a chart shows it, in thousands or millions: ``2.86 M€``."""
    currency = results.inputs.settings.currency
    money, scale = theme.find_currency_signs(currency), theme.choose_scale(amount, currency)
    digits = number(amount / scale.divisor, f",.{scale.decimals}f")
    mark = _(scale.mark) if scale.mark else ""
    blank = "\u00a0" if money.after else ""  # at which no line is broken
    parts = (money.before, digits, blank, mark, money.after.strip())
    return join_messages("", [part for part in parts if part])


def translate_cell_words(column: pd.Series | Iterable[object]) -> list[Value]:
    """Return a column of the product's own words for cells."""
    known: dict[str, Message] = {}
    return [
        known.setdefault(v, term("word", v)) if isinstance(v, str) else v for v in list_cell_values(column)
    ]


def translate_word_rule(rule: WordRule) -> WordRule:
    """Return a rule on the product's own words."""
    return WordRule(tuple((term("word", word), meaning) for word, meaning in rule.words))


def describe_verdict_counts(column: pd.Series, words: Iterable[str]) -> str:
    """Return how many there are of each verdict that there is: ``3 to keep, 1 to end``."""
    counts = column.value_counts()
    words = tuple(words)
    return join_messages(
        ", ",
        (
            _("{n:,} to {verdict}", n=int(counts.get(word, 0)), verdict=term("word", word))
            for word in [word for word in words if word in counts] or words
        ),
    )


def name_ledger_line(line: str) -> str:
    """Return what a line of the ledger is called; an activity by its own name."""
    if line.startswith(DIRECT):
        return _("Direct costs: {group}", group=term("word", line.removeprefix(DIRECT)))
    return term("line", line)


def describe_ledger_line(line: str) -> str:
    """Return a measure, a group or a line of the ledger within a sentence: ``cost_to_serve`` → *cost to serve*."""
    if line in COMPANY_HEADERS:
        return uncapitalize_message(_(COMPANY_HEADERS[line]))
    said = name_ledger_line(line)
    return space_words(term("line/word", line)) if said == line else said


def title_ledger_line(line: str) -> str:
    """Return a measure, a group or a line of the ledger as a cell names it: ``cogs`` → *Cost of goods*."""
    return capitalize_message(describe_ledger_line(line))


def list_line_names(line: str) -> tuple[str, ...]:
    """Return what a line of the ledger, or a group, is called in every language; an activity by its own name."""
    if line.startswith(DIRECT):
        group, said = line.removeprefix(DIRECT), wordings("Direct costs: {group}")
        return tuple(text.replace("{group}", word) for text in said for word in list_terms("word", group))
    return (*list_terms("line", line), *list_terms("word", line))


def list_cell_values(column: pd.Series | Iterable[object]) -> list[Value]:
    """Return a column's values for cells: plain Python ones, an unknown as a blank."""
    series = column if isinstance(column, pd.Series) else pd.Series(list(column), dtype=object)
    if pd.api.types.is_float_dtype(series):
        return list_cell_numbers(series.to_numpy(dtype=np.float64))
    return [
        None if v is None or v is pd.NaT or (isinstance(v, float) and np.isnan(v)) else v
        for v in series.tolist()
    ]


def fill_columns(
    columns: Iterable[Column],
    frame: pd.DataFrame,
    own: Mapping[str, Sequence[Value]] | None = None,
    links: Mapping[str, Sequence[Link | None]] | None = None,
) -> tuple[Column, ...]:
    """Return described columns with what stands in them, their words in the language spoken.

    Args:
        columns: their descriptions, which know no value and no language.
        frame: a row for each of the table's; a column's values are those under its key.
        own: the values of the columns that are not the frame's, by key.
        links: the links of the columns that have some, by key.
    """
    own, links = own or {}, links or {}
    return tuple(
        replace(
            column,
            values=own[column.key] if column.key in own else list_cell_values(frame[column.key]),
            links=links.get(column.key, ()),
            header=_(column.header),
            note=_(column.note) if column.note else "",
            heading=_(column.heading) if column.heading else "",
            rules=tuple(
                translate_word_rule(rule) if isinstance(rule, WordRule) else rule for rule in column.rules
            ),
        )
        for column in columns
    )


def arrange_columns(columns: Iterable[Column], shown: Sequence[str]) -> tuple[Column, ...]:
    """Return columns in the order of the question: those ``shown`` by key, then the others, folded away.

    A key that no column has is passed over: a sheet need not have every column.
    """
    known = {column.key: column for column in columns}
    first = [known.pop(key) for key in shown if key in known]
    return (*first, *(replace(column, detail=True) for column in known.values()))


def list_cell_numbers(array: npt.NDArray[np.float64]) -> list[Value]:
    """Return an array's numbers for cells, an unknown as a blank."""
    found: list[Value] = array.tolist()
    for at in np.flatnonzero(np.isnan(array)).tolist():
        found[at] = None
    return found


def list_customer_attributes(results: Results, column: str, customers: pd.Index) -> list[Value]:
    """Return what the Customers table says in a column about these customers, blank where it says nothing."""
    table = results.inputs["Customers"]
    said: Mapping[str, str] = dict(zip(table["customer"].astype(str), table[column].astype(str), strict=True))
    return [said.get(str(c)) or None for c in customers]


def build_customer_links(
    sheet: str, customers: Iterable[str], places: Mapping[str, int], column: str = "A"
) -> list[Link | None]:
    """Return a link for each customer to its row of another sheet, none where it has no row there."""
    return [Link(sheet, f"{column}{places[c]}") if c in places else None for c in customers]


def number_customer_rows(customers: Iterable[str], first: int = TABLE_ROW + 1) -> dict[str, int]:
    """Return the sheet row of each customer in a table that lists them in this order."""
    return {str(c): first + i for i, c in enumerate(customers)}


def build_customers_column(customers: pd.Index) -> Column:
    """Return the column of customers."""
    return Column(
        "customer",
        _("Customer"),
        [str(c) for c in customers],
        width=28.0,
        note=_("Leads to the sheet Customer, where it can be chosen"),
        figure=Figure(),
    )


def link_customer_names(sheet: Sheet, customers: Collection[str]) -> Sheet:
    """Return a sheet on which each customer's name leads to the fact sheet *Customer*.

    It is done for every sheet, once it is described; a column whose names lead elsewhere stays.
    """
    to = Link(names.translate_sheet_name(names.CUSTOMER), CHOSEN_CELL)

    def lead(column: Column) -> Column:
        if column.key not in NAMING or column.links:
            return column
        links = [to if value in customers else None for value in column.values]
        return replace(column, links=links if any(links) else ())

    tables = (replace(table, columns=tuple(map(lead, table.columns))) for table in sheet.tables)
    return replace(sheet, tables=tuple(tables))


def build_all_customers_table(name: str, columns: tuple[Column, ...], listed: str = "") -> Table:
    """Return a table of all customers, with their total above it; ``listed`` names the Excel Table that it is."""
    return Table(
        name,
        TABLE_ROW,
        1,
        columns,
        total_first=True,
        total_label=_("All customers"),
        empty=_("No customers"),
        listed=listed,
    )


def build_single_table_sheet(
    results: Results, name: str, top: tuple[Cell, ...], table: Table, tab: Meaning, frozen: str = "B"
) -> Sheet:
    """Return a result sheet of one table: its head frozen and repeated on every page, its first column in sight.

    Args:
        results: the run, whose currency the money is in.
        name: the sheet's name.
        top: its title and what stands above the table.
        table: the table.
        tab: what the colour of its tab means.
        frozen: the first column that scrolls.
    """
    banded = any(column.heading for column in table.columns)
    return Sheet(
        name,
        cells=top,
        tables=(table,),
        freeze=f"{frozen}{table.first}",
        tab=tab,
        currency=results.inputs.settings.currency,
        repeat_rows=(table.row - banded, table.row),
    )

"""Plain formulas that look a chosen customer up on the hidden results sheet, and what they come to now.

No add-in, no array formula, no function younger than Excel 2010. The customer's row is found by comparing whole
names, since MATCH takes *, ? and ~ in a name for wildcards and refuses more than 255 letters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlprofit.addresses import format_column
from xlprofit.formulas import SHEET
from xlprofit.formulas.results_sheet import HEADER
from xlprofit.messages import join_messages, quote_sheet
from xlprofit.sheets.parts import Formula, Sheet, Table, Value

BODY = len(HEADER) + 2
"""The first row of the customers on the results sheet."""

Key = tuple[str, str, str]
"""The kind, the name and the group of a column of the results sheet."""


@dataclass(frozen=True)
class Facts:
    """Where the results sheet has what, and whose row is looked up.

    Attributes:
        columns: the values of each column, by its place from 1 (A), from the second row on.
        places: the place of each column by its kind, name and group.
        count: the rows of a period's block, and of that of the whole span.
        kept: how many columns are there by period.
        chosen: the place of the customer among the names, from 0.
        row: the cell that says in which of the rows the customer stands, such as ``$B$60``; 0 there: in none.
    """

    columns: Sequence[Sequence[Value]]
    places: Mapping[Key, int]
    count: int
    kept: int
    chosen: int
    row: str

    def find(self, kind: str, name: str = "", group: str = "") -> Formula:
        """Return what the customer has in a column: a blank where that is unknown."""
        place = self.places[kind, name, group]
        cells = self.name_cells(place, place)
        return Formula(guard_blank(self.row, f"INDEX({cells},{self.row})"), self.value(place))

    def value(self, place: int, period: int = 0) -> Value:
        """Return what the customer's cell of a column holds; of a period, by its number from 1."""
        return self.columns[place][BODY - 2 + self.chosen + self.count * period]

    def list_down(self, first: Key, rows: int, key: str, at: int) -> tuple[str, list[Value]]:
        """Return a formula for cells below each other that each take the next column, and what they come to.

        Args:
            first: the column of the first cell.
            rows: the number of cells.
            key: the key of the table's column that they stand beside, which counts them.
            at: the row of the first of them.
        """
        place = self.places[first]
        cells = self.name_cells(place, place + rows - 1)
        text = f"INDEX({cells},{self.row},{number_row(key, at)})"
        return guard_blank(self.row, text), [self.value(place + step) for step in range(rows)]

    def list_periods(self, measure: str, first: int, rows: int, at: int) -> tuple[str, list[Value]]:
        """Return a formula for a measure of the periods from the so-manieth on, a row each, and what they come to."""
        place = self.places["measure", measure, ""]
        letters = format_column(place + 1)
        last = BODY + self.count * (first + rows) - 1
        cells = f"{SHEET}!${letters}${BODY}:${letters}${last}"
        step = f"{self.row}+{self.count}*({number_row('period', at)}+{first - 1})"
        values = [self.value(place, first + step) for step in range(rows)]
        return guard_blank(self.row, f"INDEX({cells},{step})"), values

    def name_cells(self, first: int, last: int) -> str:
        """Return the cells of the customers in some columns, by their places, fixed."""
        left, right = format_column(first + 1), format_column(last + 1)
        return f"{SHEET}!${left}${BODY}:${right}${BODY + self.count - 1}"


def locate_facts(hidden: Sheet, customer: str, row: str) -> Facts:
    """Return where a results sheet has what; the columns that are of a customer and not of a period.

    Args:
        hidden: the results sheet, whose header is that of layout ``STACKED``.
        customer: the customer that is looked up.
        row: the cell that says in which row it stands.
    """
    columns = hidden.tables[0].columns
    values = [column.values for column in columns]
    chosen = list(values[0][BODY - 2 :]).index(customer)
    places: dict[Key, int] = {}
    for place, column in enumerate(columns[1:], 1):
        kind, name, group = (str(value or "") for value in column.values[:3])
        places[kind, name, group] = place
    count = int(columns[6].header)
    return Facts(values, places, count, int(columns[5].header), chosen, row)


def read_fact_number(value: Value) -> float:
    """Return what a formula that takes a blank for 0 reads of a cell."""
    return float(value) if isinstance(value, int | float) else 0.0


def find_row(names: str, first: int, asked: str) -> str:
    """Return the formula of the place of a name among others, whatever its case; 0 where it is not there.

    Where a program takes several of them for the same (as Excel may take ß for ss), the one that is spelt just so.

    Args:
        names: the cells of the names, fixed.
        first: the row of the first of them.
        asked: the cell with the name that is looked for.
    """
    rows = join_messages("", ("(ROW(", names, f")-{first - 1})"))
    alike = join_messages("", ("(", names, f'={asked}&"")*'))
    exact = join_messages("", ("SUMPRODUCT(EXACT(", names, f",{asked})*", rows, ")"))
    count = join_messages("", ("SUMPRODUCT(", alike, "1)"))
    only = join_messages("", (f"IF(LEN({asked})=0,0,IF(", count, "=1,SUMPRODUCT(", alike, rows, ")"))
    return join_messages("", (only, ",IF(", count, "=0,0,", exact, ")))"))


def guard_blank(row: str, text: str) -> str:
    """Return a formula that is blank where there is no such customer or nothing is known."""
    return f'IF({row}=0,"",IF({text}="","",{text}))'


def number_row(key: str, at: int) -> str:
    """Return a formula that counts the rows of a table from 1, beside the column of this key."""
    return f"ROWS($A${at}:{{{key}}})"


def look_up_text(sheet: Sheet, table: Table, key: str, row: str) -> str:
    """Return the formula of a customer's text on another of our sheets, by the cell that has the customer's row."""
    letters = format_column(table.position(key))
    cells = f"!${letters}${table.first}:${letters}${table.last}"
    text = join_messages("", ("INDEX(", quote_sheet(sheet.name), f"{cells},{row})"))
    return join_messages("", (f'IF({row}=0,"",IF(', text, '="","",', text, "))"))


def name_customers(sheet: Sheet, table: Table) -> str:
    """Return the cells of the customers' names on another of our sheets."""
    letters = format_column(table.position("customer"))
    return quote_sheet(sheet.name) + f"!${letters}${table.first}:${letters}${table.last}"

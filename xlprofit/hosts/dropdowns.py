"""The drop-downs of a new workbook: words to choose from, and the user's own names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from xlprofit.addresses import MOST_ROWS, format_column
from xlprofit.tables import SETTINGS, TABLES, ColumnSpec, TableSpec
from xlprofit.words.speech import _, term

LISTS = {table.name: column.name for table in TABLES.values() for column in table.columns if column.offered}
"""Tables whose names the drop-downs of other tables offer, by the column that holds them."""

_INLINE_LIST = 255  # characters, as many as Excel lets a list have that is written out


def add_column_dropdown(sheet: Worksheet, table: TableSpec, number: int, column: ColumnSpec | None) -> None:
    """Put a drop-down on a column where there is something to choose from."""
    if column is None:
        return
    cells = f"{format_column(number)}2:{format_column(number)}{MOST_ROWS}"
    if column.choices:
        add_list(sheet, cells, format_inline_list(term("word", word) for word in column.choices), strict=True)
    elif column.kind == "flag":
        add_list(sheet, cells, format_inline_list(term("word", word) for word in ("yes", "no")), strict=True)
    elif column.suggested:
        add_list(sheet, cells, format_inline_list(term("word", word) for word in column.suggested))
    elif column.name == "setting":
        add_list(sheet, cells, _list_setting_names())
    else:
        source = _find_dropdown_source(table, column)
        if source:
            add_list(sheet, cells, _build_list_name(source))


def _find_dropdown_source(table: TableSpec, column: ColumnSpec) -> str:
    """Return the table whose names a column takes; empty where it takes none, or is that table's own."""
    source = next((name for name, key in LISTS.items() if key == column.name_kind), "")
    return "" if source == table.name else source


def _list_setting_names() -> str:
    """Return the settings as a list, or where they are too many for one, the cells that hold them."""
    listed = format_inline_list(term("setting", name) for name in SETTINGS)
    return listed if len(listed) <= _INLINE_LIST + 2 else f"$A$2:$A${len(SETTINGS) + 1}"


def add_list(sheet: Worksheet, cells: str, source: str, strict: bool = False) -> None:
    """Put a list on cells; only a ``strict`` one refuses what is not in it."""
    listed: Any = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=strict)
    if strict:
        listed.errorTitle, listed.error = _("Not in the list"), _("Choose one of the words in the list.")
    listed.add(cells)
    sheet.add_data_validation(listed)


def format_inline_list(words: Iterable[str]) -> str:
    """Return a list written out, as a drop-down takes it: ``"yes,no"`` in quotes."""
    return '"' + ",".join(words) + '"'


def _build_list_name(table: str) -> str:
    return f"{LISTS[table]}_list"


def name_lists(workbook: Workbook) -> None:
    """Name the columns that drop-downs offer: they grow with their tables.

    A name, for Excel saves a list that points straight to another sheet in a form of its own.
    """
    for table, column in LISTS.items():
        name = _build_list_name(table)
        workbook.defined_names[name] = DefinedName(
            name, attr_text=f"{term('table', table)}[{term(table, column)}]"
        )

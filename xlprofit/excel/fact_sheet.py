"""The sheet *Customer* of an open workbook: the customer whose name is selected is chosen on it, and it is shown."""

from __future__ import annotations

from contextlib import suppress

import xlwings as xw

from xlprofit.drawing import native
from xlprofit.drawing.typed import escape_typed_value
from xlprofit.excel import result_sheets
from xlprofit.formulas import SHEET as RESULTS
from xlprofit.formulas.chosen import (
    CHOSEN_PLACE,
    FIRST_CUSTOMER,
    count_customers,
    find_selected_customer,
    map_customer_names,
)
from xlprofit.sheets.figures import Selection


def choose_customer(book: xw.Book, sheet: xw.Sheet, selection: Selection) -> str:
    """Choose on the sheet *Customer* the customer that a cell or its row names, and show the sheet; return the name.

    Nothing is computed: the formulas of the sheet look the customer up. Where no customer of the last refresh is
    named, the one who was chosen stays, and nothing is returned.

    Raises:
        XlprofitError: the sheet is protected.
    """
    name = find_selected_customer(_read_customer_names(book), selection.value, selection.in_row)
    if name:
        result_sheets.refuse_live_sheets(book, [sheet.name])
        sheet.range(CHOSEN_PLACE).raw_value = escape_typed_value(name)
    result_sheets.reveal_sheet(sheet)
    with suppress(NotImplementedError):  # some hosts cannot move the selection
        sheet.range(CHOSEN_PLACE).select()
    return name


def _read_customer_names(book: xw.Book) -> dict[str, str]:
    """Return the customers of the last refresh: a column of the results sheet, which may have a million cells."""
    if RESULTS not in book.sheet_names:
        return {}
    sheet = book.sheets[RESULTS]
    count = count_customers(native.read_block_cells(sheet.range((1, 1), (1, 7)))[0])
    if not count:
        return {}
    last = FIRST_CUSTOMER + count - 1
    rows = native.read_block_cells(sheet.range((FIRST_CUSTOMER, 1), (last, 1)))
    return map_customer_names(name for (name,) in rows)

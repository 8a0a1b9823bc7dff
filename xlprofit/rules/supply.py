"""Supply: whether the tables that are needed were given, and what is left out for want of the others."""

from __future__ import annotations

from collections.abc import Mapping

from xlprofit.addresses import format_column
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.messages import _, join_messages, name_in_workbook
from xlprofit.reading.faults import Book, quote_value
from xlprofit.reading.tables import Read
from xlprofit.tables import TABLES, Raw


def check_structure(raws: Mapping[str, Raw], read: Read) -> list[Finding]:
    """Return what is to be said of tables that were not given or have nothing in them."""
    shuffled = dict.fromkeys(raw.sheet for raw in raws.values() if raw.shuffled)
    return [
        *_check_sales_table(raws, read),
        *(_report_rows_below(raw) for raw in raws.values() if raw.below),
        *(_report_columns_beside(raw) for raw in raws.values() if raw.beside),
        *(_report_shuffled_cells(sheet) for sheet in shuffled),
        *(_report_further_sheet(raw, sheet) for raw in raws.values() for sheet in raw.further),
        *_report_missing_parts(read),
    ]


def _check_sales_table(raws: Mapping[str, Raw], read: Read) -> list[Finding]:
    """Return the stop where there are no sales that can be read."""
    if "Sales" not in raws:
        others = join_messages(", ", (name_in_workbook(name) for name in TABLES if name in raws))
        what = (
            phrase("T01", "no_table_sheet_only", others=others) if others else phrase("T01", "no_table_sheet")
        )
        return [build_finding("T01", "", "", what)]
    sheet, draft = raws["Sales"].sheet, read.drafts.get("Sales")
    if draft is None:
        return [build_finding("T02", sheet, "", phrase("T02", "sheet_no_sales"))]
    if draft.usable.any():
        return []
    count = int(draft.place.lines_of(draft.rows[~draft.empty]).sum())
    return [build_finding("T02", sheet, "", phrase("T02", "none_rows_can", n=count))]


def _report_missing_parts(read: Read) -> list[Finding]:
    """Return the note on the parts of the figures that are left out, since no table feeds them."""
    wanting = []
    for part in dict.fromkeys(table.part for table in TABLES.values() if table.part):
        missing = _list_missing_tables(part, read)
        if missing:
            wanting.append(_(part) + " (" + join_messages(", ", map(name_in_workbook, missing)) + ")")
    if not wanting:
        return []
    what = phrase("T03", "left_out_since", parts=join_messages(", ", wanting))
    return [build_finding("T03", "", "", what, count=len(wanting))]


def _list_missing_tables(part: str, read: Read) -> list[str]:
    """Return the tables that were not given of those that feed a part; none where one will do and was given."""
    feeding = [table for table in TABLES.values() if table.part == part]
    missing = [table.name for table in feeding if table.name not in read.drafts]
    suffices = len(missing) < len(feeding) and all(table.either for table in feeding)
    return [] if suffices or (part == TABLES["Referrals"].part and _counts_referrals(read)) else missing


def _counts_referrals(read: Read) -> bool:
    """Return whether Customers says how many each has brought: word of mouth is valued without their names too."""
    if "Customers" not in read.drafts:
        return False
    counts = read.drafts["Customers"].readings.get("referrals")
    return counts is not None and bool((~counts.blank & ~counts.bad).any())


def _report_rows_below(raw: Raw) -> Finding:
    what = phrase(
        "T04",
        "rows_stand_right",
        n=raw.below,
    )
    return build_finding(
        "T04", raw.sheet, f"{format_column(raw.column)}{raw.below_row}", what, count=raw.below
    )


def _report_columns_beside(raw: Raw) -> Finding:
    headers = [quote_value(str(header)) for header in raw.frame.columns[-raw.beside :]]
    what = phrase("T08", "columns_stand_right", n=raw.beside, headers=join_messages(", ", headers))
    place = format_column(raw.column + raw.frame.shape[1] - raw.beside)
    return build_finding("T08", raw.sheet, f"{place}{raw.row}", what, count=raw.beside)


def _report_shuffled_cells(sheet: str) -> Finding:
    return build_finding("T06", sheet, "", phrase("T06", "cells_sheet_not"))


def _report_further_sheet(raw: Raw, sheet: str) -> Finding:
    what = phrase(
        "T07",
        "sheet_not_read",
        further=quote_value(sheet),
        table=name_in_workbook(raw.name),
    )
    return build_finding("T07", raw.sheet, "", what)


def check_sales_left(book: Book) -> list[Finding]:
    """Return the stop where no sales line is left."""
    sales = book["Sales"]
    what = phrase("T02", "no_sales_line")
    return [] if len(sales) else [build_finding("T02", sales.place.sheet, "", what)]

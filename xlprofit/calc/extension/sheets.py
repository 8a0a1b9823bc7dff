"""Bringing result sheets from one document into another, so that what points at them keeps its target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from com.sun.star.table import CellAddress  # type: ignore[import-not-found]  # LibreOffice's own

from xlprofit.calc.extension import charts, looks
from xlprofit.languages import list_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

_DRAWINGS = 128
_CELLS = 1023 - _DRAWINGS
"""All that a cell may hold: values, notes, formulas, formats; not what is drawn over it."""

_FORMULAS = 16
_ROWS_AT_ONCE = 200


class Brought(NamedTuple):
    """Sheets that were brought into a document: their names, and those of them that are new."""

    names: Sequence[str]
    fresh: Sequence[str]


def bring_sheets(source: Any, document: Any, former: Mapping[str, str]) -> Brought:
    """Bring all sheets of a document into another: a new one at its end, one that is there refilled in place.

    Args:
        source: the document with the sheets, which is not to be saved.
        document: the other one.
        former: what sheets of ours in the other document are called now, by the name that they are to have.
    """
    for name, called in former.items():
        _rename_sheet(document.Sheets.getByName(called), name)
    names = source.Sheets.ElementNames
    fresh = tuple(name for name in names if not document.Sheets.hasByName(name))
    looks.name_rules(source, document)
    for name in fresh:
        document.Sheets.importSheet(source, name, document.Sheets.Count)
    kept = _rebind_charts(source, document, fresh)  # once all are there, for they show each other's cells
    for name in names:
        if name not in fresh:
            _refill_sheet(source, document, name, name in kept)
    for name in names:  # what was brought over points into the other document
        drawn, target = source.Sheets.getByName(name), document.Sheets.getByName(name)
        _copy_formulas(drawn, target)
        _copy_print_layout(drawn, target)
    looks.set_pages(source, document, fresh)
    looks.copy_sheet_views(source, document, [n for n in fresh if source.Sheets.getByName(n).IsVisible])
    return Brought(names, fresh)


def _rebind_charts(source: Any, document: Any, fresh: Sequence[str]) -> set[str]:
    """Let the charts of new sheets, and of those whose charts match, show the document's cells; return these sheets."""
    kept: set[str] = set()
    for name in source.Sheets.ElementNames:
        drawn, target = source.Sheets.getByName(name), document.Sheets.getByName(name)
        if name in fresh or charts.has_matching_charts(drawn, target):
            charts.rebind_chart_series(drawn, target, document)
            kept.add(name)
    return kept


def find_own_sheet(document: Any, name: str) -> Any:
    """Return the sheet of ours of an English name, whatever it is called in this document; ``None`` without one.

    Where the user has a sheet of its name, a mark stands behind ours.
    """
    called = list_terms("sheet", name)
    for there in document.Sheets.ElementNames:
        if there.partition(" (xlprofit")[0] in called:
            sheet = document.Sheets.getByName(there)
            if is_result_sheet(sheet):
                return sheet
    return None


def is_result_sheet(sheet: Any) -> bool:
    """Whether a sheet is ours: a name of the sheet's own holds what the sheet is called."""
    known = map(sheet.NamedRanges.getByName, sheet.NamedRanges.ElementNames)
    return any(one.Content == f'"{sheet.Name}"' for one in known)


def put_rows(document: Any, name: str, rows: Sequence[Sequence[object]]) -> None:
    """Put rows into a sheet that is there, from A1 on, in place of what it held, and hide the sheet."""
    sheet = document.Sheets.getByName(name)
    find_used_cells(sheet).clearContents(_CELLS)
    sheet.IsVisible = False
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[first : first + _ROWS_AT_ONCE]
        width = max(len(row) for row in part)
        area = sheet.getCellRangeByPosition(0, first, width - 1, first + len(part) - 1)
        area.setDataArray(tuple(tuple("" if c is None else c for c in row) for row in part))


@contextmanager
def batch_changes(document: Any) -> Iterator[None]:
    """Change a document without its window following and without steps that could be undone one by one."""
    document.lockControllers()
    document.addActionLock()
    document.IsUndoEnabled = False
    try:
        yield
    finally:
        document.IsUndoEnabled = True
        document.removeActionLock()
        document.unlockControllers()


def find_used_cells(sheet: Any) -> Any:
    """Return the cells of a sheet from A1 to the last that is used."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.RangeAddress
    return sheet.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow)


def _rename_sheet(sheet: Any, name: str) -> None:
    """Give a sheet of ours its name in another language, and its mark with it."""
    quoted = f'"{sheet.Name}"'
    sheet.Name = name
    for known in map(sheet.NamedRanges.getByName, sheet.NamedRanges.ElementNames):
        if known.Content == quoted:
            known.setContent(f'"{name}"')


def _refill_sheet(source: Any, document: Any, name: str, keeps_charts: bool) -> None:
    """Put what a sheet holds into the one of its name; where it ``keeps_charts`` they stay, with their new figures.

    In a window LibreOffice 7.4 crashes where a chart is taken off a sheet by name, and at times where one is copied.
    """
    target = document.Sheets.getByName(name)
    drawn = source.Sheets.getByName(name)
    if keeps_charts:
        drawn.clearContents(_DRAWINGS)
    else:
        target.clearContents(_DRAWINGS)
    place = document.Sheets.importSheet(source, name, document.Sheets.Count)
    fresh = document.Sheets.getByIndex(place)
    try:
        find_used_cells(target).clearContents(_CELLS)
        _show_all_rows(target)
        target.copyRange(CellAddress(target.RangeAddress.Sheet, 0, 0), find_used_cells(fresh).RangeAddress)
        _copy_sizes(fresh, target)
        _copy_filter(document, fresh, target)
    finally:
        document.Sheets.removeByName(fresh.Name)


def _show_all_rows(sheet: Any) -> None:
    find_used_cells(sheet).Rows.IsVisible = True


def _copy_filter(document: Any, fresh: Any, target: Any) -> None:
    """Put the drop-downs of a filter where a fresh sheet has them, with nothing filtered."""
    filters = document.getPropertyValue("UnnamedDatabaseRanges")
    here, there = fresh.RangeAddress.Sheet, target.RangeAddress.Sheet
    if filters.hasByTable(there):
        filters.getByTable(there).AutoFilter = False
    if filters.hasByTable(here):
        area = filters.getByTable(here).DataArea
        area.Sheet = there
        filters.setByTable(area)
        filters.getByTable(there).AutoFilter = True


def _copy_sizes(fresh: Any, target: Any) -> None:
    last = find_used_cells(fresh).RangeAddress
    for column in range(last.EndColumn + 1):
        target.Columns.getByIndex(column).Width = fresh.Columns.getByIndex(column).Width
    for row in range(last.EndRow + 1):
        target.Rows.getByIndex(row).Height = fresh.Rows.getByIndex(row).Height


def _copy_formulas(source: Any, target: Any) -> None:
    """Give formulas their text again, which names sheets and not documents."""
    for address in _list_areas(source.queryContentCells(_FORMULAS)):
        place = (address.StartColumn, address.StartRow, address.EndColumn, address.EndRow)
        text = source.getCellRangeByPosition(*place).getFormulaArray()
        if not any(cell.startswith("{") for line in text for cell in line):
            target.getCellRangeByPosition(*place).setFormulaArray(text)
            continue
        for row, line in enumerate(text, address.StartRow):
            for column, cell in enumerate(line, address.StartColumn):
                _type_formula(source, target, (column, row), cell)


def _type_formula(source: Any, target: Any, place: tuple[int, int], formula: str) -> None:
    """Type a formula into a cell; an array, which each of its cells shows in braces, at its first one and once."""
    if not formula.startswith("{"):
        target.getCellByPosition(*place).setFormula(formula)
        return
    whole = source.createCursorByRange(source.getCellByPosition(*place))
    whole.collapseToCurrentArray()
    area = whole.RangeAddress
    if (area.StartColumn, area.StartRow) == place:
        cells = (area.StartColumn, area.StartRow, area.EndColumn, area.EndRow)
        target.getCellRangeByPosition(*cells).setArrayFormula(formula[1:-1])


def _copy_print_layout(source: Any, target: Any) -> None:
    """Give a sheet the colour of its tab and what of it is printed."""
    target.TabColor = source.TabColor
    own = target.RangeAddress.Sheet
    areas = source.PrintAreas
    titles = source.TitleRows
    for address in (*areas, titles):
        address.Sheet = own
    target.setPrintAreas(areas)
    target.setPrintTitleRows(source.PrintTitleRows)
    target.setTitleRows(titles)


def _list_areas(ranges: Any) -> Iterable[Any]:
    return ranges.RangeAddresses if ranges is not None else ()

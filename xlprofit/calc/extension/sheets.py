"""Bringing result sheets from one document into another, so that what points at them keeps its target."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import uno  # type: ignore[import-not-found]  # LibreOffice's own
from com.sun.star.table import CellAddress  # type: ignore[import-not-found]  # the same

_EVERYTHING = 1023
"""All that a cell may hold: values, notes, formulas, formats, drawings."""

_FORMULAS = 16
_ROWS_AT_ONCE = 200


def bring(source: Any, document: Any) -> None:
    """Bring all sheets of a document into another: a new one at its end, one that is there refilled in place."""
    names = source.Sheets.ElementNames
    for name in names:
        if document.Sheets.hasByName(name):
            _refill(source, document, name)
        else:
            document.Sheets.importSheet(source, name, document.Sheets.Count)
    for name in names:  # once all are there: what was brought over points into the other document
        fresh, target = source.Sheets.getByName(name), document.Sheets.getByName(name)
        _retype(fresh, target)
        _recast(fresh, target, document)
        _lay_out(fresh, target)


def put_rows(document: Any, name: str, rows: Sequence[Sequence[object]]) -> None:
    """Put rows into a hidden sheet of their own, from A1 on, in place of what it held."""
    sheets = document.Sheets
    if sheets.hasByName(name):
        sheet = sheets.getByName(name)
        used(sheet).clearContents(_EVERYTHING)
    else:
        sheets.insertNewByName(name, sheets.Count)
        sheet = sheets.getByName(name)
    sheet.IsVisible = False
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        part = rows[first : first + _ROWS_AT_ONCE]
        width = max(len(row) for row in part)
        area = sheet.getCellRangeByPosition(0, first, width - 1, first + len(part) - 1)
        area.setDataArray(tuple(tuple("" if c is None else c for c in row) for row in part))


def used(sheet: Any) -> Any:
    """Return the cells of a sheet from A1 to the last that is used."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    last = cursor.RangeAddress
    return sheet.getCellRangeByPosition(0, 0, last.EndColumn, last.EndRow)


def _refill(source: Any, document: Any, name: str) -> None:
    target = document.Sheets.getByName(name)
    place = document.Sheets.importSheet(source, name, document.Sheets.Count)
    fresh = document.Sheets.getByIndex(place)
    try:
        used(target).clearContents(_EVERYTHING)
        for chart in target.Charts.ElementNames:
            target.Charts.removeByName(chart)
        _show_all_rows(target)
        target.copyRange(CellAddress(target.RangeAddress.Sheet, 0, 0), used(fresh).RangeAddress)
        _copy_sizes(fresh, target)
    finally:
        document.Sheets.removeByName(fresh.Name)


def _show_all_rows(sheet: Any) -> None:
    used(sheet).Rows.IsVisible = True


def _copy_sizes(fresh: Any, target: Any) -> None:
    last = used(fresh).RangeAddress
    for column in range(last.EndColumn + 1):
        target.Columns.getByIndex(column).Width = fresh.Columns.getByIndex(column).Width
    for row in range(last.EndRow + 1):
        target.Rows.getByIndex(row).Height = fresh.Rows.getByIndex(row).Height


def _retype(source: Any, target: Any) -> None:
    """Give formulas their text again, which names sheets and not documents."""
    for address in _areas(source.queryContentCells(_FORMULAS)):
        place = (address.StartColumn, address.StartRow, address.EndColumn, address.EndRow)
        text = source.getCellRangeByPosition(*place).getFormulaArray()
        target.getCellRangeByPosition(*place).setFormulaArray(text)


def _recast(source: Any, target: Any, document: Any) -> None:
    """Give the series of charts their cells again, which were brought over as those of the other document."""
    names = target.Charts.ElementNames
    for place, name in enumerate(source.Charts.ElementNames):
        drawn = source.Charts.getByName(name).EmbeddedObject
        copied = target.Charts.getByName(names[place]).EmbeddedObject
        if copied.hasInternalDataProvider():  # it came with a copy of the figures instead of their cells
            copied.attachDataProvider(document.createInstance("com.sun.star.chart2.data.DataProvider"))
        for old, new in zip(list(_series(drawn)), list(_series(copied))):
            new.setData(tuple(_sequence(copied.DataProvider, labelled) for labelled in old.DataSequences))
        for old, new in zip(_systems(drawn), _systems(copied)):
            _name_categories(old, new, copied.DataProvider)


def _series(chart: Any) -> Iterable[Any]:
    for system in _systems(chart):
        for kind in system.ChartTypes:
            yield from kind.DataSeries


def _systems(chart: Any) -> Sequence[Any]:
    systems: Sequence[Any] = chart.FirstDiagram.CoordinateSystems
    return systems


def _name_categories(drawn: Any, copied: Any, provider: Any) -> None:
    named = drawn.getAxisByDimension(0, 0).getScaleData().Categories
    if named is None:
        return
    axis = copied.getAxisByDimension(0, 0)
    scale = axis.getScaleData()
    scale.Categories = _sequence(provider, named)
    axis.setScaleData(scale)


def _sequence(provider: Any, labelled: Any) -> Any:
    """Return a series' values and label, of the same cells as another's."""
    made = uno.getComponentContext().ServiceManager.createInstance(
        "com.sun.star.chart2.data.LabeledDataSequence"
    )
    for part in ("Values", "Label"):
        cells = getattr(labelled, part)
        if cells is not None:
            again = provider.createDataSequenceByRangeRepresentation(cells.SourceRangeRepresentation)
            again.Role = cells.Role
            setattr(made, part, again)
    return made


def show_as(source: Any, document: Any, names: Iterable[str]) -> None:
    """Show sheets in a document's window as in another's: the rows and columns that stay."""
    drawn, view = source.CurrentController, document.CurrentController
    if drawn is None or view is None:
        return
    before = view.ActiveSheet
    for name in names:
        drawn.setActiveSheet(source.Sheets.getByName(name))
        view.setActiveSheet(document.Sheets.getByName(name))
        if drawn.hasFrozenPanes():
            view.freezeAtPosition(drawn.getSplitColumn(), drawn.getSplitRow())
    view.setActiveSheet(before)


def _lay_out(source: Any, target: Any) -> None:
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


def _areas(ranges: Any) -> Iterable[Any]:
    return ranges.RangeAddresses if ranges is not None else ()

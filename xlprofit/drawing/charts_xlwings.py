"""Charts of a sheet's description as charts of live Excel.

xlwings Lite and servers know a chart by one block of cells and do not say what series it has: there a
chart is drawn where its series stand side by side, in the colours that Excel gives them;
bubbles are drawn by Excel on Windows alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import xlwings as xw

from xlprofit import addresses
from xlprofit.drawing import layout, native
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Chart, Meaning, Series, Sheet, Table

PREFIX = "xlprofit "
"""What the names of our charts begin with; any other chart on a result sheet is the user's."""

_KINDS = {
    "line": "line",
    "column": "column_clustered",
    "bar": "bar_clustered",
    "area": "area",
    "bubble": "bubble",
}
_STACKED = {"line": "line_stacked", "column": "column_stacked", "bar": "bar_stacked", "area": "area_stacked"}


def remove_charts(live: xw.Sheet) -> None:
    """Delete the charts that an earlier refresh drew."""
    for chart in reversed([c for c in live.charts if c.name.startswith(PREFIX)]):
        chart.delete()


def draw_charts(live: xw.Sheet, sheet: Sheet, book: Sequence[Sheet]) -> None:
    """Draw the charts of a sheet; their tables stand on it or on one of ``book``, drawn already."""
    for number, chart in enumerate(sheet.charts, 1):
        source = layout.find_charted_sheet(sheet, chart, book)
        block = _find_series_range(live.book, source, chart)
        if block is None:
            continue
        kinds = _STACKED if chart.stacked else _KINDS
        drawn = live.charts.add(
            anchor=live.range(addresses.format_address(chart.row, chart.column)),
            width=chart.width,
            height=chart.height,
            name=f"{PREFIX}{number}",
            style=None,
        )
        drawn.set_source_data(block, "columns")
        drawn.chart_type = kinds[chart.kind]
        drawn.title = theme.clean_text(chart.title)
        if chart.kind != "bubble":  # whose first column is where they stand
            drawn.set_x_axis_values(_find_charted_range(live.book, source, chart, *chart.category))
        _format_axes_and_legend(drawn, chart, source)
        with suppress(NotImplementedError):  # Lite and servers cannot say what series there are
            _format_series(drawn, chart)


def _find_series_range(book: xw.Book, source: Sheet, chart: Chart) -> xw.Range | None:
    """Return the cells of the series under their headers, or ``None`` where one block cannot hold them."""
    if chart.kind == "bubble":
        return _find_bubble_range(book, source, chart)
    tables = {series.table for series in chart.series}
    table = source.table(chart.series[0].table)
    places = [table.position(s.key) for s in chart.series if s.table == table.name]
    last = _find_last_charted_row(table, chart)
    live = book.sheets[source.name]
    if len(tables) == 1 and places == list(range(places[0], places[0] + len(places))):
        return live.range((table.row, places[0]), (last, places[-1]))
    if not native.can_reach_excel(book):
        return None
    blocks = []
    for series in chart.series:
        of = source.table(series.table)
        letters = addresses.format_column(of.position(series.key))
        blocks.append(f"{letters}{of.row}:{letters}{_find_last_charted_row(of, chart)}")
    return live.range(",".join(blocks))


def _find_bubble_range(book: xw.Book, source: Sheet, chart: Chart) -> xw.Range | None:
    """Return the cells of the places and sizes of bubbles; ``None`` where they cannot be given in one block."""
    if chart.sizes is None or not native.can_reach_excel(book):
        return None
    table = source.table(chart.category[0])
    last = _find_last_charted_row(table, chart)
    keys = (chart.category[1], chart.series[0].key, chart.sizes[1])
    letters = [addresses.format_column(table.position(key)) for key in keys]
    return book.sheets[source.name].range(",".join(f"{one}{table.first}:{one}{last}" for one in letters))


def _find_last_charted_row(table: Table, chart: Chart) -> int:
    return table.first + max(layout.count_charted_rows(table, chart), 1) - 1


def _find_charted_range(book: xw.Book, source: Sheet, chart: Chart, table_name: str, key: str) -> xw.Range:
    table = source.table(table_name)
    at = table.position(key)
    return book.sheets[source.name].range((table.first, at), (_find_last_charted_row(table, chart), at))


def _format_axes_and_legend(drawn: xw.Chart, chart: Chart, source: Sheet) -> None:
    """Dress the axes and the legend."""
    largest = max([0.0, *(abs(v) for s in chart.series for v in _list_charted_values(source, chart, s))])
    drawn.value_axis.set(number_format=theme.build_axis_format(chart.y_format, source.currency, largest))
    if chart.y_title:
        drawn.value_axis.set(title=chart.y_title)
    if chart.x_title:
        drawn.category_axis.set(title=chart.x_title)
    if chart.kind == "bar":
        drawn.category_axis.set(reverse_order=True, crosses="maximum")
    if len(chart.series) > 1 and not chart.plain:
        drawn.legend.position = "bottom"
    else:
        drawn.legend.visible = False


def _list_charted_values(source: Sheet, chart: Chart, series: Series) -> list[float]:
    table = source.table(series.table)
    values = list(layout.find_table_column(table, series.key).values)
    return layout.list_finite_numbers(values[: layout.count_charted_rows(table, chart)])


def _format_series(drawn: xw.Chart, chart: Chart) -> None:
    """Give each series its name, its shade and its axis."""
    for number, series in enumerate(chart.series):
        earlier = sum(s.meaning is series.meaning for s in chart.series[:number])
        shade = theme.choose_series_shade(series.meaning, earlier)
        live = drawn.series[number]
        looks: dict[str, Any] = {"name": theme.clean_text(series.title)}
        if series.secondary:
            looks |= {"chart_type": "line", "axis_group": "secondary", "line_color": f"#{shade}"}
        elif series.hidden:
            looks["fill_color"] = f"#{theme.WHITE}"  # no fill at all is not to be had: the paper's own colour
        elif chart.kind == "line":
            looks["line_color"] = f"#{shade}"
        else:
            looks["fill_color"] = f"#{theme.mix_colour(shade, 0.4) if chart.kind == 'area' else shade}"
        live.set(**looks)
        if chart.invert_negative and chart.kind in ("column", "bar"):
            native.colour_negative_points(live, drawn, encode_excel_colour(theme.find_shade(Meaning.LOSS)))


def encode_excel_colour(colour: str) -> int:
    """Return a colour ``RRGGBB`` as Excel counts it.

    >>> encode_excel_colour("010203")
    197121
    """
    return int(colour[4:6] + colour[2:4] + colour[0:2], 16)

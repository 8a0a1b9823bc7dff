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
from xlprofit.drawing import native
from xlprofit.drawing.blocks import Block
from xlprofit.drawing.plots import Plot, build_plot
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Meaning, Sheet

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
        plot = build_plot(sheet, chart, book)
        block = _find_series_range(live.book, plot)
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
            drawn.set_x_axis_values(_find_live_range(live.book, plot, plot.category.block))
        _format_axes_and_legend(drawn, plot)
        with suppress(NotImplementedError):  # Lite and servers cannot say what series there are
            _format_series(drawn, plot)


def _find_series_range(book: xw.Book, plot: Plot) -> xw.Range | None:
    """Return the cells of the series under their headers, or ``None`` where one block cannot hold them."""
    if plot.chart.kind == "bubble":
        return _find_bubble_range(book, plot)
    blocks = [one.cells.block._replace(row=one.cells.table.row) for one in plot.series]
    first, last = blocks[0], blocks[-1]
    side_by_side = [block.column for block in blocks] == list(range(first.column, first.column + len(blocks)))
    if side_by_side and len({one.series.table for one in plot.series}) == 1:
        return _find_live_range(book, plot, first._replace(last_column=last.column))
    return _join_live_ranges(book, plot, blocks)


def _find_bubble_range(book: xw.Book, plot: Plot) -> xw.Range | None:
    """Return the cells of the places and sizes of bubbles; ``None`` where they cannot be given in one block."""
    if plot.chart.sizes is None:
        return None
    return _join_live_ranges(
        book, plot, [cells.block for cells in (plot.category, plot.series[0].cells, plot.sizes)]
    )


def _join_live_ranges(book: xw.Book, plot: Plot, blocks: Sequence[Block]) -> xw.Range | None:
    """Return cells that stand apart as one range, which only Excel on Windows knows."""
    if not native.can_reach_excel(book):
        return None
    return book.sheets[plot.source.name].range(",".join(addresses.format_block(*block) for block in blocks))


def _find_live_range(book: xw.Book, plot: Plot, block: Block) -> xw.Range:
    first, last = (block.row, block.column), (block.last_row, block.last_column)
    return book.sheets[plot.source.name].range(first, last)


def _format_axes_and_legend(drawn: xw.Chart, plot: Plot) -> None:
    """Dress the axes and the legend."""
    chart = plot.chart
    drawn.value_axis.set(number_format=plot.value_format)
    if chart.y_title:
        drawn.value_axis.set(title=chart.y_title)
    if chart.x_title:
        drawn.category_axis.set(title=chart.x_title)
    if chart.kind == "bar":
        drawn.category_axis.set(reverse_order=True, crosses="maximum")
    if plot.has_legend:
        drawn.legend.position = "bottom"
    else:
        drawn.legend.visible = False


def _format_series(drawn: xw.Chart, plot: Plot) -> None:
    """Give each series its name, its shade and its axis."""
    chart = plot.chart
    for number, one in enumerate(plot.series):
        series, shade = one.series, one.shade
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

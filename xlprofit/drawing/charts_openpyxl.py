"""Charts of a sheet's description as openpyxl charts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from openpyxl.chart import AreaChart, BarChart, BubbleChart, LineChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    StrData,
    StrRef,
)
from openpyxl.chart.label import DataLabel, DataLabelList
from openpyxl.chart.layout import Layout
from openpyxl.chart.legend import LegendEntry
from openpyxl.chart.marker import DataPoint, Marker
from openpyxl.chart.series import Series as DrawnSeries
from openpyxl.chart.series import SeriesLabel, XYSeries
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    ListStyle,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.xml.functions import Element, SubElement

from xlprofit import addresses
from xlprofit.drawing import layout
from xlprofit.drawing.digits import format_number_digits, round_values
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Chart, Column, Format, Meaning, Series, Sheet, Table, Value

Plot = AreaChart | BarChart | BubbleChart | LineChart

SMALLEST = 10.0
"""The size of the smallest letters of a chart, in points: printed they are 8 points tall or more."""

_POINT = 12700
_CM = 2.54 / 72
_MOST_LABELS = 12
_STEPS = tuple(step * 10**power for power in range(7) for step in (1, 2, 5))


def draw_chart(worksheet: Worksheet, sheet: Sheet, chart: Chart, book: Sequence[Sheet]) -> None:
    """Draw one chart at its corner; its tables stand on this sheet or on one of ``book``."""
    source = layout.find_charted_sheet(sheet, chart, book)
    drawn: Plot
    if chart.kind == "bubble":
        drawn = _build_bubble_plot(chart, source)
    else:
        drawn = _build_first_plot(chart, [s for s in chart.series if not s.secondary], source)
        _format_first_axes(drawn, chart, source)
    second = [s for s in chart.series if s.secondary]
    if second:
        drawn += _build_second_plot(chart, second, source)
    drawn.title = _build_chart_title(chart.title, 12.0, theme.NAVY, bold=True)
    sized: Any = drawn  # the stubs hold the sizes, in cm, for whole numbers
    sized.width, sized.height = chart.width * _CM, chart.height * _CM
    drawn.roundedCorners = False
    folded = any(column.detail for table in source.tables for column in table.columns)
    drawn.visible_cells_only = source is sheet and not sheet.hidden and not folded
    drawn.graphical_properties = GraphicalProperties(
        solidFill=theme.WHITE, ln=LineProperties(solidFill=theme.HAIRLINE, w=_POINT // 2)
    )
    if len(chart.series) > 1 and drawn.legend is not None and not chart.plain:
        drawn.legend.position = "b"
        drawn.legend.overlay = False
        drawn.legend.txPr = _build_rich_text(SMALLEST, theme.GREY)
        drawn.legend.legendEntry = [
            LegendEntry(idx=at, delete=True) for at, series in enumerate(chart.series) if series.hidden
        ]
    else:
        drawn.legend = None
    worksheet.add_chart(drawn, addresses.format_address(chart.row, chart.column))


def _build_first_plot(chart: Chart, series: Sequence[Series], source: Sheet) -> Plot:
    """Return the plot of the series of the first axis."""
    plot: Plot
    if chart.kind == "line":
        plot = LineChart()
    elif chart.kind == "area":
        plot = AreaChart(grouping="stacked" if chart.stacked else "standard")
    else:
        plot = BarChart(barDir="bar" if chart.kind == "bar" else "col", gapWidth=45)
        if chart.stacked:
            plot.grouping, plot.overlap = "stacked", 100
        elif len(series) > 1:
            plot.overlap = -5
    plot.ser = [_build_drawn_series(chart, s, source, line=chart.kind == "line") for s in series]
    return plot


def _build_bubble_plot(chart: Chart, source: Sheet) -> BubbleChart:
    """Return a series for each bubble, called as it is: its place by two numbers, its size by a third.

    A row without a number is left out: a bubble of nothing has no place.
    """
    assert chart.sizes is not None and chart.labels is not None
    table = source.table(chart.category[0])
    parts = (chart.category, (chart.series[0].table, chart.series[0].key), chart.sizes)
    columns = [layout.find_table_column(table, key) for _table, key in parts]
    labels = layout.find_table_column(table, chart.labels[1])
    plot = BubbleChart(bubbleScale=60, showNegBubbles=False)
    drawn: list[XYSeries] = []
    for at in range(layout.count_charted_rows(table, chart)):
        numbers = [column.values[at] for column in columns]
        if len(layout.list_finite_numbers(numbers)) == len(numbers):
            name = StrRef(f=_build_row_address(source, table, labels, at))
            name.strCache = _ShownTexts(ptCount=1)
            name.strCache.points = [(0, theme.clean_text(str(labels.values[at])))]
            cells = [_build_cell_source(source, table, column, at) for column in columns]
            drawn.append(_build_bubble(len(drawn), name, cells, float(str(numbers[1]))))
    plot.ser = drawn
    plot.legend = None
    _format_bubble_axes(plot, chart, source)
    return plot


def _build_row_address(source: Sheet, table: Table, column: Column, at: int) -> str:
    """Return the address of one cell of a column, fixed and with its sheet."""
    letters = addresses.format_column(table.position(column.key))
    return f"{addresses.quote_sheet_name(source.name)}!${letters}${table.first + at}"


def _build_cell_source(source: Sheet, table: Table, column: Column, at: int) -> NumRef:
    """Return one charted cell of a column with what it holds."""
    shown = _ShownNumbers(formatCode=theme.build_number_format(column.format, source.currency), ptCount=1)
    shown.points = [
        (0, format_number_digits(value))
        for value in round_values([column.values[at]])
        if isinstance(value, int | float)
    ]
    return NumRef(f=_build_row_address(source, table, column, at), numCache=shown)


def _build_bubble(place: int, name: StrRef, cells: Sequence[NumRef], value: float) -> XYSeries:
    """Return one bubble with its name beside it; what lies below zero has the shade of a loss."""
    across, up, size = cells
    bubble = XYSeries(idx=place, order=place, tx=SeriesLabel(strRef=name))
    bubble.xVal = AxDataSource(numRef=across)
    bubble.yVal = NumDataSource(numRef=up)
    bubble.bubbleSize = NumDataSource(numRef=size)
    bubble.bubble3D = False
    bubble.invertIfNegative = False
    shade = theme.find_shade(Meaning.LOSS if value < 0 else Meaning.PROFIT)
    bubble.graphicalProperties = GraphicalProperties(
        solidFill=theme.mix_colour(shade, 0.55), ln=LineProperties(solidFill=shade, w=_POINT // 2)
    )
    bubble.dLbls = DataLabelList(
        showSerName=True,
        showVal=False,
        showLegendKey=False,
        showCatName=False,
        showPercent=False,
        showBubbleSize=False,
        dLblPos="r",
        txPr=_build_rich_text(SMALLEST, theme.GREY),
    )
    return bubble


def _format_bubble_axes(plot: BubbleChart, chart: Chart, source: Sheet) -> None:
    """Dress both axes of measured numbers."""
    table = source.table(chart.category[0])
    column = layout.find_table_column(table, chart.category[1])
    largest = max([0.0, *map(abs, layout.list_finite_numbers(column.values))])
    axis = plot.x_axis
    axis.delete = False
    axis.title = _build_axis_title(chart.x_title)
    axis.number_format = theme.build_axis_format(chart.x_format, source.currency, largest)
    axis.majorGridlines = None
    axis.tickLblPos = "low"
    axis.majorTickMark = "none"
    axis.txPr = _build_rich_text(SMALLEST, theme.GREY)
    axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=theme.AXIS))
    _format_value_axis(plot, chart.y_title, chart.y_format, chart.series, chart, source)
    plot.y_axis.tickLblPos = "low"
    axis.crossBetween = plot.y_axis.crossBetween = "midCat"


def _build_second_plot(chart: Chart, series: Sequence[Series], source: Sheet) -> LineChart:
    """Return the lines of the second axis, on its own pair of axes, as Excel itself writes them."""
    plot = LineChart()
    plot.ser = [_build_drawn_series(chart, s, source, line=True) for s in series]
    plot.x_axis.axId, plot.y_axis.axId = 500, 600
    plot.x_axis.crossAx, plot.y_axis.crossAx = 600, 500
    plot.x_axis.delete = True
    column = layout.find_table_column(source.table(series[0].table), series[0].key)
    _format_value_axis(
        plot, series[0].title if len(series) == 1 else "", column.format, series, chart, source
    )
    plot.y_axis.crosses = "max"
    plot.y_axis.axPos = "r"
    plot.y_axis.majorGridlines = None
    return plot


def _build_drawn_series(chart: Chart, series: Series, source: Sheet, *, line: bool) -> DrawnSeries:
    """Return one series: its cells, its name and its shade."""
    earlier = sum(
        s.meaning is series.meaning for s in chart.series[: chart.series.index(series)] if s is not series
    )
    colour = theme.choose_series_shade(series.meaning, earlier)
    label = SeriesLabel(v=theme.clean_text(series.title))
    values = NumDataSource(numRef=_build_number_source(source, chart, series.table, series.key))
    drawn = DrawnSeries(
        idx=chart.series.index(series), order=chart.series.index(series), tx=label, val=values
    )
    drawn.cat = _build_category_source(source, chart)
    if line:
        dash: Literal["sysDash", "solid"] = "sysDash" if series.secondary else "solid"
        drawn.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=int(2.25 * _POINT), prstDash=dash, cap="rnd")
        )
        drawn.smooth = False
        drawn.marker = Marker(symbol="none")
        if chart.marked is not None:
            drawn.dPt, drawn.dLbls = [_build_marked_point(chart, colour)], _build_marked_label(chart, source)
    elif chart.kind == "area":
        drawn.graphicalProperties = GraphicalProperties(
            solidFill=theme.mix_colour(colour, 0.4), ln=LineProperties(noFill=True)
        )
    elif series.hidden:
        drawn.graphicalProperties = GraphicalProperties(noFill=True, ln=LineProperties(noFill=True))
    else:
        drawn.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True))
    if chart.kind in ("column", "bar") and not line:
        drawn.invertIfNegative = False
        if chart.invert_negative:
            drawn.dPt = _build_loss_points(source, chart, series)
    return drawn


def _build_marked_point(chart: Chart, colour: str) -> DataPoint:
    """Return the point of a line that is marked."""
    assert chart.marked is not None
    dot = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=theme.WHITE))
    line = GraphicalProperties(ln=LineProperties(solidFill=colour, w=int(2.25 * _POINT), cap="rnd"))
    return DataPoint(idx=chart.marked[0], marker=Marker(symbol="circle", size=8, spPr=dot), spPr=line)


def _build_marked_label(chart: Chart, source: Sheet) -> DataLabelList:
    """Return the name and the value beside the point that is marked, and none beside any other."""
    assert chart.marked is not None
    values = _read_charted_column(source, chart, chart.series[0].table, chart.series[0].key)
    amount = values[chart.marked[0]]
    known = amount if isinstance(amount, int | float) else 0.0
    code = theme.build_short_format(known, source.currency, lead=f"{chart.marked[1]} ")
    shown = {"showSerName": False, "showLegendKey": False, "showCatName": False, "showPercent": False}
    one = DataLabel(
        idx=chart.marked[0],
        numFmt=code,
        showVal=True,
        showBubbleSize=False,
        dLblPos="t",
        txPr=_build_rich_text(SMALLEST, theme.NAVY),
        **shown,
    )
    return _PlainLabels(dLbl=[one], showVal=False, showBubbleSize=False, **shown)


class _PlainLabels(DataLabelList):
    """Labels whose number format is their own and not that of the cells, which openpyxl cannot say."""

    __elements__, __nested__ = DataLabelList.__elements__, DataLabelList.__nested__

    def to_tree(self, *given: Any, **named: Any) -> Any:
        tree = super().to_tree(*given, **named)
        for element in tree.iter():
            if element.tag.endswith("numFmt"):
                element.set("sourceLinked", "0")
        return tree


def _build_loss_points(source: Sheet, chart: Chart, series: Series) -> list[DataPoint]:
    """Return a point in the shade of a loss for every value below zero, for every program draws these."""
    values = _read_charted_column(source, chart, series.table, series.key)
    colour = theme.find_shade(Meaning.LOSS)
    return [
        DataPoint(
            idx=index,
            invertIfNegative=False,
            spPr=GraphicalProperties(solidFill=colour, ln=LineProperties(noFill=True)),
        )
        for index, value in enumerate(values)
        if isinstance(value, int | float) and value < 0
    ]


def _build_charted_address(source: Sheet, chart: Chart, table_name: str, key: str) -> str:
    """Return the address of a column's charted cells, fixed and with its sheet."""
    table = source.table(table_name)
    letters = addresses.format_column(
        table.column + table.columns.index(layout.find_table_column(table, key))
    )
    last = table.first + max(layout.count_charted_rows(table, chart), 1) - 1
    return f"{addresses.quote_sheet_name(source.name)}!${letters}${table.first}:${letters}${last}"


def _read_charted_column(source: Sheet, chart: Chart, table_name: str, key: str) -> list[Value]:
    """Return the values of a column's charted cells."""
    table = source.table(table_name)
    return list(layout.find_table_column(table, key).values)[: layout.count_charted_rows(table, chart)]


def _build_category_source(source: Sheet, chart: Chart) -> AxDataSource:
    column = layout.find_table_column(source.table(chart.category[0]), chart.category[1])
    if column.format is not Format.TEXT:
        return AxDataSource(numRef=_build_number_source(source, chart, *chart.category))
    values = _read_charted_column(source, chart, *chart.category)
    texts = [(i, theme.clean_text(str(v))) for i, v in enumerate(values) if v is not None and v != ""]
    shown = _ShownTexts(ptCount=max(len(values), 1))
    shown.points = texts
    return AxDataSource(
        strRef=StrRef(f=_build_charted_address(source, chart, *chart.category), strCache=shown)
    )


def _build_number_source(source: Sheet, chart: Chart, table_name: str, key: str) -> NumRef:
    """Return a column's charted cells with what they hold, for programs that draw a chart without its sheet."""
    column = layout.find_table_column(source.table(table_name), key)
    values = round_values(_read_charted_column(source, chart, table_name, key))
    code = theme.build_number_format(column.format, source.currency)
    shown = _ShownNumbers(formatCode=code, ptCount=max(len(values), 1))
    shown.points = [
        (i, format_number_digits(value))
        for i, value in enumerate(values)
        if isinstance(value, int | float) and math.isfinite(value)
    ]
    return NumRef(f=_build_charted_address(source, chart, table_name, key), numCache=shown)


class _ShownNumbers(NumData):
    """The numbers that a chart shows, by place, written without an object of openpyxl's for each."""

    points: Sequence[tuple[int, str]] = ()

    def to_tree(self, tagname: Any = "numCache", *given: Any, **named: Any) -> Any:
        cache = Element(tagname)
        SubElement(cache, "formatCode").text = self.formatCode
        return _append_points(cache, self.ptCount, self.points)


class _ShownTexts(StrData):
    """The texts that a chart shows, by place."""

    points: Sequence[tuple[int, str]] = ()

    def to_tree(self, tagname: Any = "strCache", *given: Any, **named: Any) -> Any:
        return _append_points(Element(tagname), self.ptCount, self.points)


def _append_points(cache: Any, count: int | None, points: Sequence[tuple[int, str]]) -> Any:
    SubElement(cache, "ptCount", {"val": str(count)})
    for place, text in points:
        point = SubElement(cache, "pt", {"idx": str(place)})
        SubElement(point, "v").text = text
    return cache


def _format_first_axes(plot: Plot, chart: Chart, source: Sheet) -> None:
    """Dress the first pair of axes: both in sight, titled, labels kept clear of what is below zero."""
    names: Any = plot.x_axis  # a text axis, whose skips the stubs leave out
    names.delete = False
    names.title = _build_axis_title(chart.x_title)
    names.tickLblPos = "low"
    names.axPos = "l" if chart.kind == "bar" else "b"
    names.majorTickMark = "none"
    names.txPr = _build_rich_text(SMALLEST, theme.GREY, level=chart.plain)
    names.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=theme.AXIS))
    category = layout.find_table_column(source.table(chart.category[0]), chart.category[1])
    names.number_format = theme.build_label_format(category.format, source.currency)
    rows = layout.count_charted_rows(source.table(chart.category[0]), chart)
    if chart.kind == "bar":
        names.scaling.orientation = "maxMin"
        names.tickLblSkip = 1
    elif rows > _MOST_LABELS:
        names.tickLblSkip = names.tickMarkSkip = next(s for s in _STEPS if s * _MOST_LABELS >= rows)
    first = [s for s in chart.series if not s.secondary]
    _format_value_axis(plot, chart.y_title, chart.y_format, first, chart, source)
    if chart.plain:
        plot.y_axis.delete, plot.y_axis.majorGridlines = True, None
    if chart.kind == "bar":
        plot.y_axis.crosses = "max"
        plot.y_axis.axPos = "b"


def _format_value_axis(
    plot: Plot, title: str, format: Format, series: Sequence[Series], chart: Chart, source: Sheet
) -> None:
    """Dress an axis of values: light gridlines, a short number format, no line of its own."""
    largest = 0.0
    for one in series:
        values = _read_charted_column(source, chart, one.table, one.key)
        largest = max([largest, *map(abs, layout.list_finite_numbers(values))])
    axis = plot.y_axis
    axis.crossBetween = "midCat" if chart.kind == "area" else "between"
    axis.tickLblPos = "nextTo"
    axis.delete = False
    axis.title = _build_axis_title(title)
    axis.number_format = theme.build_axis_format(format, source.currency, largest)
    axis.majorGridlines = ChartLines(
        spPr=GraphicalProperties(ln=LineProperties(solidFill=theme.GRIDLINE, w=_POINT // 2))
    )
    axis.majorTickMark = "none"
    axis.txPr = _build_rich_text(SMALLEST, theme.GREY)
    axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))


def _build_axis_title(text: str) -> Title | None:
    return _build_chart_title(text, SMALLEST, theme.GREY) if text else None


def _build_chart_title(text: str, size: float, colour: str, *, bold: bool = False) -> Title:
    """Return a title that stands beside the plot, not over it."""
    letters = _build_character_properties(size, colour, bold=bold)
    run = RegularTextRun(rPr=letters, t=theme.clean_text(text))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), r=[run])
    rich = RichText(bodyPr=RichTextProperties(), lstStyle=ListStyle(), p=[paragraph])
    return Title(tx=Text(rich=rich), overlay=False, layout=Layout())


def _build_rich_text(size: float, colour: str, *, level: bool = False) -> RichText:
    """Return how texts of a chart look; those that are ``level`` are broken over lines, never slanted."""
    letters = _build_character_properties(size, colour)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=letters), r=[], endParaRPr=letters)
    body = RichTextProperties(rot=0, vert="horz") if level else RichTextProperties()
    return RichText(bodyPr=body, lstStyle=ListStyle(), p=[paragraph])


def _build_character_properties(size: float, colour: str, *, bold: bool = False) -> CharacterProperties:
    face = Font(typeface=theme.FONT)
    return CharacterProperties(sz=int(size * 100), b=bold, solidFill=colour, latin=face)

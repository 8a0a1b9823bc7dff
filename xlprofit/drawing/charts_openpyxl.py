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
from xlprofit.drawing.digits import format_number_digits, round_values
from xlprofit.drawing.plots import Bubble, Plot, PlottedCells, PlottedSeries, build_plot
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Chart, Format, Meaning, Sheet, Value

FileChart = AreaChart | BarChart | BubbleChart | LineChart

SMALLEST = 10.0
"""The size of the smallest letters of a chart, in points: printed they are 8 points tall or more."""

_POINT = 12700
_CM = 2.54 / 72


def draw_chart(worksheet: Worksheet, sheet: Sheet, chart: Chart, book: Sequence[Sheet]) -> None:
    """Draw one chart at its corner; its tables stand on this sheet or on one of ``book``."""
    plot = build_plot(sheet, chart, book)
    drawn: FileChart
    if chart.kind == "bubble":
        drawn = _build_bubble_chart(plot)
    else:
        drawn = _build_first_chart(plot)
        _format_first_axes(drawn, plot)
    if plot.second:
        drawn += _build_second_chart(plot)
    drawn.title = _build_chart_title(chart.title, 12.0, theme.NAVY, bold=True)
    sized: Any = drawn  # the stubs hold the sizes, in cm, for whole numbers
    sized.width, sized.height = chart.width * _CM, chart.height * _CM
    drawn.roundedCorners = False
    folded = any(column.detail for table in plot.source.tables for column in table.columns)
    drawn.visible_cells_only = plot.source is sheet and not sheet.hidden and not folded
    drawn.graphical_properties = GraphicalProperties(
        solidFill=theme.WHITE, ln=LineProperties(solidFill=theme.HAIRLINE, w=_POINT // 2)
    )
    _format_chart_legend(drawn, plot)
    worksheet.add_chart(drawn, addresses.format_address(chart.row, chart.column))


def _format_chart_legend(drawn: FileChart, plot: Plot) -> None:
    """Put the legend below a chart, without the series that are hidden; a chart that needs none has none."""
    if not plot.has_legend or drawn.legend is None:
        drawn.legend = None
        return
    drawn.legend.position = "b"
    drawn.legend.overlay = False
    drawn.legend.txPr = _build_rich_text(SMALLEST, theme.GREY)
    drawn.legend.legendEntry = [
        LegendEntry(idx=at, delete=True) for at, series in enumerate(plot.chart.series) if series.hidden
    ]


def _build_first_chart(plot: Plot) -> FileChart:
    """Return the series of the first axis."""
    chart, series = plot.chart, plot.first
    drawn: FileChart
    if chart.kind == "line":
        drawn = LineChart()
    elif chart.kind == "area":
        drawn = AreaChart(grouping="stacked" if chart.stacked else "standard")
    else:
        drawn = BarChart(barDir="bar" if chart.kind == "bar" else "col", gapWidth=45)
        if chart.stacked:
            drawn.grouping, drawn.overlap = "stacked", 100
        elif len(series) > 1:
            drawn.overlap = -5
    drawn.ser = [_build_drawn_series(plot, one, line=chart.kind == "line") for one in series]
    return drawn


def _build_bubble_chart(plot: Plot) -> BubbleChart:
    """Return a series for each bubble, called as it is."""
    drawn = BubbleChart(bubbleScale=60, showNegBubbles=False)
    drawn.ser = [_build_bubble_series(plot, bubble, place) for place, bubble in enumerate(plot.bubbles)]
    drawn.legend = None
    _format_bubble_axes(drawn, plot)
    return drawn


def _build_cell_source(plot: Plot, cells: PlottedCells, at: int) -> NumRef:
    """Return one charted cell of a column with what it holds."""
    shown = _build_shown_numbers(plot, cells, cells.values[at : at + 1])
    return NumRef(f=cells.format_reference(at), numCache=shown)


def _build_bubble_series(plot: Plot, bubble: Bubble, place: int) -> XYSeries:
    """Return one bubble with its name beside it."""
    name = StrRef(f=plot.labels.format_reference(bubble.row))
    name.strCache = _ShownTexts(ptCount=1)
    name.strCache.points = [(0, bubble.name)]
    drawn = XYSeries(idx=place, order=place, tx=SeriesLabel(strRef=name))
    drawn.xVal = AxDataSource(numRef=_build_cell_source(plot, plot.category, bubble.row))
    drawn.yVal = NumDataSource(numRef=_build_cell_source(plot, plot.series[0].cells, bubble.row))
    drawn.bubbleSize = NumDataSource(numRef=_build_cell_source(plot, plot.sizes, bubble.row))
    drawn.bubble3D = False
    drawn.invertIfNegative = False
    drawn.graphicalProperties = GraphicalProperties(
        solidFill=theme.mix_colour(bubble.shade, 0.55),
        ln=LineProperties(solidFill=bubble.shade, w=_POINT // 2),
    )
    drawn.dLbls = DataLabelList(
        showSerName=True,
        showVal=False,
        showLegendKey=False,
        showCatName=False,
        showPercent=False,
        showBubbleSize=False,
        dLblPos="r",
        txPr=_build_rich_text(SMALLEST, theme.GREY),
    )
    return drawn


def _format_bubble_axes(drawn: BubbleChart, plot: Plot) -> None:
    """Dress both axes of measured numbers."""
    axis = drawn.x_axis
    axis.delete = False
    axis.title = _build_axis_title(plot.chart.x_title)
    axis.number_format = plot.label_format
    axis.majorGridlines = None
    axis.tickLblPos = "low"
    axis.majorTickMark = "none"
    axis.txPr = _build_rich_text(SMALLEST, theme.GREY)
    axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=theme.AXIS))
    _format_value_axis(drawn, plot.chart, plot.chart.y_title, plot.value_format)
    drawn.y_axis.tickLblPos = "low"
    axis.crossBetween = drawn.y_axis.crossBetween = "midCat"


def _build_second_chart(plot: Plot) -> LineChart:
    """Return the lines of the second axis, on its own pair of axes, as Excel itself writes them."""
    drawn = LineChart()
    drawn.ser = [_build_drawn_series(plot, one, line=True) for one in plot.second]
    drawn.x_axis.axId, drawn.y_axis.axId = 500, 600
    drawn.x_axis.crossAx, drawn.y_axis.crossAx = 600, 500
    drawn.x_axis.delete = True
    _format_value_axis(drawn, plot.chart, plot.second_title, plot.second_format)
    drawn.y_axis.crosses = "max"
    drawn.y_axis.axPos = "r"
    drawn.y_axis.majorGridlines = None
    return drawn


def _build_drawn_series(plot: Plot, one: PlottedSeries, *, line: bool) -> DrawnSeries:
    """Return one series: its cells, its name and its shade."""
    chart, series, colour = plot.chart, one.series, one.shade
    place = chart.series.index(series)
    label = SeriesLabel(v=theme.clean_text(series.title))
    values = NumDataSource(numRef=_build_number_source(plot, one.cells))
    drawn = DrawnSeries(idx=place, order=place, tx=label, val=values)
    drawn.cat = _build_category_source(plot)
    if line:
        dash: Literal["sysDash", "solid"] = "sysDash" if series.secondary else "solid"
        drawn.graphicalProperties = GraphicalProperties(
            ln=LineProperties(solidFill=colour, w=int(2.25 * _POINT), prstDash=dash, cap="rnd")
        )
        drawn.smooth = False
        drawn.marker = Marker(symbol="none")
        if chart.marked is not None:
            drawn.dPt, drawn.dLbls = [_build_marked_point(chart, colour)], _build_marked_label(plot)
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
            drawn.dPt = [_build_loss_point(index) for index in one.losses]
    return drawn


def _build_marked_point(chart: Chart, colour: str) -> DataPoint:
    """Return the point of a line that is marked."""
    assert chart.marked is not None
    dot = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=theme.WHITE))
    line = GraphicalProperties(ln=LineProperties(solidFill=colour, w=int(2.25 * _POINT), cap="rnd"))
    return DataPoint(idx=chart.marked[0], marker=Marker(symbol="circle", size=8, spPr=dot), spPr=line)


def _build_marked_label(plot: Plot) -> DataLabelList:
    """Return the name and the value beside the point that is marked, and none beside any other."""
    chart = plot.chart
    assert chart.marked is not None
    values = plot.series[0].cells.values
    amount = values[chart.marked[0]]
    known = amount if isinstance(amount, int | float) else 0.0
    code = theme.build_short_format(known, plot.source.currency, lead=f"{chart.marked[1]} ")
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


def _build_loss_point(index: int) -> DataPoint:
    """Return a point in the shade of a loss, which every program draws."""
    shade = GraphicalProperties(solidFill=theme.find_shade(Meaning.LOSS), ln=LineProperties(noFill=True))
    return DataPoint(idx=index, invertIfNegative=False, spPr=shade)


def _build_category_source(plot: Plot) -> AxDataSource:
    cells = plot.category
    if cells.column.format is not Format.TEXT:
        return AxDataSource(numRef=_build_number_source(plot, cells))
    values = cells.values
    texts = [(i, theme.clean_text(str(v))) for i, v in enumerate(values) if v is not None and v != ""]
    shown = _ShownTexts(ptCount=max(len(values), 1))
    shown.points = texts
    return AxDataSource(strRef=StrRef(f=cells.format_reference(), strCache=shown))


def _build_number_source(plot: Plot, cells: PlottedCells) -> NumRef:
    """Return a column's charted cells with what they hold, for programs that draw a chart without its sheet."""
    return NumRef(f=cells.format_reference(), numCache=_build_shown_numbers(plot, cells, cells.values))


def _build_shown_numbers(plot: Plot, cells: PlottedCells, values: Sequence[Value]) -> NumData:
    code = theme.build_number_format(cells.column.format, plot.source.currency)
    shown = _ShownNumbers(formatCode=code, ptCount=max(len(values), 1))
    shown.points = [
        (i, format_number_digits(value))
        for i, value in enumerate(round_values(values))
        if isinstance(value, int | float) and math.isfinite(value)
    ]
    return shown


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


def _format_first_axes(drawn: FileChart, plot: Plot) -> None:
    """Dress the first pair of axes: both in sight, titled, labels kept clear of what is below zero."""
    chart = plot.chart
    names: Any = drawn.x_axis  # a text axis, whose skips the stubs leave out
    names.delete = False
    names.title = _build_axis_title(chart.x_title)
    names.tickLblPos = "low"
    names.axPos = "l" if chart.kind == "bar" else "b"
    names.majorTickMark = "none"
    names.txPr = _build_rich_text(SMALLEST, theme.GREY, level=chart.plain)
    names.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=theme.AXIS))
    names.number_format = plot.label_format
    if chart.kind == "bar":
        names.scaling.orientation = "maxMin"
        names.tickLblSkip = 1
    elif plot.label_step > 1:
        names.tickLblSkip = names.tickMarkSkip = plot.label_step
    _format_value_axis(drawn, chart, chart.y_title, plot.value_format)
    if chart.plain:
        drawn.y_axis.delete, drawn.y_axis.majorGridlines = True, None
    if chart.kind == "bar":
        drawn.y_axis.crosses = "max"
        drawn.y_axis.axPos = "b"


def _format_value_axis(drawn: FileChart, chart: Chart, title: str, code: str) -> None:
    """Dress an axis of values: light gridlines, a short number format, no line of its own."""
    axis = drawn.y_axis
    axis.crossBetween = "midCat" if chart.kind == "area" else "between"
    axis.tickLblPos = "nextTo"
    axis.delete = False
    axis.title = _build_axis_title(title)
    axis.number_format = code
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

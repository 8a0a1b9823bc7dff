"""A chart worked out: the cells it shows and what they hold, the shade of each series, its axes and its bubbles.

Pure: no Excel library. Files, live Excel and HTML draw it from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from xlprofit import addresses
from xlprofit.drawing import layout
from xlprofit.drawing.blocks import Block
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Chart, Column, Format, Meaning, Series, Sheet, Table, Value

MOST_LABELS = 12
"""Labels along an axis that stand side by side without touching."""

_STEPS: tuple[int, ...] = tuple(step * 10**power for power in range(7) for step in (1, 2, 5))


@dataclass(frozen=True)
class PlottedCells:
    """The charted cells of a table's column: ``rows`` of them from the first body row on."""

    sheet: str
    table: Table
    column: Column
    rows: int

    @property
    def block(self) -> Block:
        """The cells, or the first where there is none."""
        at = self.table.position(self.column.key)
        return Block(self.table.first, at, self.table.first + max(self.rows, 1) - 1, at)

    @property
    def values(self) -> list[Value]:
        """What the cells hold."""
        return list(self.column.values)[: self.rows]

    def format_reference(self, at: int | None = None) -> str:
        """Return the address of the cells, or of one of them by index, fixed and with its sheet."""
        letters = addresses.format_column(self.block.column)
        first = self.block.row if at is None else self.block.row + at
        place = f"${letters}${first}"
        whole = place if at is not None else f"{place}:${letters}${self.block.last_row}"
        return f"{addresses.quote_sheet_name(self.sheet)}!{whole}"


@dataclass(frozen=True)
class PlottedSeries:
    """A series: its cells, and its shade ``RRGGBB``; ``losses`` are the indices of points drawn as a loss."""

    series: Series
    cells: PlottedCells
    shade: str
    losses: tuple[int, ...]


@dataclass(frozen=True)
class Bubble:
    """A bubble: the index of its row, what it is called, where it stands, how large it is, its shade ``RRGGBB``."""

    row: int
    name: str
    across: float
    up: float
    size: float
    shade: str


@dataclass(frozen=True)
class Plot:
    """A chart with what it shows: its source, the cells along the first axis, and its series in their order."""

    chart: Chart
    source: Sheet
    category: PlottedCells
    series: tuple[PlottedSeries, ...]

    @property
    def first(self) -> list[PlottedSeries]:
        """The series of the first axis of values."""
        return [one for one in self.series if not one.series.secondary]

    @property
    def second(self) -> list[PlottedSeries]:
        """The series of the second axis of values, which are lines."""
        return [one for one in self.series if one.series.secondary]

    @property
    def has_legend(self) -> bool:
        """Whether the series must be told apart by their names."""
        return len(self.series) > 1 and self.chart.kind != "bubble" and not self.chart.plain

    @property
    def label_step(self) -> int:
        """Of how many labels along the first axis one is shown."""
        if self.chart.kind == "bar" or self.category.rows <= MOST_LABELS:
            return 1
        return next(step for step in _STEPS if step * MOST_LABELS >= self.category.rows)

    @property
    def label_format(self) -> str:
        """The number format of the labels along the first axis."""
        if self.chart.kind == "bubble":
            return theme.build_axis_format(
                self.chart.x_format, self.source.currency, find_largest([self.category])
            )
        return theme.build_label_format(self.category.column.format, self.source.currency)

    @property
    def value_format(self) -> str:
        """The number format of the first axis of values."""
        return self._build_axis_format(self.chart.y_format, self.first)

    @property
    def second_format(self) -> str:
        """The number format of the second axis of values."""
        return self._build_axis_format(self.second[0].cells.column.format, self.second)

    @property
    def second_title(self) -> str:
        """The title of the second axis of values: that of its series, where it is one."""
        return self.second[0].series.title if len(self.second) == 1 else ""

    def _build_axis_format(self, format: Format, series: Sequence[PlottedSeries]) -> str:
        return theme.build_axis_format(format, self.source.currency, find_largest([s.cells for s in series]))

    @cached_property
    def sizes(self) -> PlottedCells:
        """The cells that make bubbles large."""
        assert self.chart.sizes is not None
        return _read_plotted_cells(self.source, self.chart, *self.chart.sizes)

    @cached_property
    def labels(self) -> PlottedCells:
        """The cells that name bubbles."""
        assert self.chart.labels is not None
        return _read_plotted_cells(self.source, self.chart, *self.chart.labels)

    @property
    def bubbles(self) -> list[Bubble]:
        """The bubbles. A row without a number has none: a bubble of nothing has no place."""
        columns = [self.category.values, self.series[0].cells.values, self.sizes.values]
        found = []
        for row, cells in enumerate(zip(*columns, strict=True)):
            numbers = layout.list_finite_numbers(cells)
            if len(numbers) == len(cells):
                across, up, size = numbers
                shade = theme.find_shade(Meaning.LOSS if up < 0 else Meaning.PROFIT)
                name = theme.clean_text(str(self.labels.values[row]))
                found.append(Bubble(row, name, across, up, size, shade))
        return found


def build_plot(sheet: Sheet, chart: Chart, book: Sequence[Sheet]) -> Plot:
    """Return a chart of a sheet with what it shows; its tables stand on the sheet or on one of ``book``.

    Raises:
        ValueError: the sheet that it needs was not given, or a table has no such column.
        KeyError: the sheet has no such table.
    """
    source = layout.find_charted_sheet(sheet, chart, book)
    return Plot(
        chart,
        source,
        _read_plotted_cells(source, chart, *chart.category),
        tuple(_build_plotted_series(source, chart, at) for at in range(len(chart.series))),
    )


def _read_plotted_cells(source: Sheet, chart: Chart, table_name: str, key: str) -> PlottedCells:
    table = source.table(table_name)
    column = layout.find_table_column(table, key)
    return PlottedCells(source.name, table, column, layout.count_charted_rows(table, chart))


def _build_plotted_series(source: Sheet, chart: Chart, at: int) -> PlottedSeries:
    series = chart.series[at]
    earlier = sum(one.meaning is series.meaning for one in chart.series[:at])
    cells = _read_plotted_cells(source, chart, series.table, series.key)
    losses: tuple[int, ...] = ()
    if chart.invert_negative and chart.kind in ("column", "bar") and not series.secondary:
        losses = tuple(i for i, v in enumerate(cells.values) if isinstance(v, int | float) and v < 0)
    return PlottedSeries(series, cells, theme.choose_series_shade(series.meaning, earlier), losses)


def find_largest(columns: Sequence[PlottedCells]) -> float:
    """Return the distance from zero of the number furthest from it, 0 where there is none."""
    return max(
        [0.0, *(abs(v) for cells in columns for v in layout.list_finite_numbers(cells.values))],
    )

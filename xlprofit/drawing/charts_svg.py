"""Charts as SVG: what a page shows where there is no spreadsheet program.

Colours are attributes, not styles, so that a page may forbid any style but its own. Sizes are in units of the picture,
which a page draws as wide as it has room.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from xlprofit.drawing import layout, room
from xlprofit.drawing.digits import NOISE
from xlprofit.drawing.number_codes import format_by_code, write_marks
from xlprofit.drawing.plots import Bubble, Plot, PlottedCells, PlottedSeries
from xlprofit.languages import Writing
from xlprofit.sheets import theme
from xlprofit.sheets.parts import DIVISION, Format, Meaning, Value

LETTERS = 12.0
"""The height of the letters."""

MOST_POINTS = 600
"""Points of a series that are drawn: more would stand closer than a dot."""

_SCALE = 4 / 3
"""Units for each point of a chart's size."""

_TOP, _GAP, _STEPS = 14.0, 8.0, 5
_LARGEST_BUBBLE = 26.0
MOST_LINES = 4
"""A label of more lines is drawn aslant, in one."""

_LEADING = 1.15 * LETTERS
_SLANT = math.cos(math.radians(40))


@dataclass(frozen=True)
class Axis:
    """An axis of numbers: ``low`` at one end and ``high`` at the other, with the numbers that are written along it."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]

    @property
    def room(self) -> float:
        """The width of the widest label."""
        return max((measure_letters(label) for label in self.labels), default=0.0)

    def place(self, value: float, start: float, end: float) -> float:
        """Return where a value stands between two ends."""
        return start + (value - self.low) / (self.high - self.low) * (end - start)


@dataclass(frozen=True)
class Frame:
    """The picture: its whole width and height, and the edges of the plot in it."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


def render_plot_svg(plot: Plot, name: str, writing: Writing) -> str:
    """Return a chart as an ``<svg>`` that is told as its title.

    Args:
        plot: the chart.
        name: an identifier that no other part of the page has.
        writing: how its language writes numbers.
    """
    width, height = plot.chart.width * _SCALE, plot.chart.height * _SCALE
    if plot.chart.kind == "bubble":
        parts = _draw_bubbles(plot, (width, height), writing)
    elif plot.chart.kind == "bar":
        parts = _draw_bars(plot, (width, height), writing)
    else:
        parts = _draw_upright(plot, (width, height), writing)
    return (
        f'<svg viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" role="img" aria-labelledby="{name}" '
        f'font-size="{LETTERS:g}" fill="#{theme.GREY}"><title id="{name}">{escape_text(plot.chart.title)}</title>'
        f"{''.join(parts)}</svg>"
    )


def escape_text(text: str) -> str:
    """Return a text as a page has it, within an element or an attribute in double quotes."""
    return escape(theme.clean_text(text), quote=True)


def measure_letters(text: str) -> float:
    """Return the width of a line of text in a picture."""
    return room.measure_text_width(text, LETTERS) * 7 * 3 / 4


# --- axes --------------------------------------------------------------------------------------------


def build_axis(values: Sequence[float], code: str, writing: Writing, *, from_zero: bool = True) -> Axis:
    """Return an axis over numbers, from one round number to another, with the labels of a number format."""
    found = [*values, *([0.0] if from_zero or not values else [])]
    low, high = min(found), max(found)
    if high - low < NOISE * 1e-3:  # as good as the same
        high = low + 1.0
    step = choose_round_step((high - low) / _STEPS)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(step * place for place in range(first, last + 1))
    labels = tuple(format_by_code(tick, code, writing) for tick in ticks)
    return Axis(ticks[0], ticks[-1], ticks, labels)


def choose_round_step(least: float) -> float:
    """Return the round number next above: 1, 2 or 5 times a power of ten.

    >>> choose_round_step(0.3), choose_round_step(7.0), choose_round_step(120.0)
    (0.5, 10.0, 200.0)
    """
    power = 10.0 ** math.floor(math.log10(least))
    return next(size * power for size in (1.0, 2.0, 5.0, 10.0) if size * power >= least * (1 - 1e-9))


def _draw_value_axis(axis: Axis, frame: Frame, *, second: bool = False) -> Iterator[str]:
    """Yield the lines across and the labels of an upright axis, beside the plot."""
    at, anchor = (frame.right + _GAP, "start") if second else (frame.left - _GAP, "end")
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        y = axis.place(tick, frame.bottom, frame.top)
        if not second:
            colour = theme.AXIS if abs(tick) < 1e-12 else theme.GRIDLINE
            yield _draw_line(frame.left, y, frame.right, y, colour)
        yield _draw_text(at, y + LETTERS / 3, label, anchor)


def _draw_line(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#{colour}"/>'


def _draw_text(x: float, y: float, text: str, anchor: str = "middle", turned: bool = False) -> str:
    turn = f' transform="rotate(-40 {x:.1f} {y:.1f})"' if turned else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{turn}>{escape_text(text)}</text>'


def _shorten_letters(text: str, width: float) -> str:
    """Return a text cut short with … where it is wider than there is room."""
    if measure_letters(text) <= width:
        return text
    while text and measure_letters(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _list_numbers(cells: PlottedCells) -> list[float | None]:
    """Return what cells hold, as numbers; what is none is a gap."""
    return [next(iter(layout.list_finite_numbers([value])), None) for value in cells.values]


def choose_drawn_points(count: int) -> list[int]:
    """Return the indices of the points that are drawn, the first and the last among them."""
    if count <= MOST_POINTS:
        return list(range(count))
    return sorted({round(at * (count - 1) / (MOST_POINTS - 1)) for at in range(MOST_POINTS)})


# --- columns, lines and areas ------------------------------------------------------------------------


@dataclass(frozen=True)
class Piece:
    """A stretch of a column or a bar: the index of its category, its ends, its series and its colour ``RRGGBB``."""

    at: int
    start: float
    end: float
    series: PlottedSeries
    colour: str


def list_pieces(plot: Plot) -> list[Piece]:
    """Return the stretches of columns or bars; where they are piled up, those below zero hang from it."""
    up: dict[int, float] = {}
    down: dict[int, float] = {}
    found = []
    for one in plot.first:
        for at, value in enumerate(_list_numbers(one.cells)):
            if value is None:
                continue
            pile = up if value >= 0 else down
            start = pile.get(at, 0.0) if plot.chart.stacked else 0.0
            pile[at] = start + value
            colour = theme.find_shade(Meaning.LOSS) if at in one.losses else one.shade
            found.append(Piece(at, start, start + value, one, colour))
    return found


def _draw_upright(plot: Plot, size: tuple[float, float], writing: Writing) -> Iterator[str]:
    """Yield a chart whose values go up: its axes, and its columns, lines or areas."""
    width, height = size
    pieces = list_pieces(plot)
    filled = plot.chart.kind in ("column", "area")
    ends = [end for piece in pieces for end in (piece.start, piece.end)]
    axis = build_axis(ends, plot.value_format, writing)
    second = _build_second_axis(plot, writing)
    labels = _list_labels(plot, writing)
    slot = max(width - axis.room - 3 * _GAP, 1.0) / max(len(labels), 1)
    step = plot.label_step
    pairs = zip(plot.category.values[::step], labels[::step], strict=True)
    lines = [_break_label(value, label, slot * step - 4) for value, label in pairs]
    turned = any(not 0 < len(label) <= MOST_LINES for label in lines)
    tall = LETTERS + (max(map(len, lines), default=1) - 1) * _LEADING
    below = min(max(map(measure_letters, labels), default=0.0) * 0.66, height / 3) if turned else tall
    title = LETTERS + _GAP if plot.chart.x_title else 0.0
    frame = Frame(
        width,
        height,
        axis.room + 2 * _GAP,
        width - (second.room + 2 * _GAP if second else _GAP),
        _TOP,
        height - below - title - 2 * _GAP,
    )
    yield from _draw_value_axis(axis, frame)
    if plot.chart.kind == "column":
        yield from _draw_columns(plot, pieces, frame, axis, writing)
    for one in plot.first if plot.chart.kind != "column" else []:
        yield from _draw_run(plot, one, pieces, (frame, axis), filled=filled)
    yield from _draw_marked_point(plot, frame, axis, writing)
    for one in plot.second:
        assert second is not None
        yield _draw_path(_list_run(plot, one, frame, second), one.shade, dashed=True)
    if second:
        yield from _draw_value_axis(second, frame, second=True)
    yield from _draw_turned_labels(plot, labels, frame) if turned else _draw_labels(plot, lines, frame)
    yield from _draw_titles(plot, frame)


def _build_second_axis(plot: Plot, writing: Writing) -> Axis | None:
    numbers = [v for one in plot.second for v in _list_numbers(one.cells) if v is not None]
    return build_axis(numbers, plot.second_format, writing) if plot.second else None


def _list_labels(plot: Plot, writing: Writing) -> list[str]:
    """Return what stands along the first axis."""
    return [_format_label(value, plot, writing) for value in plot.category.values]


def _format_label(value: Value, plot: Plot, writing: Writing) -> str:
    format = plot.category.column.format
    if isinstance(value, bool | str) or value is None or format is Format.DATE:
        return theme.format_shown_value(value, format, plot.source.currency)
    return format_by_code(value, plot.label_format, writing)


def _break_label(label: Value, shown: str, width: float) -> list[str]:
    """Return the lines of a label, ``shown`` in one; none where a word of it is wider than its place."""
    parts: list[str] = []
    for word in (label if isinstance(label, str) else shown).split(" "):
        whole = word.replace(DIVISION, "")
        parts += [whole] if measure_letters(whole) <= width else word.split("\n")
    if any(measure_letters(part) > width for part in parts):
        return []
    lines = parts[:1]
    for part in parts[1:]:
        both = f"{lines[-1]} {part}"
        if lines[-1].endswith("-") or measure_letters(both) > width:
            lines.append(part)
        else:
            lines[-1] = both
    return lines


def _place_category(plot: Plot, at: int, frame: Frame) -> float:
    """Return where the middle of a category stands along the first axis."""
    count = max(plot.category.rows, 1)
    if plot.chart.kind == "area" and count > 1:
        return frame.left + (frame.right - frame.left) * at / (count - 1)
    return frame.left + (frame.right - frame.left) * (at + 0.5) / count


def _draw_labels(plot: Plot, lines: Sequence[Sequence[str]], frame: Frame) -> Iterator[str]:
    """Yield the labels that are shown, each in its lines, below its place."""
    for at, label in enumerate(lines):
        x, y = _place_category(plot, at * plot.label_step, frame), frame.bottom + LETTERS + _GAP / 2
        yield from (_draw_text(x, y + down * _LEADING, line) for down, line in enumerate(label))


def _draw_turned_labels(plot: Plot, labels: Sequence[str], frame: Frame) -> Iterator[str]:
    """Yield the labels aslant; one that would begin left of the picture is cut short."""
    for at in range(0, len(labels), plot.label_step):
        x, y = _place_category(plot, at, frame), frame.bottom + LETTERS + _GAP / 2
        room_for = min(frame.height / 2, x / _SLANT)
        label = _shorten_letters(labels[at], room_for)
        yield _draw_text(x + 4, y - 2, label, "end", turned=True)


def _draw_titles(plot: Plot, frame: Frame) -> Iterator[str]:
    """Yield the title of the first axis; that of the values stands in the top corner."""
    if plot.chart.x_title:
        middle = (frame.left + frame.right) / 2
        yield _draw_text(middle, frame.height - _GAP / 2, plot.chart.x_title)


def _draw_columns(
    plot: Plot, pieces: Sequence[Piece], frame: Frame, axis: Axis, writing: Writing
) -> Iterator[str]:
    slot = (frame.right - frame.left) / max(plot.category.rows, 1)
    for piece in _keep_drawn_pieces(plot, pieces):
        place, share = _find_lane(plot, piece)
        wide = slot * 0.7 * share
        x = _place_category(plot, piece.at, frame) - slot * 0.35 + place * wide
        ends = sorted(axis.place(end, frame.bottom, frame.top) for end in (piece.start, piece.end))
        yield _draw_piece(plot, piece, (x, ends[0], wide, ends[1] - ends[0]), writing)


def _keep_drawn_pieces(plot: Plot, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces that are to be seen."""
    drawn = set(choose_drawn_points(plot.category.rows))
    return [piece for piece in pieces if not piece.series.series.hidden and piece.at in drawn]


def _find_lane(plot: Plot, piece: Piece) -> tuple[int, float]:
    """Return the place of a series among those that stand side by side, and its share of the room."""
    if plot.chart.stacked:
        return 0, 1.0
    return plot.first.index(piece.series), 1 / len(plot.first)


def _draw_piece(plot: Plot, piece: Piece, box: tuple[float, float, float, float], writing: Writing) -> str:
    x, y, wide, tall = box
    label = _format_label(plot.category.values[piece.at], plot, writing)
    amount = format_by_code(piece.end - piece.start, _find_value_code(plot, piece.series), writing)
    said = f"{label} · {piece.series.series.title}: {amount}"
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(wide, 0.4):.1f}" height="{max(tall, 0.4):.1f}" '
        f'fill="#{piece.colour}"><title>{escape_text(said)}</title></rect>'
    )


def _find_value_code(plot: Plot, one: PlottedSeries) -> str:
    return theme.build_number_format(one.cells.column.format, plot.source.currency)


def _draw_run(
    plot: Plot,
    one: PlottedSeries,
    pieces: Sequence[Piece],
    on: tuple[Frame, Axis],
    *,
    filled: bool,
) -> Iterator[str]:
    """Yield a line, or an area down to what lies below it."""
    frame, axis = on
    if not filled:
        yield _draw_path(_list_run(plot, one, frame, axis), one.shade)
        return
    own = [piece for piece in pieces if piece.series is one]
    if own:
        over = [_place_point(plot, piece.at, piece.end, frame, axis) for piece in own]
        under = [_place_point(plot, piece.at, piece.start, frame, axis) for piece in reversed(own)]
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*over, *under])
        yield f'<polygon points="{points}" fill="#{theme.mix_colour(one.shade, 0.4)}"/>'


Point = tuple[float, float]


def _place_point(plot: Plot, at: int, value: float, frame: Frame, axis: Axis) -> Point:
    return _place_category(plot, at, frame), axis.place(value, frame.bottom, frame.top)


def _list_run(plot: Plot, one: PlottedSeries, frame: Frame, axis: Axis) -> list[list[Point]]:
    """Return the points of a line, in stretches without a gap."""
    numbers = _list_numbers(one.cells)
    known = [value for value in numbers if value is not None]
    ends = {numbers.index(end) for end in (min(known, default=None), max(known, default=None)) if known}
    runs: list[list[Point]] = [[]]
    for at in sorted({*choose_drawn_points(len(numbers)), *ends}):
        value = numbers[at]
        if value is None:
            runs.append([])
        else:
            runs[-1].append(_place_point(plot, at, value, frame, axis))
    return [run for run in runs if run]


def _draw_marked_point(plot: Plot, frame: Frame, axis: Axis, writing: Writing) -> Iterator[str]:
    """Yield the point of a line that is marked, its name and its value beside it."""
    if plot.chart.marked is None:
        return
    (at, name), one = plot.chart.marked, plot.series[0]
    value = _list_numbers(one.cells)[at]
    if value is not None:
        x, y = _place_point(plot, at, value, frame, axis)
        said = write_marks(theme.format_short_amount(value, plot.source.currency), writing)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="#{one.shade}" stroke="#{theme.WHITE}"/>'
        anchor = "end" if x > (frame.left + frame.right) / 2 else "start"
        yield _draw_text(x, y - _GAP, f"{name} {said}", anchor)


def _draw_path(runs: Sequence[Sequence[Point]], colour: str, *, dashed: bool = False) -> str:
    path = " ".join(f"M{' L'.join(f'{x:.1f} {y:.1f}' for x, y in run)}" for run in runs)
    dots = "".join(
        f'<circle cx="{run[0][0]:.1f}" cy="{run[0][1]:.1f}" r="2.5" fill="#{colour}"/>'
        for run in runs
        if len(run) == 1
    )
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return f'<path d="{path}" fill="none" stroke="#{colour}" stroke-width="2.5"{dash}/>{dots}'


# --- bars that lie -----------------------------------------------------------------------------------


def _draw_bars(plot: Plot, size: tuple[float, float], writing: Writing) -> Iterator[str]:
    """Yield a chart whose values go to the right, its categories one below the other."""
    width, height = size
    pieces = list_pieces(plot)
    axis = build_axis([end for p in pieces for end in (p.start, p.end)], plot.value_format, writing)
    labels = _list_labels(plot, writing)
    names = min(max(map(measure_letters, labels), default=0.0), width * 0.35)
    frame = Frame(width, height, names + 2 * _GAP, width - 3 * _GAP, _TOP, height - LETTERS - 2 * _GAP)
    for tick, label in zip(axis.ticks, axis.labels, strict=True):
        x = axis.place(tick, frame.left, frame.right)
        yield _draw_line(x, frame.top, x, frame.bottom, theme.GRIDLINE if tick else theme.AXIS)
        yield _draw_text(x, frame.bottom + LETTERS + _GAP / 2, label)
    slot = (frame.bottom - frame.top) / max(len(labels), 1)
    for at, label in enumerate(labels):
        y = frame.top + slot * (at + 0.5) + LETTERS / 3
        yield _draw_text(frame.left - _GAP, y, _shorten_letters(label, names), "end")
    for piece in _keep_drawn_pieces(plot, pieces):
        place, share = _find_lane(plot, piece)
        tall = slot * 0.7 * share
        ends = sorted(axis.place(end, frame.left, frame.right) for end in (piece.start, piece.end))
        y = frame.top + slot * (piece.at + 0.15) + place * tall
        yield _draw_piece(plot, piece, (ends[0], y, ends[1] - ends[0], tall), writing)


# --- bubbles -----------------------------------------------------------------------------------------


def _draw_bubbles(plot: Plot, size: tuple[float, float], writing: Writing) -> Iterator[str]:
    """Yield bubbles, the largest first, so that a small one lies over it; the name stands beside each."""
    width, height = size
    bubbles = sorted(plot.bubbles, key=lambda bubble: -abs(bubble.size))
    across = build_axis([b.across for b in bubbles], plot.label_format, writing, from_zero=False)
    up = build_axis([b.up for b in bubbles], plot.value_format, writing)
    names = max((measure_letters(bubble.name) for bubble in bubbles), default=0.0)
    frame = Frame(
        width,
        height,
        up.room + 2 * _GAP + _LARGEST_BUBBLE / 2,
        width - min(names, width / 4) - _LARGEST_BUBBLE,
        _TOP + _LARGEST_BUBBLE / 2,
        height - 2 * LETTERS - 4 * _GAP,
    )
    yield from _draw_value_axis(up, frame)
    for tick, label in zip(across.ticks, across.labels, strict=True):
        x = across.place(tick, frame.left, frame.right)
        yield _draw_text(x, frame.bottom + LETTERS + _GAP / 2, label)
    largest = max((abs(bubble.size) for bubble in bubbles), default=1.0) or 1.0
    for bubble in bubbles:
        yield _draw_bubble(
            bubble,
            largest,
            (
                across.place(bubble.across, frame.left, frame.right),
                up.place(bubble.up, frame.bottom, frame.top),
            ),
        )
    yield from _draw_titles(plot, frame)


def _draw_bubble(bubble: Bubble, largest: float, place: Point) -> str:
    x, y = place
    radius = max(_LARGEST_BUBBLE * math.sqrt(abs(bubble.size) / largest), 3.0)
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#{theme.mix_colour(bubble.shade, 0.55)}" '
        f'stroke="#{bubble.shade}"/>' + _draw_text(x + radius + 4, y + LETTERS / 3, bubble.name, "start")
    )

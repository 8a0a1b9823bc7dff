"""Draws descriptions of sheets as one page of HTML that needs nothing else: no network, no font, no picture.

The page forbids itself everything but its own style and script (Content-Security-Policy, by their digests), so that a
name that came from somewhere else stays a name. Every text is escaped where it is written.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from xlprofit.drawing import room
from xlprofit.drawing.charts_svg import escape_text, render_plot_svg
from xlprofit.drawing.html_page import HtmlPage, ShownSheet
from xlprofit.drawing.html_tables import (
    HEAT_MEANINGS,
    HEAT_STEPS,
    Canvas,
    render_html_cell,
    render_html_table,
)
from xlprofit.drawing.plots import Plot, build_plot
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Cell, Chart, Format, Formula, Meaning, Sheet, Table

UPRIGHT_WIDTH, ACROSS_WIDTH = 520.0, 770.0
"""The points across A4, upright and on its side; a wider table is printed on A3."""

_PRINTED_LETTER, _PRINTED_TEXT = 4.2, 28.0
"""Points of a character as printed, and the characters at which a text is broken over lines."""

_BESIDE = (Meaning.NOTE, Meaning.LABEL, Meaning.PLAIN, Meaning.SUBTITLE)
"""What may stand under the figure of a tile and belong to it."""


def render_html_page(page: HtmlPage) -> str:
    """Return a page, the same for the same description."""
    style, script = _read_report_part("report.css") + _render_heat_style(), _read_report_part("report.js")
    policy = (
        f"default-src 'none'; style-src '{_digest_source(style)}'; script-src '{_digest_source(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    names = {shown.sheet.name: f"s{number}" for number, shown in enumerate(page.sheets, 1)}
    body = "".join(_render_section(page, shown, names) for shown in page.sheets)
    contents = _render_contents(page, names) if len(page.sheets) > 1 else ""
    form = _choose_printed_form(page.sheets[0]) if page.sheets else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape_text(page.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape_text(page.title)}</title><style>{style}</style></head>\n<body>"
        f'<a class="skip" href="#content">{escape_text(page.words.skip)}</a>'
        f'<header class="{form}"><h1>{escape_text(page.title)}</h1>'  # on the same paper as what follows
        f'<p class="sub">{escape_text(page.subtitle)}</p>{contents}</header>\n'
        f'<main id="content">{body}</main>\n<script>{script}</script></body></html>\n'
    )


@cache
def _read_report_part(name: str) -> str:
    return resources.files("xlprofit.drawing").joinpath(name).read_text(encoding="utf-8")


def _digest_source(text: str) -> str:
    """Return how a policy names a style or a script that stands in the page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _render_heat_style() -> str:
    """Return the fills of meanings and of the shades of heat maps."""
    looks = [
        f".m-{meaning.value} {{ color: #{look.font};{f' background: #{look.fill};' if look.fill else ''}"
        f"{' font-weight: bold;' if look.bold else ''} }}\n.i-{meaning.value} {{ color: #{look.font}; }}"
        for meaning in theme.WORDS | {Meaning.NEUTRAL: ""}
        if (look := theme.find_look(meaning))
    ]
    shades = [
        f".h-{meaning.value}-{step} {{ background: #{theme.mix_colour(strong, 1 - step / HEAT_STEPS)}; }}"
        for meaning in HEAT_MEANINGS
        if (strong := theme.lighten_shade(meaning))
        for step in range(1, HEAT_STEPS + 1)
    ]
    return "\n".join([*looks, *shades]) + "\n"


def _render_contents(page: HtmlPage, names: Mapping[str, str]) -> str:
    links = "".join(f'<li><a href="#{at}">{escape_text(name)}</a></li>' for name, at in names.items())
    return f'<nav aria-label="{escape_text(page.words.contents)}"><ul>{links}</ul></nav>'


# --- a sheet -----------------------------------------------------------------------------------------


def _render_section(page: HtmlPage, shown: ShownSheet, names: Mapping[str, str]) -> str:
    """Return a sheet: its title, then its parts from top to bottom and from left to right."""
    sheet, at = shown.sheet, names[shown.sheet.name]
    form = _choose_printed_form(shown)
    title = next((cell for cell in sheet.cells if cell.meaning is Meaning.TITLE), None)
    said = escape_text(_read_cell_text(sheet, title) if title else sheet.name)
    parts = "".join(_join_parts(_list_page_parts(page, shown, names, said)))
    return (
        f'<section id="{at}" class="{form}" aria-labelledby="{at}-title">'
        f'<h2 id="{at}-title">{said}</h2>{parts}</section>\n'
    )


def _choose_printed_form(shown: ShownSheet) -> str:
    """Return how a sheet is printed: ``upright``, ``across``, ``large`` on A3; ``short`` with others beside it."""
    tables = [t for t in shown.sheet.tables if shown.rows is None or t.name in shown.rows]
    if shown.rows is not None and all(map(shown.is_upright, tables)):
        return "short"
    widths = room.measure_room(shown.sheet).widths
    most = max((_measure_printed_width(t, widths) for t in tables if not shown.is_upright(t)), default=0.0)
    return "large" if most > ACROSS_WIDTH else "across" if most > UPRIGHT_WIDTH else "upright"


def _measure_printed_width(table: Table, widths: Mapping[int, float]) -> float:
    """Return how many points wide a table is printed; ``widths`` are those of the sheet's columns, in characters."""
    return sum(
        min(widths.get(position, 0.0), _PRINTED_TEXT if column.format is Format.TEXT else math.inf)
        * _PRINTED_LETTER
        for position, column in enumerate(table.columns, table.column)
        if not column.detail
    )


Part = tuple[int, int, str]
"""A part of a sheet: its row, its column and its HTML."""


def _join_parts(parts: Sequence[Part]) -> Iterator[str]:
    """Yield the parts; charts that follow each other, and charts and tables of one row, stand side by side."""
    together: list[Part] = []
    for part in [*parts, (0, 0, "")]:
        if together and not _stand_together(together[-1], part):
            inner = "".join(html for _, _, html in together)
            yield f'<div class="side">{inner}</div>' if len(together) > 1 else inner
            together = []
        together.append(part)


def _stand_together(one: Part, other: Part) -> bool:
    figures = one[2].startswith("<figure") and other[2].startswith("<figure")
    large = all(html.startswith(("<figure", "<div")) for html in (one[2], other[2]))
    return figures or (large and one[0] == other[0])


def _list_page_parts(page: HtmlPage, shown: ShownSheet, names: Mapping[str, str], title: str) -> list[Part]:
    """Return the parts of a sheet in the order of their rows and columns."""
    sheet, canvas = shown.sheet, Canvas(page, shown, names)
    moved: list[Cell] = []
    parts: list[Part] = []
    for number, table in enumerate(sheet.tables, 1):
        if table.columns and (shown.rows is None or table.name in shown.rows):
            heading = _find_heading(sheet, table)
            said = escape_text(_read_cell_text(sheet, heading)) if heading else title
            html = render_html_table(canvas, table, f"{canvas.name}-t{number}", said)
            above = ""
            if heading and (shown.rows is not None or _count_headings(sheet, heading.row) > 1):
                moved.append(heading)
                above = f"<h3>{said}</h3>"
            top = min(table.row, table.total_row) if table.has_total else table.row
            parts.append((top, table.column, f"<div>{above}{html}</div>"))
    for number, chart in enumerate(sheet.charts if shown.rows is None else (), 1):
        html = _render_figure(page, sheet, chart, f"{canvas.name}-c{number}")
        parts.append((chart.row, chart.column, html))
    if shown.rows is None:  # what single cells say is about all rows
        parts += _list_cell_parts(canvas, [cell for cell in sheet.cells if cell not in moved])
    return sorted(parts, key=lambda part: part[:2])


def _count_headings(sheet: Sheet, row: int) -> int:
    return sum(cell.meaning is Meaning.SECTION and cell.row == row for cell in sheet.cells)


def _find_heading(sheet: Sheet, table: Table) -> Cell | None:
    """Return the heading right above a table; ``None`` where it has none of its own."""
    above = [
        cell
        for cell in sheet.cells
        if cell.meaning is Meaning.SECTION and cell.row < table.row and cell.column <= table.column + 1
    ]
    return max(above, key=lambda cell: (cell.row, cell.column), default=None)


def _read_cell_text(sheet: Sheet, cell: Cell) -> str:
    return str(cell.value.value if isinstance(cell.value, Formula) else cell.value)


# --- single cells ------------------------------------------------------------------------------------


def _list_cell_parts(canvas: Canvas, given: Sequence[Cell]) -> Iterator[Part]:
    """Yield single cells: tiles of figures together, headings, and the other cells of a row in a line."""
    top = next(
        (cell.row for cell in given if cell.meaning is Meaning.TITLE), 1
    )  # links above it: the page has its own
    cells = [c for c in given if c.meaning is not Meaning.TITLE and c.row >= top and not c.spark]
    tiles = {id(cell): _list_tile_cells(cells, cell) for cell in cells if cell.meaning is Meaning.KPI}
    taken = {id(part) for tile in tiles.values() for part in tile}
    for row in sorted({cell.row for cell in cells}):
        here = sorted((c for c in cells if c.row == row), key=lambda c: c.column)
        figures = [cell for cell in here if cell.meaning is Meaning.KPI and render_html_cell(canvas, cell)]
        if figures:
            inner = "".join(_render_tile(canvas, tiles[id(cell)]) for cell in figures)
            yield row, figures[0].column, f'<dl class="tiles">{inner}</dl>'
        others = [cell for cell in here if id(cell) not in taken]
        yield from ((cell.row, cell.column, html) for cell, html in _render_line(canvas, others))


def _list_tile_cells(cells: Sequence[Cell], figure: Cell) -> list[Cell]:
    """Return a figure's label above it, the figure, and what stands right below and belongs to it."""
    above = [
        c for c in cells if c.column == figure.column and c.meaning is Meaning.LABEL and c.row < figure.row
    ]
    label = max(above, key=lambda cell: cell.row, default=None)
    foot = figure.row + figure.down
    below = [c for c in cells if c.column == figure.column and c.row == foot and c.meaning in _BESIDE]
    below += [c for c in cells if below and c.column == figure.column and c.row == foot + 1]
    near = [label] if label is not None and label.row + label.down == figure.row else []
    return [*near, figure, *(below if below and near else [])]


def _render_tile(canvas: Canvas, tile: Sequence[Cell]) -> str:
    label = next((cell for cell in tile if cell.meaning is Meaning.LABEL), None)
    term = render_html_cell(canvas, label) if label is not None else ""
    said = "".join(
        f'<dd class="{_CLASSES.get(cell.meaning, cell.meaning.value)}">{render_html_cell(canvas, cell)}</dd>'
        for cell in tile
        if cell is not label
    )
    return f"<div><dt>{term}</dt>{said}</div>"


def _render_line(canvas: Canvas, cells: Sequence[Cell]) -> Iterator[tuple[Cell, str]]:
    """Yield headings each by itself, and the other cells of a row in one line."""
    line = [cell for cell in cells if cell.meaning is not Meaning.SECTION]
    for cell in cells:
        if cell.meaning is Meaning.SECTION:
            yield cell, f"<h3>{render_html_cell(canvas, cell)}</h3>"
    said = [(cell, render_html_cell(canvas, cell)) for cell in line]
    inner = "".join(
        f'<span class="cell {_CLASSES.get(cell.meaning, "")}">{html}</span>' for cell, html in said if html
    )
    if inner:
        yield line[0], f"<p>{inner}</p>"


_CLASSES: Mapping[Meaning, str] = {
    Meaning.SUBTITLE: "sub",
    Meaning.NOTE: "note",
    Meaning.LABEL: "label",
    **{meaning: f"m-{meaning.value}" for meaning in theme.WORDS},
}


# --- charts ------------------------------------------------------------------------------------------


def _render_figure(page: HtmlPage, sheet: Sheet, chart: Chart, name: str) -> str:
    plot = build_plot(sheet, chart, page.book)
    title = escape_text(chart.title) + (f" · {escape_text(chart.y_title)}" if chart.y_title else "")
    return (
        f"<figure><figcaption>{title}</figcaption>"
        f'<div class="scroll" tabindex="0" role="group" aria-label="{escape_text(chart.title)}">'
        f"{render_plot_svg(plot, name, page.writing)}</div>"
        f"{_render_legend(plot)}</figure>"
    )


def _render_legend(plot: Plot) -> str:
    if not plot.has_legend:
        return ""
    items = "".join(
        f'<li><svg viewBox="0 0 22 10" aria-hidden="true"><rect width="22" height="10" fill="#{one.shade}"/></svg>'
        f"{escape_text(one.series.title)}</li>"
        for one in plot.series
        if not one.series.hidden
    )
    return f'<ul class="legend">{items}</ul>'

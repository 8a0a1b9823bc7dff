"""Draws descriptions of sheets as one page of HTML that needs nothing else: no network, no font, no picture.

The page forbids itself everything but its own style and script (Content-Security-Policy, by their digests), so that a
name that came from somewhere else stays a name. Every text is escaped where it is written.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

from xlprofit.drawing.charts_svg import escape_text, render_plot_svg
from xlprofit.drawing.html_page import Page, ShownSheet
from xlprofit.drawing.html_tables import (
    HEAT_MEANINGS,
    HEAT_STEPS,
    Canvas,
    render_html_cell,
    render_html_table,
)
from xlprofit.drawing.plots import Plot, build_plot
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Cell, Chart, Formula, Meaning, Sheet, Table

LANDSCAPE_COLUMNS, LARGE_COLUMNS = 8, 16
"""A table of more columns is printed across, and one of more still on A3."""

_BESIDE = (Meaning.NOTE, Meaning.LABEL, Meaning.PLAIN, Meaning.SUBTITLE)
"""What may stand under the figure of a tile and belong to it."""


def render_html_page(page: Page) -> str:
    """Return a page, the same for the same description."""
    style, script = _read_part("report.css") + _render_heat_style(), _read_part("report.js")
    policy = (
        f"default-src 'none'; style-src '{_digest_source(style)}'; script-src '{_digest_source(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    names = {shown.sheet.name: f"s{number}" for number, shown in enumerate(page.sheets, 1)}
    body = "".join(_render_section(page, shown, names) for shown in page.sheets)
    contents = _render_contents(page, names) if len(page.sheets) > 1 else ""
    return (
        f'<!DOCTYPE html>\n<html lang="{escape_text(page.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape_text(page.title)}</title><style>{style}</style></head>\n<body>"
        f'<a class="skip" href="#content">{escape_text(page.words.skip)}</a>'
        f"<header><h1>{escape_text(page.title)}</h1>"
        f'<p class="sub">{escape_text(page.subtitle)}</p>{contents}</header>\n'
        f'<main id="content">{body}</main>\n<script>{script}</script></body></html>\n'
    )


@cache
def _read_part(name: str) -> str:
    return resources.files("xlprofit.drawing").joinpath(name).read_text(encoding="utf-8")


def _digest_source(text: str) -> str:
    """Return how a policy names a style or a script that stands in the page."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _render_heat_style() -> str:
    """Return the fills of meanings and of the shades of heat maps."""
    looks = [
        f".m-{meaning.value} {{ color: #{look.font};{f' background: #{look.fill};' if look.fill else ''}"
        f"{' font-weight: bold;' if look.bold else ''} }}"
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


def _render_contents(page: Page, names: Mapping[str, str]) -> str:
    links = "".join(f'<li><a href="#{at}">{escape_text(name)}</a></li>' for name, at in names.items())
    return f'<nav aria-label="{escape_text(page.words.contents)}"><ul>{links}</ul></nav>'


# --- a sheet -----------------------------------------------------------------------------------------


def _render_section(page: Page, shown: ShownSheet, names: Mapping[str, str]) -> str:
    """Return a sheet: its title, then its parts from top to bottom and from left to right."""
    sheet, at = shown.sheet, names[shown.sheet.name]
    most = max((_count_columns(shown, table) for table in sheet.tables), default=0)
    form = "large" if most > LARGE_COLUMNS else "across" if most > LANDSCAPE_COLUMNS else "upright"
    title = next((cell for cell in sheet.cells if cell.meaning is Meaning.TITLE), None)
    said = escape_text(_read_cell_text(sheet, title) if title else sheet.name)
    parts = "".join(_join_charts(_list_parts(page, shown, names, said)))
    return (
        f'<section id="{at}" class="{form}" aria-labelledby="{at}-title">'
        f'<h2 id="{at}-title">{said}</h2>{parts}</section>\n'
    )


def _count_columns(shown: ShownSheet, table: Table) -> int:
    return 2 if shown.is_upright(table) else len(table.columns)


Part = tuple[int, int, str]
"""A part of a sheet: its row, its column and its HTML."""


def _join_charts(parts: Sequence[Part]) -> Iterator[str]:
    """Yield the parts, charts that follow each other side by side."""
    figures: list[str] = []
    for _, _, html in [*parts, (0, 0, "")]:
        if html.startswith("<figure"):
            figures.append(html)
            continue
        if figures:
            yield f'<div class="charts">{"".join(figures)}</div>' if len(figures) > 1 else figures[0]
            figures = []
        yield html


def _list_parts(page: Page, shown: ShownSheet, names: Mapping[str, str], title: str) -> list[Part]:
    """Return the parts of a sheet in the order of their rows and columns."""
    sheet = shown.sheet
    parts = [*_list_cell_parts(page, shown, names)]
    canvas = Canvas(page, shown, names)
    for number, table in enumerate(sheet.tables, 1):
        if table.columns and (shown.rows is None or table.name in shown.rows):
            top = min(table.row, table.total_row) if table.has_total else table.row
            caption = _find_caption(sheet, table)
            html = render_html_table(canvas, table, f"{canvas.name}-t{number}", caption or title)
            parts.append((top, table.column, html))
    for number, chart in enumerate(sheet.charts if shown.rows is None else (), 1):
        html = _render_figure(page, sheet, chart, f"{names[sheet.name]}-c{number}")
        parts.append((chart.row, chart.column, html))
    return sorted(parts, key=lambda part: part[:2])


def _find_caption(sheet: Sheet, table: Table) -> str:
    """Return the heading right above a table; nothing where there is none of its own."""
    above = [
        cell
        for cell in sheet.cells
        if cell.meaning is Meaning.SECTION and cell.row < table.row and cell.column <= table.column + 1
    ]
    nearest = max(above, key=lambda cell: (cell.row, cell.column), default=None)
    return escape_text(_read_cell_text(sheet, nearest)) if nearest else ""


def _read_cell_text(sheet: Sheet, cell: Cell) -> str:
    return str(cell.value.value if isinstance(cell.value, Formula) else cell.value)


# --- single cells ------------------------------------------------------------------------------------


def _list_cell_parts(page: Page, shown: ShownSheet, names: Mapping[str, str]) -> Iterator[Part]:
    """Yield the single cells: tiles of figures together, headings, and the cells of a row in a line."""
    sheet = shown.sheet
    canvas = Canvas(page, shown, names)
    cells = [
        cell
        for cell in sheet.cells
        if cell.meaning is not Meaning.TITLE and (shown.rows is None or cell.meaning is Meaning.SECTION)
    ]
    tiles = {id(cell): _list_tile_cells(cells, cell) for cell in cells if cell.meaning is Meaning.KPI}
    taken = {id(part) for tile in tiles.values() for part in tile}
    for row in sorted({cell.row for cell in cells}):
        here = sorted((c for c in cells if c.row == row), key=lambda c: c.column)
        figures = [cell for cell in here if cell.meaning is Meaning.KPI]
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
    near = [label] if label is not None and label.row + label.down == figure.row else []
    return [*near, figure, *(below if below and near else [])]


def _render_tile(canvas: Canvas, tile: Sequence[Cell]) -> str:
    label = next((cell for cell in tile if cell.meaning is Meaning.LABEL), None)
    term = render_html_cell(canvas, label) if label is not None else ""
    said = "".join(
        f'<dd class="{cell.meaning.value}">{render_html_cell(canvas, cell)}</dd>'
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


def _render_figure(page: Page, sheet: Sheet, chart: Chart, name: str) -> str:
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

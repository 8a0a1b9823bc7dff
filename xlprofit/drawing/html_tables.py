"""Tables and cells of a page of HTML: headers that sort, colours as meanings with their words and signs, links."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlprofit import addresses
from xlprofit.drawing import layout
from xlprofit.drawing.charts_svg import escape_text
from xlprofit.drawing.conditions import Bar, build_rules
from xlprofit.drawing.digits import format_number_digits, round_values
from xlprofit.drawing.html_page import MOST_ROWS, HtmlPage, ShownSheet
from xlprofit.drawing.number_codes import write_marks
from xlprofit.sheets import theme
from xlprofit.sheets.parts import (
    AboveRule,
    Cell,
    ColourRule,
    Column,
    Format,
    Formula,
    HeatRule,
    Link,
    Meaning,
    Table,
    Value,
)

HEAT_STEPS = 8
"""Shades of a heat map, from the palest to the strongest."""

HEAT_MEANINGS = (Meaning.LOSS, Meaning.PROFIT, Meaning.WARNING, Meaning.NEUTRAL)
"""The meanings that a heat map may have."""

LONG_TEXT = 30
"""A column with a longer text is given more room, and its texts are broken over lines."""

TALL = 40
"""A table of more rows scrolls by itself, its header in sight."""


@dataclass(frozen=True)
class Canvas:
    """What a part of a page is drawn for: the page, the sheet, and the identifier of each sheet by its name."""

    page: HtmlPage
    shown: ShownSheet
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        """The identifier of the sheet."""
        return self.names[self.shown.sheet.name]


@dataclass(frozen=True)
class _Looks:
    """What draws the cells of a column: its rules, its bar, and the limit of its heat map."""

    column: Column
    bar: Bar | None
    heat: HeatRule | None
    limit: float


# --- single cells ------------------------------------------------------------------------------------


def render_html_cell(canvas: Canvas, cell: Cell) -> str:
    """Return a single cell: its value with its meaning, and its link."""
    value = cell.value.value if isinstance(cell.value, Formula) else cell.value
    text = escape_text(_format_value(canvas, value, cell.format, arrows=layout.choose_arrow_side(cell)))
    meaning = _find_drawn_meaning(value, cell.rules)
    shown = f'<span class="i-{meaning.value}">{text}</span>' if meaning and text else text
    return _wrap_link(canvas, cell.link, shown)


def _format_value(canvas: Canvas, value: Value, format: Format, *, arrows: theme.Arrows = "") -> str:
    """Return a value as the page shows it, in the marks of its language."""
    value = theme.clean_drawn_value(value)
    text = theme.format_shown_value(value, format, canvas.shown.sheet.currency, arrows=arrows)
    if isinstance(value, bool | str) or value is None:
        return text
    writing = canvas.page.writing
    if format is Format.DATE:
        said = date.fromisoformat(text)
        return writing.day.format(day=said.day, month=said.month, year=said.year)
    return write_marks(text, writing)


def _find_drawn_meaning(value: Value, rules: Sequence[ColourRule]) -> Meaning | None:
    """Return the meaning with which the rules draw a value: that of the first which says something."""
    found = (theme.find_value_meaning(value, rule) for rule in rules)
    return next((meaning for meaning in found if meaning and meaning is not Meaning.PLAIN), None)


def _wrap_link(canvas: Canvas, link: Link | None, html: str) -> str:
    target = find_link_target(canvas, link) if link is not None and html else ""
    return f'<a href="#{target}">{html}</a>' if target else html


def find_link_target(canvas: Canvas, link: Link) -> str:
    """Return the identifier that a link leads to: a row, if the page shows it, else the sheet; nothing without it."""
    page, at = canvas.page, canvas.names.get(link.sheet)
    if at is None or link.sheet == canvas.shown.sheet.name:
        return ""
    shown = next(shown for shown in page.sheets if shown.sheet.name == link.sheet)
    row, column = addresses.parse_address(link.cell.split(":")[0])
    for number, table in enumerate(shown.sheet.tables, 1):
        right = table.column + len(table.columns)
        if table.first <= row <= table.last and table.column <= column < right and shown.shows(table, row):
            return f"{at}-t{number}-r{row}"
    return at


# --- tables ------------------------------------------------------------------------------------------


def render_html_table(canvas: Canvas, table: Table, name: str, caption: str) -> str:
    """Return a table with what the page says below it.

    Args:
        canvas: what it is drawn for.
        table: the table.
        name: its identifier.
        caption: what it is called, as HTML.
    """
    rows = canvas.shown.list_rows(table)
    drawn = rows[:MOST_ROWS]
    if canvas.shown.is_upright(table):
        inner = _render_upright_body(canvas, table, drawn)
        form = "facts"
    else:
        inner = _render_head(table, sortable=len(drawn) > 1) + _render_bodies(
            canvas, table, rows, drawn, name
        )
        form = "sortable" if len(drawn) > 1 else ""
    tall = " tall" if len(drawn) > TALL else ""
    cut = canvas.page.words.say_cut(len(drawn), len(rows)) if len(drawn) < len(rows) else ""
    return (
        f'<div class="scroll{tall}" tabindex="0" role="group" aria-labelledby="{name}">'
        f'<table class="{form}"><caption id="{name}" class="hid">{caption}</caption>{inner}</table></div>'
        + (f'<p class="note">{escape_text(cut)}</p>' if cut else "")
        + _render_meanings(canvas, table)
    )


def _render_meanings(canvas: Canvas, table: Table) -> str:
    """Return what the columns mean, folded away."""
    said = "".join(
        f"<dt>{escape_text(column.header)}</dt><dd>{escape_text(column.note)}</dd>"
        for column in table.columns
        if column.note
    )
    return (
        f"<details><summary>{escape_text(canvas.page.words.meanings)}</summary><dl>{said}</dl></details>"
        if said
        else ""
    )


def _render_head(table: Table, *, sortable: bool) -> str:
    """Return the header, under the band of headings where there is one."""
    bands = "".join(
        f'<th colspan="{last - first + 1}" scope="colgroup" class="band">{escape_text(heading)}</th>'
        if heading
        else f'<td colspan="{last - first + 1}" class="gap"></td>'
        for heading, first, last in layout.list_band_headings(table)
    )
    cells = "".join(
        f'<th scope="col"{_render_class(_list_column_classes(column))}>{_render_header(column, sortable)}</th>'
        for column in table.columns
    )
    return f"<thead>{f'<tr>{bands}</tr>' if bands else ''}<tr>{cells}</tr></thead>"


def _render_header(column: Column, sortable: bool) -> str:
    header = escape_text(column.header)
    # The script lets it be pressed; without one nothing says that it can be.
    return f'<button type="button" disabled>{header}</button>' if sortable and header else header


def _render_class(classes: Sequence[str]) -> str:
    return f' class="{" ".join(classes)}"' if classes else ""


def _list_column_classes(column: Column) -> list[str]:
    if column.format is not Format.TEXT:
        return ["n", "detail"] if column.detail else ["n"]
    longest = max((len(v) for v in column.values if isinstance(v, str)), default=0)
    return ["t", *(["w"] if longest > LONG_TEXT else []), *(["detail"] if column.detail else [])]


def _render_bodies(canvas: Canvas, table: Table, rows: Sequence[int], drawn: Sequence[int], name: str) -> str:
    """Return the total, where it comes first in a body of its own, and the rows."""
    columns = [
        _render_column(canvas, table, column, drawn, at == 0) for at, column in enumerate(table.columns)
    ]
    lines = "".join(
        f'<tr id="{name}-r{table.first + row}">{"".join(cells)}</tr>'
        for row, cells in zip(drawn, zip(*columns, strict=True), strict=True)
    )
    if not drawn:
        said = escape_text(table.empty or canvas.page.words.nothing)
        lines = f'<tr><td colspan="{len(table.columns)}">{said}</td></tr>'
    body = f"<tbody>{lines}</tbody>"
    if not table.has_total:
        return body
    total = f'<tr class="sum">{"".join(_list_total_cells(canvas, table, rows))}</tr>'
    return f"<tbody>{total}</tbody>{body}" if table.total_first else f"{body}<tfoot>{total}</tfoot>"


def _list_total_cells(canvas: Canvas, table: Table, rows: Sequence[int]) -> Iterator[str]:
    """Yield the cells of the total row, over the rows that are to be shown.

    A total that is more than a sum holds of all rows alone, and is blank for some of them.
    """
    for at, column in enumerate(table.columns):
        total = layout.build_column_total(table, column)
        value = total.value if isinstance(total, Formula) else total
        if column.total and len(rows) < table.rows:
            chosen = [column.values[row] for row in rows]
            value = layout.sum_finite_numbers(chosen) if column.total == "sum" else None
        inner, classes = _render_value(canvas, _Looks(column, None, None, 1.0), value)
        if at == 0:
            yield f'<th scope="row">{inner}</th>'
        else:
            yield f"<td{_render_class([*_list_column_classes(column), *classes])}>{inner}</td>"


def _render_column(
    canvas: Canvas, table: Table, column: Column, drawn: Sequence[int], first: bool
) -> list[str]:
    """Return the cells of a column's rows; those of the first column name their rows."""
    looks = _build_looks(canvas, table, column)
    values = round_values(column.values)
    known = _list_column_classes(column)
    cells = []
    for row in drawn:
        value = values[row]
        inner, classes = _render_value(canvas, looks, value)
        link = column.links[row] if row < len(column.links) else None
        inner = _wrap_link(canvas, link, inner)
        if first:
            cells.append(f'<th scope="row"{_render_class(classes)}{_render_key(value)}>{inner}</th>')
        else:
            cells.append(f"<td{_render_class([*known, *classes])}{_render_key(value)}>{inner}</td>")
    return cells


def _render_key(value: Value) -> str:
    """Return the number by which a row is sorted."""
    if value is None or isinstance(value, bool | str):
        return ""
    numbers = layout.list_finite_numbers([value])
    return f' data-v="{format_number_digits(numbers[0])}"' if numbers else ""


def _build_looks(canvas: Canvas, table: Table, column: Column) -> _Looks:
    rules = [build_rules(r, column.format, canvas.shown.sheet.currency, column.values) for r in column.rules]
    bar = next((one for made in rules for one in made if isinstance(one, Bar)), None)
    heat = next((rule for rule in column.rules if isinstance(rule, HeatRule)), None)
    limit = 1.0
    if heat is not None:
        maps = layout.group_heat_columns(table)[heat]
        limit = theme.compute_heat_limit([v for c in maps for v in layout.list_finite_numbers(c.values)])
    return _Looks(column, bar, heat, limit)


def _render_value(canvas: Canvas, looks: _Looks, value: Value) -> tuple[str, list[str]]:
    """Return a value of a column as HTML, with a sign where only a colour would tell, and its classes."""
    column = looks.column
    text = _format_value(canvas, value, column.format, arrows=layout.choose_arrow_side(column))
    meaning = _find_drawn_meaning(value, column.rules)
    classes = [f"m-{meaning.value}"] if meaning else []
    if meaning and any(isinstance(rule, AboveRule) for rule in column.rules):
        text = f"{theme.SIGNS.get(meaning, '')} {text}".strip()
    html = escape_text(text).replace("\n", "<br>")
    number = next(iter(layout.list_finite_numbers([value])), None)
    if number is None:
        return html, classes
    if looks.heat is not None:
        step = round(theme.compute_heat_strength(number, looks.limit) * HEAT_STEPS)
        meaning = looks.heat.meaning if number > 0 else looks.heat.falling
        classes += [f"h-{meaning.value}-{step}"] if step else []
    if looks.bar is not None:
        html += _render_bar(looks.bar, number)
    return html, classes


def _render_bar(bar: Bar, number: float) -> str:
    high = bar.greatest if bar.high is None else bar.high
    share = min(max((number - bar.low) / ((high - bar.low) or 1.0), 0.0), 1.0)
    return (
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * share:.0f}" height="4" fill="#{bar.colour}"/></svg>'
    )


def _find_pictured_columns(table: Table) -> set[int]:
    """Return the places of the columns that a sparkline of the same table is the picture of."""
    keys = [column.key for column in table.columns]
    ends = [column.spark for column in table.columns if column.spark is not None]
    return {at for first, last in ends for at in range(keys.index(first), keys.index(last) + 1)}


def _render_upright_body(canvas: Canvas, table: Table, drawn: Sequence[int]) -> str:
    """Return a table of a single row as facts: a row for each column that says something.

    Of figures by period their picture is one; the figures themselves, dozens of them, would be pages.
    """
    lines = []
    drawn_as_one = _find_pictured_columns(table)
    for place, column in enumerate(table.columns[1:], 1):
        if place in drawn_as_one:
            continue
        looks, values = _build_looks(canvas, table, column), round_values(column.values)
        for html, classes in (_render_value(canvas, looks, values[row]) for row in drawn):
            cell = f"<td{_render_class([*_list_column_classes(column)[:1], *classes])}>{html}</td>"
            lines += [f'<tr><th scope="row">{escape_text(column.header)}</th>{cell}</tr>'] if html else []
    if not lines:
        lines = [f"<tr><td>{escape_text(canvas.page.words.nothing)}</td></tr>"]
    return f"<tbody>{''.join(lines)}</tbody>"

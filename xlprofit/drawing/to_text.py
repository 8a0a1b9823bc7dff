"""Draws a sheet's description as text: for a terminal, and for tests that compare a sheet as a whole.

What a workbook says with a colour stands here in words: ``-3,829 € ▼ [loss]``; a link is
``→ Sales!C3``, a formula ``13.8% (=C8/B8)``, a bar and a heat map are made of blocks.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from xlprofit.drawing import layout
from xlprofit.sheets import theme
from xlprofit.sheets.parts import (
    BarRule,
    Cell,
    Chart,
    Column,
    Format,
    Formula,
    HeatRule,
    Link,
    Meaning,
    Sheet,
    Table,
    Value,
)

_GAP = "  "
_BAR = 10
_SHADES = " ░▒▓█"


def render_sheet_text(sheet: Sheet, width: int | None = None) -> str:
    """Return a sheet as text, the same for the same description.

    Parts stand one under the other by row and column. ``width`` is that of the terminal: a wider
    table continues below with its first column repeated, and a long text is cut short with ``…``.
    Without it, nothing is cut.
    """
    parts = sorted(_list_placed_parts(sheet, width), key=lambda part: part[:2])
    head = f"[{sheet.name}]" + (" (hidden)" if sheet.hidden else "")
    lines = [head, *(line for _, _, part in parts for line in part)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _list_placed_parts(sheet: Sheet, width: int | None) -> Iterator[tuple[int, int, list[str]]]:
    """Yield the parts of a sheet: their row, their column and their lines."""
    for row in sorted({cell.row for cell in sheet.cells}):
        cells = sorted((c for c in sheet.cells if c.row == row), key=lambda c: c.column)
        yield row, cells[0].column, _render_cell_lines(sheet, cells, width)
    for table in sheet.tables:
        top = min(table.row, table.total_row) if table.has_total else table.row
        yield top, table.column, _render_table_lines(sheet, table, width)
    for chart in sheet.charts:
        yield chart.row, chart.column, _render_chart_lines(chart, width)


# --- single cells --------------------------------------------------------------------------------


def _render_cell_lines(sheet: Sheet, cells: Sequence[Cell], width: int | None) -> list[str]:
    """Return the cells of one row: headlines underlined, with a blank line before them."""
    line = "   ".join(_render_cell_text(sheet, cell) for cell in cells)
    lines = textwrap.wrap(line, width) if width else line.split("\n")
    first = cells[0].meaning
    if first in (Meaning.TITLE, Meaning.SECTION):
        return ["", *lines, ("=" if first is Meaning.TITLE else "-") * max(map(len, lines), default=0)]
    return ["", *lines] if first is Meaning.LABEL else lines


def _render_cell_text(sheet: Sheet, cell: Cell) -> str:
    value = cell.value.value if isinstance(cell.value, Formula) else cell.value
    text = theme.format_shown_value(value, cell.format, sheet.currency, arrows=layout.choose_arrow_side(cell))
    meanings = [cell.meaning, *(theme.find_value_meaning(value, rule) for rule in cell.rules)]
    formula = f"(={cell.value.text})" if isinstance(cell.value, Formula) else ""
    choices = f"(of {cell.choices.sheet}!{cell.choices.cell})" if cell.choices else ""
    return _join_text_pieces(
        text, formula, *map(_render_meaning_mark, meanings), _render_link_arrow(cell.link), choices
    )


def _join_text_pieces(*pieces: str) -> str:
    return " ".join(piece for piece in pieces if piece)


def _render_meaning_mark(meaning: Meaning | None) -> str:
    word = theme.WORDS.get(meaning, "") if meaning else ""
    return f"[{word}]" if word else ""


def _render_link_arrow(link: Link | None) -> str:
    return f"→ {link.sheet}!{link.cell}" if link else ""


# --- tables --------------------------------------------------------------------------------------


def _render_table_lines(sheet: Sheet, table: Table, width: int | None) -> list[str]:
    """Return a table as aligned columns, its total where the sheet has it, then what it says of itself."""
    if not table.columns:
        return []
    columns = [_render_column_texts(sheet, table, column) for column in table.columns]
    limit = max(width // 2, 12) if width else None
    columns = [[_shorten_table_text(text, limit) for text in texts] for texts in columns]
    lines: list[str] = []
    for chosen in _split_wide_table([max(map(len, texts)) for texts in columns], width):
        lines += ["", *_render_block_lines(table, columns, chosen)]
    return lines + _render_fact_lines(table)


def _render_fact_lines(table: Table) -> list[str]:
    """Return a line for each column that says anything of itself."""
    said = ((column.header, _render_column_facts(column)) for column in table.columns)
    return [f"* {header}: {facts}" for header, facts in said if facts]


def _render_column_facts(column: Column) -> str:
    """Return what a column says of itself: its note and its formulas."""
    formula = f"= {column.formula}" if column.formula else ""
    total = f"total = {column.total}" if column.total not in ("", "sum") else ""
    return "; ".join(piece for piece in (column.note, formula, total) if piece)


def _render_block_lines(table: Table, columns: Sequence[Sequence[str]], chosen: Sequence[int]) -> list[str]:
    """Return the lines of some columns of a table: band, header, body and total."""
    wide = {i: max(map(len, columns[i])) for i in chosen}

    def line(place: int) -> str:
        left = {i for i in chosen if table.columns[i].format is Format.TEXT}
        return _GAP.join(
            columns[i][place].ljust(wide[i]) if i in left else columns[i][place].rjust(wide[i])
            for i in chosen
        )

    rule = "-" * (sum(wide.values()) + len(_GAP) * (len(chosen) - 1))
    total = [line(-1)] if table.has_total else []
    body = [line(place) for place in range(1, 1 + table.rows)] or [table.empty]
    band = _render_band_lines(table, wide) if any(c.heading for c in table.columns) else []
    if table.total_first:
        return [*total, *band, line(0), rule, *body]
    return [*band, line(0), rule, *body, *([rule] if total else []), *total]


def _render_band_lines(table: Table, wide: Mapping[int, int]) -> list[str]:
    """Return the band of headings over some columns, each over the first of those it groups."""
    texts, previous = [], ""
    for index, width in wide.items():
        heading = table.columns[index].heading
        shown = f"<{heading}>" if heading and heading != previous else ""
        texts.append(shown[:width].ljust(width))
        previous = heading
    return [_GAP.join(texts)]


def _render_column_texts(sheet: Sheet, table: Table, column: Column) -> list[str]:
    """Return the texts of a column: header, body, total."""
    limit = theme.compute_heat_limit(_list_heat_values(table, column))
    links = dict(enumerate(column.links))
    body = [
        _join_text_pieces(
            _render_value_text(sheet, column, value),
            _render_cell_picture(column, value, limit),
            _render_link_arrow(links.get(index)),
        )
        for index, value in enumerate(column.values)
    ]
    total = layout.build_column_total(table, column)
    value = total.value if isinstance(total, Formula) else total
    return [column.header, *body, _render_value_text(sheet, column, value)]


def _render_value_text(sheet: Sheet, column: Column, value: Value) -> str:
    text = theme.format_shown_value(
        value, column.format, sheet.currency, arrows=layout.choose_arrow_side(column)
    )
    return _join_text_pieces(
        text, *(_render_meaning_mark(theme.find_value_meaning(value, rule)) for rule in column.rules)
    )


def _list_heat_values(table: Table, column: Column) -> list[float]:
    """Return the numbers of the heat map that a column belongs to; nothing where it bears none."""
    maps = layout.group_heat_columns(table)
    heat = next((rule for rule in column.rules if isinstance(rule, HeatRule)), None)
    return [v for c in maps[heat] for v in layout.list_finite_numbers(c.values)] if heat else []


def _render_cell_picture(column: Column, value: Value, limit: float) -> str:
    """Return the bar or the shade of a cell, as blocks."""
    if value is None or isinstance(value, bool | str) or not math.isfinite(value):
        return ""
    for rule in column.rules:
        if isinstance(rule, BarRule):
            low, high = _compute_bar_ends(rule, column)
            share = min(max((value - low) / ((high - low) or 1.0), 0.0), 1.0)
            return ("█" * round(share * _BAR)).ljust(_BAR, "·")
        if isinstance(rule, HeatRule):
            return _SHADES[math.ceil(theme.compute_heat_strength(value, limit) * (len(_SHADES) - 1))]
    return ""


def _compute_bar_ends(rule: BarRule, column: Column) -> tuple[float, float]:
    """Return the values at which the bars of a column begin and end."""
    values = layout.list_finite_numbers(column.values)
    low = rule.low if rule.low is not None else min([0.0, *values])
    return low, rule.high if rule.high is not None else max([low, *values])


def _shorten_table_text(text: str, limit: int | None) -> str:
    text = text.replace("\n", " ")
    return text if limit is None or len(text) <= limit else f"{text[: limit - 1]}…"


def _split_wide_table(wide: Sequence[int], width: int | None) -> list[list[int]]:
    """Return which columns stand side by side: as many as the width holds, the first one in each."""
    blocks = [[0]]
    used = wide[0]
    for index in range(1, len(wide)):
        need = wide[index] + len(_GAP)
        if width is not None and used + need > width and len(blocks[-1]) > 1:
            blocks.append([0])
            used = wide[0]
        blocks[-1].append(index)
        used += need
    return blocks


# --- charts --------------------------------------------------------------------------------------


def _render_chart_lines(chart: Chart, width: int | None) -> list[str]:
    """Return a chart in a sentence: its title, its axes, its series and where their cells are."""
    where = f" on {chart.sheet}" if chart.sheet else ""
    rows = f", first {chart.rows} rows" if chart.rows else ""
    series = "; ".join(
        _join_text_pieces(
            s.title,
            _render_meaning_mark(s.meaning),
            f"from {s.table}.{s.key}",
            "on the second axis" if s.secondary else "not drawn" if s.hidden else "",
        )
        for s in chart.series
    )
    axes = f"x {chart.x_title or '(untitled)'} from {'.'.join(chart.category)}; y {chart.y_title or '(untitled)'}"
    if chart.sizes is not None:
        series += f"; as large as {'.'.join(chart.sizes)}"
    losses = "; below zero as a loss" if chart.invert_negative else ""
    kind = f"{'stacked ' if chart.stacked else ''}{chart.kind} chart"
    line = f"({kind}) {chart.title}: {axes}; {series}{losses}{rows}{where}"
    return ["", *(textwrap.wrap(line, width) if width else [line])]

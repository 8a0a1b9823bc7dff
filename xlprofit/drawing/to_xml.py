"""The cells of a sheet as XML, some thousand rows at a time: Arrow puts the texts together, a column at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise, starmap, zip_longest
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from xlprofit import addresses
from xlprofit.drawing import layout
from xlprofit.drawing.cell_xml import (
    BLANK,
    escape_cell_text,
    render_number_cell,
    render_text_cell,
    render_truth_cell,
)
from xlprofit.drawing.digits import NOISE, format_number_digits, round_digits, round_number
from xlprofit.drawing.to_openpyxl import MOST_LINKS, Outline, TableBody
from xlprofit.markup import escape_markup, quote_attribute
from xlprofit.sheets import theme
from xlprofit.sheets.parts import Link, NumberCells, Sheet, Value

CELLS_AT_ONCE = 1 << 17
"""Cells written at a time: enough to be fast, little enough to need no memory."""

LEAST_ROWS = 512
"""Rows written at a time at least, however many columns there are: of each column they are written in one step."""

ERRORS = frozenset(["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"])
"""What a formula may come to that is no value."""

_NUMBERS = {int, float, type(None), np.float64, np.int64}
_SMALL, _LARGE = 1e-4, 1e10
_TEXT_ANSWER = ' t="str"'
"""The type of a text that a formula comes to; one that comes to nothing comes to an empty text."""

Piece: TypeAlias = "str | pa.StringArray"
"""A part of the XML of cells below each other: the same in all, or one for each."""

Cells = Callable[[int, pa.StringArray], tuple[Piece, ...]]
"""Gives a column's cells as XML, from a sheet row on, for rows whose numbers are given: pieces one behind the other."""

Single = tuple[int, str]
"""A cell that stands in no body: its column and its XML."""


def write_sheet_data(outline: Outline, styles: Sequence[int], *, since_1904: bool = False) -> Iterator[bytes]:
    """Give the ``<sheetData>`` of a sheet: what openpyxl drew of it, and the bodies of its tables.

    ``styles`` has the number that each style of the outline's workbook has in the file.
    """
    singles = _list_single_cells(outline, styles)
    columns = sorted(
        ((b.position, b, _build_column_writer(b, styles, outline.sheet, since_1904)) for b in outline.bodies),
        key=_find_column_position,
    )
    heights = _list_height_attributes(outline)
    edges = {b.table.first for b in outline.bodies} | {_find_row_after_body(b) for b in outline.bodies}
    last = max([*edges, *(row + 1 for row in singles), *(row + 1 for row in heights)], default=1)
    yield b"<sheetData>"
    for start, end in pairwise(sorted({1, last} | edges)):
        here = [
            (at, made) for at, body, made in columns if body.table.first <= start < _find_row_after_body(body)
        ]
        if here:
            yield from _write_row_block(here, start, end, singles, heights)
        else:
            yield _render_single_rows(start, end, singles, heights)
    yield b"</sheetData>"


def find_used_extent(outline: Outline) -> str:
    """Return the block of cells that a sheet uses, such as ``A1:F120``."""
    drawn: Any = outline.worksheet
    used = list(drawn._cells)
    for body in outline.bodies:
        used += [(body.table.first, body.position), (body.table.last, body.position)]
    rows, columns = zip(*used, strict=True) if used else ((1,), (1,))
    return addresses.format_block(min(rows), min(columns), max(rows), max(columns))


def write_body_links(outline: Outline) -> str:
    """Return the links in the bodies of a sheet's tables, as XML; no more of them than Excel allows."""
    drawn: Any = outline.worksheet
    room = MOST_LINKS - len(drawn._hyperlinks)
    found: list[str] = []
    places: dict[str, str] = {}
    for body in outline.bodies:
        letters, first, rows = addresses.format_column(body.position), body.table.first, body.table.rows
        for row, link in enumerate(body.column.links[:rows], first):
            if link is None:
                continue
            if len(found) >= room:
                break
            if link.sheet not in places:
                places[link.sheet] = quote_attribute(f"{addresses.quote_sheet_name(link.sheet)}!")
            place = places[link.sheet]
            found.append(f'<hyperlink ref="{letters}{row}" location={place[:-1]}{link.cell}{place[-1]}/>')
    return "".join(found)


# --- rows ------------------------------------------------------------------------------------------


def _find_column_position(column: tuple[int, TableBody, Cells]) -> int:
    return column[0]


def _find_row_after_body(body: TableBody) -> int:
    """Return the row behind a body."""
    return body.table.first + len(body.column.values)


def _render_single_rows(
    start: int, end: int, singles: Mapping[int, Sequence[Single]], heights: Mapping[int, str]
) -> bytes:
    """Return the rows in which no body stands, those left out of which there is nothing to say."""
    return "".join(
        _render_xml_row(row, heights, "".join(xml for _, xml in singles.get(row, ())))
        for row in sorted({*singles, *heights})
        if start <= row < end
    ).encode()


def _write_row_block(
    columns: Sequence[tuple[int, Cells]],
    start: int,
    end: int,
    singles: Mapping[int, Sequence[Single]],
    heights: Mapping[int, str],
) -> Iterator[bytes]:
    """Give the rows in which the same columns stand."""
    step = max(CELLS_AT_ONCE // len(columns), LEAST_ROWS)
    for first in range(start, end, step):
        here = range(first, min(first + step, end))
        rows: pa.StringArray = pa.array(here, pa.int64()).cast(pa.string())
        made = [column(first, rows) for _, column in columns]
        if singles.keys().isdisjoint(here):
            yield _join_body_rows(made, here, rows, heights)
            continue
        apart = [_join_xml_pieces(*cell).to_pylist() for cell in made]
        for row, line in zip(here, zip(*apart, strict=True), strict=True):
            among = dict(zip((at for at, _ in columns), line, strict=True)) | dict(singles.get(row, ()))
            yield _render_xml_row(row, heights, "".join(among[at] for at in sorted(among))).encode()


def _join_body_rows(
    made: Sequence[tuple[Piece, ...]], here: range, rows: pa.StringArray, heights: Mapping[int, str]
) -> bytes:
    """Return rows that hold nothing but cells of bodies, all put together at once."""
    tall = any(row in heights for row in here)
    height = pa.array([heights.get(row, "") for row in here]) if tall else ""
    pieces = (piece for cell in made for piece in cell)
    return _join_text_bytes(_join_xml_pieces('<row r="', rows, '"', height, ">", *pieces, "</row>"))


def _join_xml_pieces(*pieces: Piece) -> pa.StringArray:
    """Return pieces put together; nothing where one of them is null. One of them is an array.

    Those that are the same in all stand beside each other most often: they are put together once.
    """
    fewer: list[Piece] = []
    for piece in pieces:
        if fewer and isinstance(piece, str) and isinstance(fewer[-1], str):
            fewer[-1] += piece
        else:
            fewer.append(piece)
    return pc.binary_join_element_wise(*fewer, "")


def _join_text_bytes(texts: pa.StringArray) -> bytes:
    """Return texts one behind the other."""
    _, ends, data = texts.buffers()
    first, last = np.frombuffer(ends, np.int32)[[texts.offset, texts.offset + len(texts)]]
    return bytes(data[int(first) : int(last)])


def _render_xml_row(row: int, heights: Mapping[int, str], line: str) -> str:
    return f'<row r="{row}"{heights.get(row, "")}>{line}</row>'


def _list_height_attributes(outline: Outline) -> dict[int, str]:
    """Return what rows say of their heights, and of being folded away."""
    dimensions: Any = outline.worksheet.row_dimensions
    found = {row: _render_row_attributes(dimension) for row, dimension in dimensions.items()}
    below = {row: f' ht="{height:g}" customHeight="1"' for row, height in outline.heights.items()}
    return {row: said for row, said in found.items() if said} | below


def _render_row_attributes(dimension: Any) -> str:
    """Return what a row says of itself, as XML."""
    tall = f' ht="{dimension.height:g}" customHeight="1"' if dimension.height is not None else ""
    level = f' outlineLevel="{dimension.outlineLevel}"' if dimension.outlineLevel else ""
    return (
        tall
        + (' hidden="1"' if dimension.hidden else "")
        + level
        + (' collapsed="1"' if dimension.collapsed else "")
    )


# --- the bodies of tables --------------------------------------------------------------------------


def _build_column_writer(body: TableBody, styles: Sequence[int], sheet: Sheet, since_1904: bool) -> Cells:
    """Return what writes a column's cells; on a hidden sheet they bear no style, and blanks are left out."""
    column, hidden = body.column, sheet.hidden
    values = layout.convert_column_dates(column, since_1904=since_1904)
    head = f'<c r="{addresses.format_column(body.position)}'
    tail = '"' if hidden else f'" s="{styles[body.style]}"'
    if column.formula:
        return _build_formula_writer(body, values, (head, tail))
    mixed, numbers = _split_values(values)
    other = _render_other_cells(body, mixed, tail, f'" s="{styles[body.linked]}"')
    plain = [v if end is None else None for v, end in zip(mixed, other, strict=True)] if other else mixed
    floats = np.concatenate([np.array(plain, dtype=np.float64), numbers])
    return _build_number_writer(body.table.first, floats, (head, tail), other, blank=not hidden)


def _split_values(values: Sequence[Value]) -> tuple[Sequence[Value], npt.NDArray[np.float64]]:
    """Return the cells of a column that may hold anything, and the numbers below them."""
    if isinstance(values, NumberCells):
        return values.above, values.numbers
    return values, np.empty(0)


def _render_other_cells(
    body: TableBody, values: Sequence[Value], tail: str, linked_tail: str
) -> list[str | None]:
    """Return what follows the address of the cells that are no plain numbers: texts, truth values, links.

    Nothing at all where all are plain numbers.
    """
    links = body.column.links[: len(values)] if body.style != body.linked else ()
    kinds = set(map(type, values))
    if not any(links) and _NUMBERS.issuperset(kinds):
        return []
    ends: dict[Value, str] = {text: _render_cell_end(text) for text in body.column.texts}
    plain, linked = ({text: before + end for text, end in ends.items()} for before in (tail, linked_tail))
    if not any(links) and _NUMBERS.issuperset(kinds - {str}):
        return list(map(plain.get, values))

    def render(value: Value, link: Link | None) -> str | None:
        if isinstance(value, str):
            return plain[value] if link is None else linked[value]
        if link is None and type(value) in _NUMBERS:
            return None
        return (tail if link is None else linked_tail) + _render_cell_end(value)

    return list(starmap(render, zip_longest(values, links)))


def _build_number_writer(
    first: int,
    numbers: npt.NDArray[np.float64],
    around: tuple[str, str],
    other: Sequence[str | None],
    *,
    blank: bool,
) -> Cells:
    """Return what writes numbers, and ``other`` cells that stand among them; blanks only where they are asked for."""
    head, tail = around
    floats = round_digits(numbers)
    floats[np.abs(floats) < NOISE] = 0.0
    floats[~np.isfinite(floats)] = np.nan

    def write_block(start: int, rows: pa.StringArray) -> tuple[Piece, ...]:
        here = slice(start - first, start - first + len(rows))
        others = list(other[here])
        others += [None] * (len(rows) - len(others)) if others else []
        if others and None not in others:
            return head, rows, pa.array(others, pa.string())
        digits = _format_shortest_digits(floats[here])
        if not digits.null_count and not any(others):
            return head, rows, f"{tail}><v>", digits, "</v></c>"
        if not blank and not any(others):
            return (_join_xml_pieces(head, rows, f"{tail}><v>", digits, "</v></c>").fill_null(""),)
        cells = _join_xml_pieces(f"{tail}><v>", digits, "</v></c>")
        if any(others):
            cells = pc.coalesce(pa.array(others, pa.string()), cells)
        if blank:
            return head, rows, cells.fill_null(f"{tail}/>")
        return (_join_xml_pieces(head, rows, cells).fill_null(""),)

    return write_block


def _format_shortest_digits(numbers: npt.NDArray[np.float64]) -> pa.StringArray:
    """Return the shortest digits that give each number back, many times as fast as ``repr``; null for NaN."""
    found: pa.StringArray = pa.array(numbers, from_pandas=True).cast(pa.string())
    sizes = np.abs(numbers)
    powers = (sizes >= _LARGE) | ((sizes < _SMALL) & (sizes > 0.0))
    if not powers.any():
        return found
    digits = [
        _format_rounded_number(number) for number in numbers[powers].tolist()
    ]  # of which the other writes a power of ten
    return pc.replace_with_mask(found, pa.array(powers), pa.array(digits, pa.string()))


def _build_formula_writer(body: TableBody, values: Sequence[Value], around: tuple[str, str]) -> Cells:
    first, (head, tail) = body.table.first, around
    parts = [escape_markup(part) for part in layout.split_formula_text(body.table, body.column.formula)]
    render = _render_number_answers if _NUMBERS.issuperset(map(type, values)) else _render_mixed_answers

    def write_block(start: int, rows: pa.StringArray) -> tuple[Piece, ...]:
        kinds, answers = render(values[start - first : start - first + len(rows)])
        text = [piece for i, part in enumerate(parts) for piece in ((part, rows) if i % 2 else (part,))]
        return head, rows, tail, kinds, "><f>", *text, "</f><v>", answers, "</v></c>"

    return write_block


def _render_number_answers(values: Sequence[Value]) -> tuple[Piece, Piece]:
    """Return the types and the texts of what formulas come to that are all numbers or blanks, as one by one."""
    numbers: Any = round_digits(np.array(values, dtype=float)) + 0.0  # and no -0
    numbers[~np.isfinite(numbers)] = np.nan
    digits = _format_shortest_digits(numbers)
    if not digits.null_count:
        return "", digits
    return pc.if_else(digits.is_valid(), "", _TEXT_ANSWER), digits.fill_null("")


def _render_mixed_answers(values: Sequence[Value]) -> tuple[Piece, Piece]:
    """Return the types and the texts of what formulas come to."""
    kinds, answers = zip(*map(_render_formula_answer, values), strict=True)
    return pa.array(kinds, pa.string()), pa.array(answers, pa.string())


# --- single cells ----------------------------------------------------------------------------------


def _list_single_cells(outline: Outline, styles: Sequence[int]) -> dict[int, list[Single]]:
    """Return the cells that openpyxl drew, by row and in the order of their columns."""
    found: dict[int, list[Single]] = {}
    drawn: Any = outline.worksheet
    for (row, column), cell in sorted(drawn._cells.items()):
        head = f'<c r="{addresses.format_column(column)}{row}" s="{styles[cell.style_id]}"'
        if cell.data_type == "f":
            kind, answer = _render_formula_answer(outline.answers.get((row, column)))
            xml = f"{head}{kind}><f>{escape_markup(cell._value[1:])}</f><v>{answer}</v></c>"
        else:
            xml = head + _render_cell_end(cell._value)
        found.setdefault(row, []).append((column, xml))
    return found


def _render_cell_end(value: Value) -> str:
    """Return what follows a cell's address and style: its type, its value and its end."""
    value = theme.clean_drawn_value(value)
    if value is None:
        return BLANK
    if isinstance(value, str):
        return render_text_cell(value)
    if isinstance(value, bool):
        return render_truth_cell(value)
    return render_number_cell(round_number(float(value)))


def _render_formula_answer(value: Value) -> tuple[str, str]:
    """Return the type of what a formula comes to, and its text; what is blank comes to an empty text."""
    if isinstance(value, bool | np.bool_):
        return ' t="b"', str(int(value))
    if isinstance(value, str):
        return ' t="e"' if value in ERRORS else _TEXT_ANSWER, escape_cell_text(value)
    if value is None or not math.isfinite(value):
        return _TEXT_ANSWER, ""
    return "", _format_rounded_number(value)


def _format_rounded_number(value: float) -> str:
    """Return a number's digits, of which Excel keeps 15."""
    return format_number_digits(round_number(float(value)))

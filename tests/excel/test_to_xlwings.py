"""The renderer into live Excel held against the file renderer, sheet by sheet: values, looks, colours, sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import xlprofit
from tests.companies import make_small_demo
from tests.drawn import RESULT_SHEETS
from tests.excel.on_server import Office, Server
from tests.needs import takes_minutes
from xlprofit.addresses import format_column, parse_address
from xlprofit.drawing import (
    blocks,
    cell_styles,
    conditions,
    drawing,
    layout,
    room,
    rules_xlwings,
    to_openpyxl,
    to_xlwings,
    typed,
)
from xlprofit.formulas import SHEET
from xlprofit.results import Results
from xlprofit.samples import demo
from xlprofit.sheets import book, explanation, names, theme
from xlprofit.sheets.parts import (
    AboveRule,
    Column,
    Figure,
    Format,
    Link,
    Meaning,
    Sheet,
    SignRule,
    Table,
    WordRule,
)
from xlprofit.words.sheets import say_sheets

TABLES = make_small_demo(20, 500, 300)
SHEETS = (*RESULT_SHEETS, names.EXPLANATION)
"""What the macros draw: Refresh and Check, Explain this cell, and Look up."""
SIDES = ("bottom", "left")

Colours = tuple[str | None, str | None, bool | None]
"""Font colour, fill and boldness that conditional formats give a cell."""


@pytest.fixture(scope="module")
def results() -> Results:
    return xlprofit.analyze(TABLES)


@pytest.fixture(scope="module")
def office(server: Server) -> Office:
    """Return a workbook after Look up and Explain this cell in live Excel."""
    made = Office(TABLES)
    made.run(server, "look_up_customer")
    made.select("Sales", "A2")
    made.run(server, "explain_cell")
    assert made.alerts == []
    return made


@pytest.fixture(scope="module")
def sheets(results: Results) -> tuple[Sheet, ...]:
    """Return the descriptions of the sheets that were drawn."""
    made = say_sheets(book.describe_refreshed_sheets(results, tuple(TABLES)), "en")
    shown = tuple(sheet for sheet in made if sheet.name != SHEET)
    existing = (*TABLES, *RESULT_SHEETS)
    customer = str(TABLES["Sales"]["customer"].iloc[0])
    return (*shown, explanation.describe_explanation_sheet(results, Figure(customer=customer), existing))


@pytest.fixture(scope="module")
def drawn(sheets: tuple[Sheet, ...]) -> openpyxl.Workbook:
    """Return the same sheets as the file renderer draws them."""
    workbook = openpyxl.Workbook()
    to_openpyxl.draw_worksheets(sheets, workbook)
    return workbook


def _sheet(sheets: tuple[Sheet, ...], name: str) -> Sheet:
    return next(sheet for sheet in sheets if sheet.name == name)


def _styled(worksheet: Worksheet) -> Iterator[Any]:
    """Yield the cells that the file renderer drew."""
    drawn: Any = worksheet
    yield from drawn._cells.values()


LINK = re.compile(r'=HYPERLINK\("#((?:[^"]|"")*)",(?:"((?:[^"]|"")*)"|(.*))\)')


def _unlinked(value: Any) -> tuple[Any, str]:
    """Return what a live cell shows, and where it leads."""
    found = LINK.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return value, ""
    place, text, other = found.groups()
    shown = text.replace('""', '"') if text is not None else other
    return shown, place.replace('""', '"')


@pytest.mark.parametrize("name", SHEETS)
def test_the_cells_hold_the_same(office: Office, drawn: openpyxl.Workbook, name: str) -> None:
    page, worksheet, seen = office[name], drawn[name], set()
    for cell in _styled(worksheet):
        shown, leads = _unlinked(page.values.get((cell.row, cell.column)))
        expected = cell.value if cell.value != "" else None
        if isinstance(expected, float) and not isinstance(shown, str):
            assert shown == pytest.approx(expected, rel=1e-12), cell.coordinate
        else:
            assert shown == expected, cell.coordinate
        assert leads == (cell.hyperlink.location if cell.hyperlink else ""), cell.coordinate
        seen.add((cell.row, cell.column))
    assert set(page.values) <= seen


@pytest.mark.parametrize("name", SHEETS)
def test_the_cells_look_the_same(office: Office, drawn: openpyxl.Workbook, name: str) -> None:
    page, worksheet = office[name], drawn[name]
    for cell in _styled(worksheet):
        live = page.looks.get((cell.row, cell.column), {})
        assert _live_look(live) == _file_look(cell), f"{name}!{cell.coordinate}"
        above = page.looks.get((cell.row - 1, cell.column), {})
        line = live.get("top") or above.get("bottom") or ""  # one line between two cells, whichever has it
        over: Any = worksheet._cells.get((cell.row - 1, cell.column))
        assert line.lstrip("#").upper() in (_side(cell, "top"), over and _side(over, "bottom")), (
            cell.coordinate
        )
        assert bool(line) == bool(_side(cell, "top") or (over and _side(over, "bottom")))


def _side(cell: Any, side: str) -> str:
    line = getattr(cell.border, side)
    return str(line.color.rgb[2:]) if line.style else ""


def _live_look(look: dict[str, Any]) -> dict[str, Any]:
    return {
        "font": look["font_name"],
        "size": look["font_size"],
        "ink": look["font_color"].lstrip("#").upper(),
        "bold": look.get("font_bold", False),
        "italic": look.get("font_italic", False),
        "fill": (look.get("fill") or "").lstrip("#").upper(),
        "format": look.get("number_format", "General"),
        "horizontal": look.get("horizontal", "General").lower(),
        "vertical": look["vertical"].lower(),
        "wrap": look.get("wrap", False),
        "indent": look.get("indent", 0),
        "borders": [(look.get(side) or "").lstrip("#").upper() for side in SIDES],
    }


def _file_look(cell: Any) -> dict[str, Any]:
    return {
        "font": cell.font.name,
        "size": cell.font.size,
        "ink": cell.font.color.rgb[2:],
        "bold": cell.font.bold,
        "italic": cell.font.italic,
        "fill": cell.fill.fgColor.rgb[2:] if cell.fill.fill_type == "solid" else "",
        "format": cell.number_format,
        "horizontal": cell.alignment.horizontal or "general",
        "vertical": cell.alignment.vertical,
        "wrap": bool(cell.alignment.wrap_text),
        "indent": int(cell.alignment.indent),
        "borders": [_side(cell, side) for side in SIDES],
    }


@pytest.mark.parametrize("name", SHEETS)
def test_values_have_the_same_colours(
    office: Office, drawn: openpyxl.Workbook, sheets: tuple[Sheet, ...], name: str
) -> None:
    worksheet, page = drawn[name], office[name]
    answers = layout.list_formula_answers(_sheet(sheets, name))
    coloured = 0
    for cell in _styled(worksheet):
        value = answers.get(cell.coordinate, cell.value)
        value = None if value == "" else value
        expected = _file_colours(worksheet, cell.coordinate, value)
        assert _live_colours(page.rules, cell.row, cell.column, value) == expected, cell.coordinate
        coloured += expected != (None, None, None)
    has_rules = any(
        isinstance(rule, SignRule | WordRule | AboveRule)
        for table in _sheet(sheets, name).tables
        if table.rows
        for column in table.columns
        for rule in column.rules
    )
    assert bool(coloured) == has_rules or name == names.DASHBOARD


def _file_colours(worksheet: Worksheet, address: str, value: Any) -> Colours:
    for formats in worksheet.conditional_formatting:
        if address not in formats:
            continue
        for rule in formats.rules:
            if rule.type in ("colorScale", "dataBar"):
                continue
            if rule.type == "cellIs":
                met = rule.formula == ['"' + str(value).replace('"', '""') + '"']
            else:
                found = re.fullmatch(r"AND\(ISNUMBER\((\w+)\),\1([<>])(.*)\)", rule.formula[0])
                assert found
                met = _is_number(value) and (
                    value < float(found[3]) if found[2] == "<" else value > float(found[3])
                )
            if met:
                fill = rule.dxf.fill.bgColor.rgb[2:] if rule.dxf.fill else None
                return rule.dxf.font.color.rgb[2:], fill, bool(rule.dxf.font.b)
    return None, None, None


def _live_colours(rules: list[Any], row: int, column: int, value: Any) -> Colours:
    for (top, left, bottom, right), rule in rules:
        inside = top <= row <= bottom and left <= column <= right
        if inside and rule["type"] == "CellValue" and _met(rule, value):
            ink, fill = rule["font_color"], rule.get("fill_color")
            return ink.lstrip("#").upper(), fill and fill.lstrip("#").upper(), bool(rule["font_bold"])
    return None, None, None


def _met(rule: dict[str, Any], value: Any) -> bool:
    """Whether Excel holds a condition for met: to it a blank is 0, and any text is above any number."""
    first, second = rule["formula1"], rule["formula2"]
    if rule["operator"] == "EqualTo":
        return bool(first == '="' + str(value).replace('"', '""') + '"')
    if isinstance(value, str):
        return False
    number = float(value or 0)
    if rule["operator"] == "LessThan":
        return number < _worth(first)
    assert rule["operator"] == "Between"
    return _worth(first) <= number <= _worth(second)


def _worth(formula: str) -> float:
    """Return what a limit comes to; none may have a decimal point or an address."""
    assert re.fullmatch(r"=-?\d+([/^]\d+)?", formula), formula
    top, sign, bottom = re.fullmatch(r"=(-?\d+)([/^])?(\d+)?", formula).groups()  # type: ignore[union-attr]
    if sign == "^":
        return float(int(top) ** int(bottom))
    return int(top) / int(bottom or 1)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@pytest.mark.parametrize("name", SHEETS)
def test_bars_and_heat_maps_are_the_same(office: Office, drawn: openpyxl.Workbook, name: str) -> None:
    expected_heat, expected_bars = {}, {}
    for formats in drawn[name].conditional_formatting:
        for rule in formats.rules:
            for part in formats.cells.ranges:
                for column in range(part.min_col, part.max_col + 1):
                    key = (part.min_row, part.max_row, column)
                    if rule.type == "colorScale":
                        scale = rule.colorScale
                        expected_heat[key] = [
                            (float(at.val), colour.rgb[2:])
                            for at, colour in zip(scale.cfvo, scale.color, strict=True)
                        ]
                    elif rule.type == "dataBar":
                        expected_bars[key] = (float(rule.dataBar.cfvo[0].val), rule.dataBar.color.rgb[2:])
    heat, bars = {}, {}
    for (top, left, bottom, right), rule in office[name].rules:
        for column in range(left, right + 1):
            if rule["type"] == "ColorScale":
                heat[top, bottom, column] = [
                    (float(at), colour.lstrip("#").upper())
                    for at, colour in zip(rule["thresholds"], rule["colors"], strict=True)
                ]
            elif rule["type"] == "DataBar":
                colour = rule["bar_color"].lstrip("#").upper()
                bars[top, bottom, column] = (float(rule["thresholds"][0]), colour)
                assert rule["thresholds"][0] < rule["thresholds"][1]
    assert heat == expected_heat
    assert bars == expected_bars


@pytest.mark.parametrize("name", SHEETS)
def test_the_sheet_is_laid_out_the_same(
    office: Office, drawn: openpyxl.Workbook, sheets: tuple[Sheet, ...], name: str
) -> None:
    page, worksheet, needed = office[name], drawn[name], room.measure_room(_sheet(sheets, name))
    merged = {(m.min_row, m.min_col, m.max_row, m.max_col) for m in worksheet.merged_cells.ranges}
    assert page.merged == merged
    notes = {cell.coordinate: cell.comment.text for cell in _styled(worksheet) if cell.comment}
    assert {address.replace("$", ""): text for address, text in page.notes.items()} == notes
    assert page.widths == {at: room.convert_width_to_points(width) for at, width in needed.widths.items()}
    assert page.gridlines is False
    assert page.print_area == worksheet.print_area.split("!")[-1].replace("$", "")
    if worksheet.freeze_panes:
        row, column = parse_address(worksheet.freeze_panes)
        assert page.frozen == _frozen(row - 1, column - 1)
    fitted = [t for t in _sheet(sheets, name).tables if any(t.name == n for n, _ in needed.wrapped)]
    for at, height in needed.heights.items():
        if not any(t.first <= at <= t.last for t in fitted):
            assert page.heights[at] == height


def _frozen(rows: int, columns: int) -> str:
    if rows and columns:
        return f"A1:{format_column(columns)}{rows}"
    return f"1:{rows}" if rows else f"A:{format_column(columns)}"


def test_charts_show_the_same_cells(office: Office, drawn: openpyxl.Workbook) -> None:
    for name in RESULT_SHEETS:
        charts: Any = drawn[name]
        expected = []
        for chart in charts._charts:
            if chart.tagname == "bubbleChart":  # which a server draws none of
                continue
            cells = [series.val.numRef.f for series in chart.ser]
            at = [parse_address(re.sub(r"^.*!|\$", "", one).split(":")[0])[1] for one in cells]
            if at == list(range(at[0], at[0] + len(at))):
                expected.append((cells, chart.ser[0].cat))  # nor of cells that stand apart
        live = list(office[name].charts)
        assert len(live) == len(expected), name
        for made, (cells, _) in zip(live, expected, strict=True):
            first, last = (re.sub(r"^.*!|\$", "", part) for part in (cells[0], cells[-1]))
            top, left = parse_address(first.split(":")[0])
            bottom, right = parse_address(last.split(":")[-1])
            assert (
                made["address"].replace("$", "")
                == (
                    f"{format_column(left)}{top - 1}:{format_column(right)}{bottom}"  # the header names the series
                )
            )
            assert made["name"].startswith("xlprofit ")


# --- few calls -------------------------------------------------------------------------------------


@takes_minutes
def test_the_number_of_calls_does_not_grow_with_the_customers(server: Server) -> None:
    counted = []
    for customers in (100, 500):  # with fewer, nobody turns in a scenario, and that table is empty
        office = Office(demo.tables(customers=customers, sales_lines=6000, activity_rows=4000))
        office.run(server, "look_up_customer")
        assert office.alerts == []
        rows = max(row for row, _ in office[names.CUSTOMER_PNL].values)
        assert rows >= customers
        counted.append((office.calls.total(), dict(office.calls)))
    (few, few_calls), (many, many_calls) = counted
    # Columns of one width are set together, and linked cells that touch: a handful depends on the figures, as does
    # which of the ten things to do first are about customers, whose names are links.
    assert abs(many - few) <= 20, (few, many)
    for func in ("addConditionalFormat", "setNumberFormat", "setBorderProperty", "addNote"):
        assert abs(many_calls[func] - few_calls[func]) <= 10, func
    # A sheet is one call, but the hidden one has so many cells that it takes more.
    rows, width = (max(ends) for ends in zip(*office[SHEET].values, strict=True))
    parts = -(-rows // (to_xlwings.CELLS_AT_ONCE // width))
    assert few_calls["setValues"] == len(RESULT_SHEETS) + 1
    assert many_calls["setValues"] == len(RESULT_SHEETS) + parts
    assert many < 2900  # some ten for each column of the result sheets, however many customers there are


def test_a_sheet_of_many_rows_is_drawn_in_as_many_calls_as_one_of_few() -> None:
    def styles(rows: int) -> int:
        column = Column("a", "A", ["x"] * rows, links=[Link("S") if i % 3 else None for i in range(rows)])
        sheet = Sheet("S", tables=(Table("t", 2, 1, (column, Column("b", "B", [1.0] * rows, Format.MONEY))),))
        return len(blocks.remove_overlaps(drawing.list_style_blocks(drawing.build_drawing(sheet))))

    assert styles(1000) == styles(50)


# --- what Excel would misread ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "00123",
        "=1+1",
        "+358 40",
        "-",
        "@SUM",
        "12-5",
        "2024-03",
        "March 2024",
        "1E5",
        "TRUE",
        "false",
        "#N/A",
        "'x",
        "5 %",
    ],
)
def test_a_text_that_excel_would_misread_bears_an_apostrophe(text: str) -> None:
    assert typed.escape_typed_value(text) == f"'{text}"


@pytest.mark.parametrize("text", ["ACME", "Oy Ab", "Loss-making", "Länder & Söhne"])
def test_a_plain_text_bears_none(text: str) -> None:
    assert typed.escape_typed_value(text) == text


def test_a_text_too_long_for_a_formula_is_not_linked() -> None:
    long = "x" * 256
    assert typed.build_cell_content(long, Link("S")) == long
    assert str(typed.build_cell_content("x" * 255, Link("S"))).startswith("=HYPERLINK(")


def test_a_number_that_is_linked_stays_a_number() -> None:
    assert typed.build_cell_content(1_250.5, Link("S", "B2")) == "=HYPERLINK(\"#'S'!B2\",1250.5)"


def test_quotes_in_names_and_sheets_are_doubled() -> None:
    assert typed.build_cell_content('the "best"', Link("O'Hara", "B2")) == (
        '=HYPERLINK("#\'O\'\'Hara\'!B2","the ""best""")'
    )


# --- conditions that every language of Excel reads alike -------------------------------------------


@pytest.mark.parametrize("limit", [0.9, 30.0, -12.5, 1 / 3, 1e-6, 123456.789])
def test_a_limit_is_a_fraction_that_comes_to_it(limit: float) -> None:
    assert _worth(rules_xlwings.format_fraction(limit)) == pytest.approx(limit, rel=1e-9)


@pytest.mark.parametrize("value", [-5.0, 0.0, 0.5, 29.999, 30.0, 30.001, 45.0, None, "text"])
@pytest.mark.parametrize(
    "rule",
    [SignRule(), AboveRule(30.0), AboveRule(0.5, below=True), WordRule((("text", Meaning.LOSS),))],
)
def test_a_condition_means_what_the_theme_says(rule: Any, value: Any) -> None:
    said = [
        {
            "operator": _operator(one.operator),
            "formula1": one.first,
            "formula2": one.second,
            "meaning": one.meaning,
        }
        for one in _build_live_conditions(rule)
    ]
    met = next((one["meaning"] for one in said if _met(one, value)), None)
    if value is None and isinstance(rule, AboveRule) and rule.below:
        return  # Excel takes a blank for 0 here
    assert met == theme.find_value_meaning(value, rule)


def test_a_limit_from_below_leaves_blanks_alone() -> None:
    """Excel holds a blank for 0, which is below any limit above it: only stretches of numbers bear the rule."""
    block = blocks.Block(5, 2, 10, 2)
    condition = conditions.Condition("below", 7.0, Meaning.WARNING, number_format="0!")
    placed = conditions.PlacedRule((block,), condition, [9.0, None, 0.0, -1.0, "n/a", 0.0])
    (whole, between), *stretches = rules_xlwings._list_live_conditions(placed)
    assert (whole, between.operator) == (block, "between")
    assert _worth(between.first) == 1e-9 and _worth(between.second or "") == pytest.approx(7.0, abs=1e-7)
    assert [stretch for stretch, _said in stretches] == [blocks.Block(7, 2, 8, 2), blocks.Block(10, 2, 10, 2)]
    full = conditions.PlacedRule((block,), condition, [9.0, 0.0])
    assert [stretch for stretch, _said in rules_xlwings._list_live_conditions(full)] == [block]


def test_a_block_under_another_is_left_on_all_four_sides() -> None:
    under, over = blocks.Block(1, 1, 5, 5), blocks.Block(2, 2, 4, 4)
    left = blocks.remove_overlaps([(under, "a"), (over, "b")])
    cells = [
        (row, column)
        for block, key in left
        if key == "a"
        for row in range(block.row, block.last_row + 1)
        for column in range(block.column, block.last_column + 1)
    ]
    edge = {(r, c) for r in range(1, 6) for c in range(1, 6)} - {(r, c) for r in (2, 3, 4) for c in (2, 3, 4)}
    assert len(cells) == len(set(cells)) == len(edge) and set(cells) == edge


def _build_live_conditions(rule: Any) -> list[rules_xlwings.Said]:
    made = conditions.build_rules(rule, Format.NUMBER, "EUR")
    return [rules_xlwings.build_live_condition(one) for one in made if isinstance(one, conditions.Condition)]


def _operator(operator: str) -> str:
    return "".join(part.capitalize() for part in operator.split("_"))


# --- blocks ----------------------------------------------------------------------------------------


def test_blocks_are_joined_side_by_side_and_above_each_other() -> None:
    grid = [(blocks.Block(r, c, r, c), "a") for r in range(1, 5) for c in range(1, 4)]
    assert blocks.join_blocks(grid) == [(blocks.Block(1, 1, 4, 3), "a")]


def test_styles_that_overlap_are_cut_so_that_the_later_one_shows() -> None:
    below, above = cell_styles.Style(theme.Look()), cell_styles.Style(theme.Look(bold=True))
    cut = blocks.remove_overlaps([(blocks.Block(1, 1, 5, 5), below), (blocks.Block(2, 2, 3, 7), above)])
    shown = {}
    for block, style in cut:
        for row in range(block.row, block.last_row + 1):
            for column in range(block.column, block.last_column + 1):
                assert (row, column) not in shown
                shown[row, column] = style
    assert len(shown) == 25 + 12 - 8
    assert all((shown[r, c] is above) == (2 <= r <= 3 and 2 <= c <= 7) for r, c in shown)


@takes_minutes
def test_nothing_at_run_time_needs_a_licence() -> None:
    package = Path(to_xlwings.__file__).parents[1]
    for path in package.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "LICENSE_KEY" not in text
        assert not re.search(r"(import|from) xlwings\.(pro|server)", text), path.name

"""What only a workbook has: texts that stay texts, links, formulas, the page, charts, drawing again."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet

from tests import render_sample
from tests.drawn import drawn, parts_of, saved, two_customers
from tests.needs import examples
from xlprofit import addresses
from xlprofit.drawing import layout, room, to_openpyxl
from xlprofit.sheets import theme
from xlprofit.sheets.parts import (
    Cell,
    Column,
    Format,
    Link,
    Meaning,
    Sheet,
    SignRule,
    Table,
)

# --- texts, links and formulas in the workbook --------------------------------------------------------

TRAPS = (
    "=1+1",
    "+358 40 123",
    "-5",
    "@home",
    "=cmd|' /C calc'!A0",
    "#N/A",
    "1e5",
    "2024-01-01",
    "TRUE",
    " x ",
)


def _texts(values: Sequence[str]) -> Sheet:
    cells = tuple(Cell(row, 3, text) for row, text in enumerate(values, 1))
    return Sheet("T", cells, (Table("T", 1, 1, (Column("a", "=A1", list(values)),)),))


def test_a_text_is_a_text_whatever_it_begins_with() -> None:
    file = io.BytesIO(saved(drawn(_texts(TRAPS))))
    worksheet = openpyxl.load_workbook(file).worksheets[0]
    for row, text in enumerate(TRAPS, 1):
        for cell in (worksheet.cell(row, 3), worksheet.cell(row + 1, 1)):
            assert (cell.data_type, cell.value) == ("s", text)
    assert (worksheet["A1"].data_type, worksheet["A1"].value) == ("s", "=A1")
    assert b"<f>" not in parts_of(drawn(_texts(TRAPS)))["xl/worksheets/sheet1.xml"]


@given(st.text(max_size=30))
@settings(max_examples=examples(40), deadline=None)
def test_any_text_comes_back_as_it_was(text: str) -> None:
    file = io.BytesIO(saved(drawn(Sheet("T", (Cell(1, 1, text),)))))
    read = openpyxl.load_workbook(file).worksheets[0]["A1"].value
    assert (read or "") == theme.clean_text(text)


def test_links_stay_inside_the_workbook() -> None:
    workbook = drawn(two_customers())
    worksheet = workbook.worksheets[0]
    assert worksheet["A3"].hyperlink.location == "'O''Hara & Co'!B2"
    assert worksheet["A6"].hyperlink.location == "'Sales'!C3"
    assert worksheet["A7"].hyperlink is None
    assert not any(b"External" in part for part in parts_of(workbook).values())


def test_no_more_links_than_excel_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_openpyxl, "MOST_LINKS", 3)
    columns = (Column("a", "A", ["x"] * 5, links=[Link("Sales")] * 5),)
    worksheet = drawn(Sheet("L", tables=(Table("T", 1, 1, columns),))).worksheets[0]
    assert [worksheet.cell(row, 1).hyperlink is not None for row in range(2, 7)] == [True] * 3 + [False] * 2


def test_totals_and_ratios_are_live() -> None:
    worksheet = drawn(two_customers()).worksheets[0]
    assert [worksheet.cell(8, c).value for c in (1, 2, 3, 4)] == [
        "Total",
        "=SUM(B6:B7)",
        "=SUM(C6:C7)",
        "=C8/B8",
    ]
    assert worksheet["D6"].value == "=C6/B6"
    assert worksheet["D6"].data_type == "f"
    assert drawn(two_customers()).calculation.fullCalcOnLoad


def test_a_total_on_top_stands_above_the_band() -> None:
    worksheet = drawn(render_sample.profit_and_loss(5)).worksheets[0]
    assert worksheet["B4"].value == "=SUM(B7:B11)"
    assert (worksheet["B5"].value, worksheet["B6"].value) == ("Revenue", "Gross revenue")
    assert "B5:E5" in [str(r) for r in worksheet.merged_cells.ranges]


def test_a_formula_that_names_no_column_says_so() -> None:
    columns = (Column("a", "A", [1.0], formula="{b}*2"),)
    with pytest.raises(ValueError, match=r'"T".*"b".*it has a'):
        drawn(Sheet("S", tables=(Table("T", 1, 1, columns),)))


def test_an_array_constant_is_no_column() -> None:
    table = Table("T", 1, 1, (Column("a", "A", [1.0]),))
    assert (
        layout.build_row_formula(table, 'SUM({1,2;3,4})+{a}+COUNTIF({a},{"x"})', 5)
        == 'SUM({1,2;3,4})+A5+COUNTIF(A5,{"x"})'
    )


# --- the page and the view ------------------------------------------------------------------------------


def test_the_sheet_is_set_up_for_reading_and_printing() -> None:
    workbook = drawn(*render_sample.book())
    worksheet = workbook["Customer P&L"]
    assert worksheet.freeze_panes == "B7"
    assert worksheet.auto_filter.ref == "A6:N46"
    assert worksheet.print_title_rows == "$4:$6"
    assert worksheet.print_area == "'Customer P&L'!$A$1:$N$46"
    assert worksheet.page_setup.orientation == "landscape"
    assert (worksheet.page_setup.paperSize, worksheet.page_setup.fitToWidth) == (8, 1)
    assert worksheet.sheet_properties.pageSetUpPr
    assert worksheet.sheet_properties.pageSetUpPr.fitToPage
    assert not worksheet.sheet_view.showGridLines
    footer = worksheet.oddFooter
    assert footer and footer.left and footer.right
    assert (footer.left.text, re.findall("&[A-Z]", footer.right.text or "")) == ("&A", ["&P", "&N"])
    assert worksheet["E6"].comment.text == "Gross revenue less discounts and returns"
    assert workbook["Figures"].sheet_state == "veryHidden"
    assert workbook["Dashboard"].auto_filter.ref is None


def test_the_printed_area_reaches_around_the_charts() -> None:
    sheet = replace(two_customers(), charts=render_sample.dashboard().charts[:1])
    sheet = replace(sheet, charts=(replace(sheet.charts[0], row=20, column=9, width=480.0, height=300.0),))
    needed = room.measure_room(sheet)
    assert needed.printed == addresses.format_block(1, 1, 20 + 300 // 15 - 1, 9 + 480 // 48 - 1)


def test_columns_are_wide_enough_for_every_number() -> None:
    values = [1.0, -123_456_789.0]
    column = Column("a", "A", values, Format.MONEY_CENTS, width=3, total="sum", rules=(SignRule(),))
    sheet = Sheet("W", (Cell(9, 5, 123_456_789.0, format=Format.MONEY),), (Table("T", 1, 1, (column,)),))
    widths = room.measure_room(sheet).widths
    assert widths[1] > room.measure_text_width("-123,456,789.00", bold=True)
    assert widths[5] > room.measure_text_width("123,456,789", bold=True)


@given(st.text("abc WM ", max_size=80), st.floats(4, 60), st.floats(0, 40))
def test_a_wider_column_never_needs_more_lines(text: str, width: float, more: float) -> None:
    assert room.count_text_lines(text, width + more) <= room.count_text_lines(text, width)


def test_wrapped_texts_get_the_height_they_need() -> None:
    sheet = render_sample.heat_map()
    needed = room.measure_room(sheet)
    first = sheet.tables[0].first
    assert needed.heights[first] > 2 * room.compute_line_height(10.0)
    assert first + 1 not in needed.heights


def test_what_runs_a_little_over_is_made_to_fit_one_page() -> None:
    """What fits on a page with letters of 8 points is one; more is as many as it takes."""

    def count_pages(rows: int) -> int:
        columns = (Column("a", "A", [1.0] * rows, Format.MONEY),)
        return room.measure_room(Sheet("Long", tables=(Table("T", 1, 1, columns),))).pages

    assert (count_pages(35), count_pages(40), count_pages(60)) == (1, 1, 0)


def test_a_sheet_that_a4_would_make_too_small_is_printed_on_a3() -> None:
    columns = tuple(Column(f"c{n}", f"Column {n}", [1.0], Format.MONEY, 20.0) for n in range(16))
    for count, paper in ((6, room.A4), (16, room.A3)):
        table = Table("wide", 4, 1, columns[:count], empty="-")
        assert room.measure_room(Sheet("Wide", tables=(table,))).paper == paper


# --- charts ---------------------------------------------------------------------------------------------


def _chart_xml(number: int) -> str:
    return parts_of(drawn(*render_sample.book()))[f"xl/charts/chart{number}.xml"].decode()


def test_charts_have_titles_axes_and_calm_labels() -> None:
    for number, chart in enumerate(render_sample.dashboard().charts, 1):
        xml = _chart_xml(number)
        assert chart.title in xml
        assert chart.y_title in xml
        assert 'tickLblPos val="low"' in xml
        assert '<overlay val="1"' not in xml
        assert xml.count('<delete val="1"') == sum(s.secondary for s in chart.series)
        assert ("<legend>" in xml) == (len(chart.series) > 1)
        assert (theme.find_shade(Meaning.LOSS) in xml) == chart.invert_negative


def test_a_chart_shows_the_rows_it_is_limited_to() -> None:
    assert "'Dashboard'!$C$30:$C$33" in _chart_xml(4)
    assert "'Figures'!$C$2:$C$41" in _chart_xml(2)


def test_a_second_axis_stands_on_its_own() -> None:
    xml = _chart_xml(2)
    assert xml.count("<valAx>") == 2
    assert xml.count("<catAx>") == 2
    assert 'crosses val="max"' in xml


def test_stacked_columns_stand_on_one_another() -> None:
    chart = replace(render_sample.dashboard().charts[3], kind="column", stacked=True)
    sheet = replace(render_sample.dashboard(), charts=(chart,))
    xml = parts_of(drawn(sheet))["xl/charts/chart1.xml"].decode()
    assert '<grouping val="stacked"' in xml
    assert '<overlap val="100"' in xml


def test_a_long_axis_is_labelled_at_round_steps() -> None:
    assert '<tickLblSkip val="5"' in _chart_xml(1)


def test_the_labels_of_an_axis_of_numbers_keep_a_blank_between_them() -> None:
    names = _chart_xml(1).split("<catAx>")[1].split("</catAx>")[0]
    assert '<numFmt formatCode="&quot; &quot;#,##0&quot; &quot;"' in names.replace(" />", "/>")


def test_a_chart_of_a_sheet_that_was_not_given_says_so() -> None:
    with pytest.raises(ValueError, match=r'"Cumulative customer profit".*"Figures"'):
        to_openpyxl.draw_worksheet(render_sample.dashboard(), openpyxl.Workbook())


# --- drawing again ----------------------------------------------------------------------------------------


def test_the_same_sheet_gives_the_same_xml() -> None:
    assert parts_of(drawn(*render_sample.book())) == parts_of(drawn(*render_sample.book()))


def test_drawing_twice_is_drawing_once() -> None:
    workbook = drawn(*render_sample.book())
    to_openpyxl.draw_worksheets(render_sample.book(), workbook)
    assert parts_of(workbook) == parts_of(drawn(*render_sample.book()))


def test_a_sheet_is_drawn_anew_in_its_place() -> None:
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].title = "Sales"
    first = to_openpyxl.draw_worksheet(render_sample.heat_map(), workbook)
    first.sheet_properties.codeName = "Sheet7"
    workbook.create_sheet("After")["A1"] = "='Cost to serve'!A1"
    again = to_openpyxl.draw_worksheet(replace(two_customers(), name="Cost to serve"), workbook)
    assert again is first
    assert workbook.sheetnames == ["Sales", "Cost to serve", "After"]
    assert workbook["After"]["A1"].value == "='Cost to serve'!A1"
    assert again.sheet_properties.codeName == "Sheet7"
    again.sheet_properties.codeName = None
    fresh = openpyxl.Workbook()
    to_openpyxl.draw_worksheet(replace(two_customers(), name="Cost to serve"), fresh)
    assert _content(again) == _content(fresh.worksheets[1])


def _content(worksheet: Worksheet) -> list[object]:
    cells = [
        (c.coordinate, c.value, c.number_format, c.font, c.fill, c.border, c.alignment)
        for row in worksheet.iter_rows()
        for c in row
    ]
    rules = [(str(b.sqref), [r.formula for r in b.rules]) for b in worksheet.conditional_formatting]
    return [
        cells,
        rules,
        [str(r) for r in worksheet.merged_cells.ranges],
        worksheet.dimensions,
        {k: d.width for k, d in worksheet.column_dimensions.items()},
        {k: d.height for k, d in worksheet.row_dimensions.items()},
        worksheet.auto_filter.ref,
        worksheet.print_title_rows,
    ]


def test_formatting_one_cell_afterwards_leaves_the_others_alone() -> None:
    worksheet = drawn(two_customers()).worksheets[0]
    worksheet["B6"].font = openpyxl.styles.Font(bold=True, size=30)
    assert worksheet["B7"].font.size == 10


def test_a_chart_sheet_of_that_name_is_not_overwritten() -> None:
    workbook = openpyxl.Workbook()
    workbook.create_chartsheet("Customers")
    with pytest.raises(ValueError, match=r"chart sheet.*rename"):
        to_openpyxl.draw_worksheet(two_customers(), workbook)

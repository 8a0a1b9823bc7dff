"""What can be measured of a sheet that answers: the first screen, the printed letters, the frozen headers.

Of every sheet, so that a new one keeps to it, with one, twelve and four hundred customers, in English and Finnish.
"""

from __future__ import annotations

from functools import lru_cache

import pandas as pd
import pytest

import xlprofit
from tests.needs import takes_minutes
from xlprofit import addresses
from xlprofit.drawing import layout, room
from xlprofit.drawing.charts_openpyxl import SMALLEST as SMALLEST_OF_CHARTS
from xlprofit.drawing.page_breaks import find_page_breaks
from xlprofit.results import Results
from xlprofit.samples import demo
from xlprofit.sheets import book, dashboard, names, theme
from xlprofit.sheets.parts import Meaning, Sheet, SignRule
from xlprofit.tables import TABLES
from xlprofit.words.sheets import say_sheets

SCREEN = 1_520
"""Dots of a screen of 1,600 across which cells are seen, beside row numbers and a scroll bar."""

PRINTED = 8.0
"""The least size of a printed letter, in points."""

SIZES = (1, 12, 400)
EVERY = [
    pytest.param(size, language, marks=takes_minutes if size == max(SIZES) else ())
    for size in SIZES
    for language in ("en", "fi")
]


@lru_cache(maxsize=3)
def analyze(size: int) -> Results:
    """Return the demo company with its first customers alone."""
    tables = demo.tables()
    kept = list(dict.fromkeys(tables["Customers"]["customer"]))[:size]
    if size < max(SIZES):
        tables = {
            name: table[table["customer"].isin(kept)].reset_index(drop=True) if "customer" in table else table
            for name, table in tables.items()
        }
    return xlprofit.analyze(tables)


@lru_cache(maxsize=6)
def say_book(size: int, language: str) -> tuple[Sheet, ...]:
    """Return the result sheets in a language."""
    return tuple(say_sheets(book.describe_result_sheets(analyze(size), ("Guide", "Sales")), language))


every = pytest.mark.parametrize(("size", "language"), EVERY)


def measure_across(sheet: Sheet, needed: room.Room) -> float:
    """Return how wide what is printed of a sheet is, in points, before anything is unfolded."""
    last = addresses.parse_address(needed.printed.split(":")[1])[1]
    return room.measure_columns(needed.widths, last, needed.folded)


def list_letter_sizes(sheet: Sheet) -> list[float]:
    """Return the sizes of the letters of a sheet, in points."""
    meanings = {cell.meaning for cell in sheet.cells} | {Meaning.PLAIN, Meaning.HEADER}
    return [theme.find_look(meaning).size for meaning in meanings] + [SMALLEST_OF_CHARTS] * len(sheet.charts)


@every
def test_all_that_is_not_folded_is_on_the_first_screen(size: int, language: str) -> None:
    for sheet in say_book(size, language):
        across = measure_across(sheet, room.measure_room(sheet)) / 0.75
        assert across <= SCREEN, (sheet.name, across)


@every
def test_printed_letters_are_eight_points_or_more_on_a4(size: int, language: str) -> None:
    """By the scale that fits the page across, and where a page must hold all of it also down."""
    for sheet in say_book(size, language):
        needed = room.measure_room(sheet)
        scale = room.compute_page_scale(sheet, measure_across(sheet, needed))
        if needed.pages:
            first, last = (addresses.parse_address(end)[0] for end in needed.printed.split(":"))
            tall = sum(needed.heights.get(row, room.DEFAULT_HEIGHT) for row in range(first, last + 1))
            scale = min(scale, (595.3 - 72 * (room.MARGINS[1] + room.MARGINS[2])) / tall)
        assert needed.paper == room.A4, sheet.name
        assert min(list_letter_sizes(sheet)) * scale >= PRINTED, (sheet.name, scale)


@every
def test_headers_stay_in_sight_and_stand_on_every_page(size: int, language: str) -> None:
    for sheet in say_book(size, language):
        frozen = addresses.parse_address(sheet.freeze)[0] - 1
        first = min(sheet.tables, key=lambda table: table.row)
        filtered = layout.find_filtered_table(sheet)
        assert frozen >= 1, sheet.name
        if filtered is first and not any(chart.row < first.row for chart in sheet.charts):
            assert frozen == first.row, sheet.name
        long = [table for table in sheet.tables if table.rows > 30]
        if long and not sheet.printed:
            assert sheet.repeat_rows is not None, sheet.name
            assert any(sheet.repeat_rows[1] == table.row for table in sheet.tables), sheet.name


@every
def test_a_header_is_as_tall_as_its_text(size: int, language: str) -> None:
    for sheet in say_book(size, language):
        needed = room.measure_room(sheet)
        page = addresses.parse_address(needed.printed.split(":")[-1])[0]
        for table in (table for table in sheet.tables if not sheet.printed or table.row <= page):
            shown = [
                room.count_text_lines(c.header, needed.widths[at] - 1.4, bold=True)
                for at, c in enumerate(table.columns, table.column)
                if at not in needed.folded
            ]
            folded = [
                room.count_text_lines(c.header, needed.widths[at] - 1.4, bold=True)
                for at, c in enumerate(table.columns, table.column)
                if at in needed.folded
            ]
            tall = needed.heights.get(table.row, room.DEFAULT_HEIGHT)
            most = max(shown, default=1)
            assert max(folded, default=1) <= most, (sheet.name, table.name)
            assert tall >= most * room.compute_line_height(10.0), (sheet.name, table.name)
            assert tall <= most * room.compute_line_height(10.0) + 5.0 + room.BUTTON, (sheet.name, table.name)


@every
def test_arrows_are_for_changes_and_the_currency_stands_once(size: int, language: str) -> None:
    changing = ("change", "profit_slope", "volume_slope")
    for sheet in say_book(size, language):
        for table in sheet.tables:
            for column in table.columns:
                arrows = layout.choose_arrow_side(column)
                assert not arrows or column.key in changing, (sheet.name, column.key)
                code = theme.build_number_format(column.format, sheet.currency, arrows=arrows)
                assert "€" not in code, (sheet.name, column.key)
        if any(
            isinstance(rule, SignRule) for table in sheet.tables for c in table.columns for rule in c.rules
        ):
            assert any("EUR" in str(cell.value) for cell in sheet.cells if cell.row <= 5), sheet.name


@every
def test_every_link_leads_to_a_sheet_that_is_there(size: int, language: str) -> None:
    said = say_book(size, language)
    there = {sheet.name for sheet in said} | {"Guide", *TABLES}
    for sheet in said:
        links = [cell.link for cell in sheet.cells if cell.link]
        links += [link for table in sheet.tables for c in table.columns for link in c.links if link]
        outside = {link.sheet for link in links} - there
        assert sheet.name in said[-1].name or not outside, (sheet.name, outside)


@every
def test_the_dashboard_is_one_page_and_leads_to_every_sheet(size: int, language: str) -> None:
    first, *others = say_book(size, language)
    needed = room.measure_room(first)
    assert needed.pages == 1
    led = {cell.link.sheet for cell in first.cells if cell.link}
    assert led >= {sheet.name for sheet in others} | {"Guide", "Sales"}
    tasks = first.table("do_first")
    above = sum(needed.heights.get(row, room.DEFAULT_HEIGHT) for row in range(1, tasks.last + 1))
    assert above / 0.75 <= 640  # what a screen of 1,000 shows below menus and toolbars


def test_sales_alone_make_no_empty_sheet() -> None:
    sales = pd.DataFrame(
        [
            {"date": f"2025-{month:02d}-15", "customer": customer, "gross_revenue": 1_000.0, "cogs": cogs}
            for month in range(1, 13)
            for customer, cogs in (("A", 700.0), ("B", 1_100.0))
        ]
    )
    said = say_sheets(book.describe_result_sheets(xlprofit.analyze({"Sales": sales})), "en")
    made = {sheet.name for sheet in said}
    empty = {
        *(names.COST_TO_SERVE, names.COST_TO_SERVE_SHARE, names.CAPACITY, names.SERVICE_RETURN),
        *(names.CREDIT_RISK, names.PROSPECT_SCREENING, names.REFERRAL_VALUE),
    }
    assert not made & empty
    assert {names.DASHBOARD, names.CUSTOMER_PNL, names.DECISIONS, names.CHECKS} <= made
    told = next(str(cell.value) for cell in said[0].cells if "Activities" in str(cell.value))
    assert all(table in told for table in ("Invoices", "Prospects", "Referrals"))
    links = [link for sheet in said for t in sheet.tables for c in t.columns for link in c.links if link]
    assert {link.sheet for link in links} <= made | {"Sales"}


@every
def test_links_to_the_sheets_are_not_cut_off(size: int, language: str) -> None:
    """A name fits into its cell, or the cell beside it, into which it runs over, is empty."""
    page = say_book(size, language)[0]
    wide = room.measure_room(page).widths
    taken = {(cell.row, cell.column) for cell in page.cells}
    links = [cell for cell in page.cells if cell.meaning is Meaning.LINK and cell.row <= dashboard.LINK_ROWS]
    assert len(links) == len(say_book(size, language)) - 1
    assert len(dashboard.LINK_COLUMNS) * dashboard.LINK_ROWS >= len(names.ORDER) - 1
    for cell in links:
        free = wide[cell.column]
        if (cell.row, cell.column + 1) not in taken:
            free += wide.get(cell.column + 1, room.DEFAULT_WIDTH)
        assert room.measure_text_width(str(cell.value)) < free, cell.value


@every
def test_no_word_of_a_header_is_broken(size: int, language: str) -> None:
    """Also where LibreOffice keeps the filter's button free beside the text."""
    for sheet in say_book(size, language):
        wide, filtered = room.measure_room(sheet).widths, layout.find_filtered_table(sheet)
        for table in sheet.tables:
            for position, column in enumerate(table.columns, table.column):
                longest = max(
                    (room.measure_text_width(w, bold=True) for w in column.header.split()), default=0.0
                )
                kept = 2.4 if table is filtered else 0.0
                assert longest + kept + 1.4 <= wide[position], (sheet.name, column.header)


@every
def test_what_stands_above_a_table_is_not_cut_off(size: int, language: str) -> None:
    for sheet in say_book(size, language):
        needed = room.measure_room(sheet)
        wide = needed.widths | dict.fromkeys(needed.folded, 0.0)
        first = min(table.row for table in sheet.tables)
        for cell in sheet.cells:
            if cell.row >= first or cell.across < 2 or cell.wrap or not isinstance(cell.value, str):
                continue
            look = theme.find_look(cell.meaning)
            columns = range(cell.column, cell.column + cell.across)
            free = sum(wide.get(at, room.DEFAULT_WIDTH) for at in columns)
            need = room.measure_text_width(cell.value, look.size, look.bold)
            assert need <= free, (sheet.name, cell.row, cell.value)
        for heading, first, last in (
            band for table in sheet.tables for band in layout.list_band_headings(table)
        ):
            free = sum(wide.get(at, room.DEFAULT_WIDTH) for at in range(first, last + 1))
            need = room.measure_text_width(heading, theme.BAND.size, theme.BAND.bold)
            assert need + 1 <= free or not heading or not free, (sheet.name, heading)


@every
def test_no_chart_reaches_over_the_edge_of_the_page(size: int, language: str) -> None:
    for sheet in (one for one in say_book(size, language) if one.charts):
        needed = room.measure_room(sheet)
        across = measure_across(sheet, needed)
        for chart in sheet.charts:
            before = room.measure_columns(needed.widths, chart.column - 1, needed.folded)
            assert before + chart.width <= across + 1.0, (sheet.name, str(chart.title))


def number_pages(sheet: Sheet, needed: room.Room) -> dict[int, int]:
    """Return on which printed page each row stands, counted from 0: filled one by one, as a program does."""
    first, last = (addresses.parse_address(end)[0] for end in needed.printed.split(":"))
    tall, breaks = room.measure_page(sheet, needed), find_page_breaks(sheet, needed)
    pages, page, used = {}, 0, 0.0
    repeated = range(sheet.repeat_rows[0], sheet.repeat_rows[1] + 1) if sheet.repeat_rows else ()
    again = sum(needed.heights.get(row, room.DEFAULT_HEIGHT) for row in repeated)
    for row in range(first, last + 1):
        height = needed.heights.get(row, room.DEFAULT_HEIGHT)
        if row in breaks or used + height > tall:
            page, used = page + 1, again
        pages[row], used = page, used + height
    return pages


@every
def test_no_chart_is_cut_in_two_by_the_end_of_a_page(size: int, language: str) -> None:
    seen = set()
    for sheet in say_book(size, language):
        needed = room.measure_room(sheet)
        pages = number_pages(sheet, needed) if needed.pages != 1 else {}
        for chart in sheet.charts if pages else ():
            last = chart.row + int(chart.height / room.DEFAULT_HEIGHT) - 1
            assert pages[chart.row] == pages[last], (sheet.name, chart.title)
            seen.add(chart.title)
        for table in sheet.tables if pages else ():
            above = [cell.row for cell in sheet.cells if cell.meaning is Meaning.SECTION]
            titles = [row for row in above if table.row - 3 <= row < table.row]
            assert not titles or pages[min(titles)] == pages[table.first], (sheet.name, table.name)
    assert seen


@every
def test_no_word_below_the_columns_of_a_bridge_is_longer_than_its_place(size: int, language: str) -> None:
    seen = 0
    for sheet in say_book(size, language):
        for chart in (one for one in sheet.charts if one.stacked and one.kind == "column"):
            table, key = chart.category
            names = [str(v) for c in sheet.table(table).columns if c.key == key for v in c.values]
            place = chart.width / max(len(names), 1)
            words = {word for name in names for word in name.split() if word.isalpha() or "-" in word}
            for word in words:
                assert room.measure_text_width(word, SMALLEST_OF_CHARTS) * 5.25 <= place * 1.05, (
                    sheet.name,
                    word,
                )
            seen += len(words)
    assert seen

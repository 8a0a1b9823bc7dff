"""Reports: a page as a browser reads it, its figures, names that would be more, packs, and what is refused."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as reader  # type: ignore[import-untyped]  # it ships no types

import xlprofit
from tests.bad_input.test_injection import tables as spoilt_tables
from tests.companies import make_small_demo
from tests.needs import REQUIRE_ALL, examples, takes_minutes
from xlprofit import report
from xlprofit.drawing import charts_svg, plots
from xlprofit.drawing.digits import round_number
from xlprofit.drawing.html_page import MANY_COLUMNS, MOST_ROWS, HtmlPage, PageWords, ShownSheet
from xlprofit.drawing.number_codes import format_by_code
from xlprofit.drawing.to_csv import render_csv
from xlprofit.drawing.to_html import render_html_page
from xlprofit.drawing.to_json import render_json
from xlprofit.errors import FileError, UnknownNameError, XlprofitError
from xlprofit.languages import Writing, read_writing
from xlprofit.results import Results
from xlprofit.sheets import names, theme
from xlprofit.sheets.parts import Chart, Column, Format, Series, Sheet, Table
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import speaking

TABLES = make_small_demo(24, 800, 500)
WORDS = PageWords("Skip", "Sheets", "Meanings", "Nothing", lambda shown, of: f"{shown} of {of}")

NASTY = (
    "<script>hit=1</script>",
    '"><img src=x onerror="hit=1">',
    "' onfocus='hit=1' autofocus='",
    "</title></style></script><svg onload=hit=1>",
    "javascript:hit=1",
    "&lt;b&gt; &amp; ]]> <!-- --",
    '=HYPERLINK("http://x.invalid")',
    "\u202eevil\u0000\ud800x",
)
"""Names that would be more than a name where somebody forgot to escape them."""


@pytest.fixture(scope="module")
def results() -> Results:
    return xlprofit.analyze(TABLES)


def drawn(results: Results, **wanted: Any) -> list[str]:
    """Return the pages of a report."""
    with speaking(results.inputs.settings.language, results.findings.own):
        return [
            render_html_page(page)
            for page in report._build_pages(results, report.ReportRequest(**wanted), "book.xlsx")
        ]


@pytest.fixture(scope="module")
def whole(results: Results) -> str:
    return drawn(results)[0]


def page_of(*sheets: Sheet, rows: Any = None) -> str:
    shown = tuple(ShownSheet(sheet, rows) for sheet in sheets)
    return render_html_page(HtmlPage("Title", "Below", "en", shown, sheets, WORDS, Writing()))


def section(text: str, name: str) -> Any:
    """Return the section of a page whose entry in the list of contents has a name."""
    tree = reader.fromstring(text)
    (link,) = (a for a in tree.xpath("//nav//a") if a.text == name)
    return tree.get_element_by_id(link.get("href")[1:])


# --- the page ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wanted",
    [
        {"owner": ""},
        *(pytest.param(other, marks=takes_minutes) for other in ({}, {"decisions": True}, {"by": "owner"})),
    ],
)
def test_a_page_is_sound(results: Results, wanted: dict[str, Any]) -> None:
    for text in drawn(results, **wanted):
        tree = reader.fromstring(text)
        assert tree.get("lang") == "en"
        levels = [int(head.tag[1]) for head in tree.xpath("//h1|//h2|//h3|//h4")]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(below <= above + 1 for above, below in pairwise(levels))
        known = [element.get("id") for element in tree.xpath("//*[@id]")]
        assert len(known) == len(set(known))
        for link in tree.xpath("//a"):
            assert link.get("href").startswith("#") and link.get("href")[1:] in known
        for table in tree.xpath("//table"):
            assert table.find("caption").text_content().strip()
        assert all(head.get("scope") in ("col", "row", "colgroup") for head in tree.xpath("//th"))
        assert all(svg.get("role") == "img" or svg.get("aria-hidden") for svg in tree.xpath("//svg"))


def test_a_page_needs_nothing_else_and_allows_itself_nothing_else(whole: str) -> None:
    assert not re.search(r"""(src|srcset|data|action|poster)\s*=|url\(|@import|https?://""", whole)
    tree = reader.fromstring(whole)
    assert not tree.xpath("//@style") and not [a for a in tree.xpath("//@*") if a.attrname.startswith("on")]
    (policy,) = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    for kind in ("style", "script"):
        (element,) = tree.xpath(f"//{kind}")
        digest = base64.b64encode(hashlib.sha256(element.text.encode()).digest()).decode()
        assert rules[f"{kind}-src"] == f"'sha256-{digest}'"


def test_a_page_is_the_same_every_time(results: Results, whole: str) -> None:
    assert drawn(results)[0] == whole


def test_the_figures_are_those_of_the_results(results: Results, whole: str) -> None:
    table = section(whole, names.CUSTOMER_PNL).xpath(".//table")[0]
    heads = [head.text_content() for head in table.xpath("./thead/tr[last()]/th")]
    at = heads.index("Customer profit") - 1
    shown = {
        row.find("th").text_content(): float(row.xpath("./td")[at].get("data-v"))
        for row in table.xpath("./tbody[last()]/tr")
    }
    assert shown == {name: round_number(v) for name, v in results.customers["profit"].items()}
    total = table.xpath("./tbody[1]/tr/td")[at].text_content()
    assert total.split(" €")[0] == f"{results.customers['profit'].sum():,.0f}"


def test_every_chart_is_drawn(results: Results, whole: str) -> None:
    from xlprofit.sheets import book

    charts = [chart for sheet in book.describe_result_sheets(results) for chart in sheet.charts]
    tree = reader.fromstring(whole)
    assert [str(title.text) for title in tree.xpath("//svg/title")] == [str(chart.title) for chart in charts]
    assert {chart.kind for chart in charts} == {"line", "column", "bar", "bubble"}
    for svg in tree.xpath("//figure//svg[@role]"):
        assert svg.xpath(".//path|.//rect|.//circle"), svg.find("title").text


def test_what_is_in_finnish_is_in_finnish() -> None:
    tables = TABLES | {"Settings": pd.DataFrame({"setting": ["language"], "value": ["fi"]})}
    (text,) = drawn(xlprofit.analyze(tables), decisions=True)
    tree = reader.fromstring(text)
    assert tree.get("lang") == "fi"
    assert re.search(r"\d\u00a0\d{3}\b", tree.text_content())
    assert not re.search(r"\d,\d{3}\b", tree.xpath("//main")[0].text_content())


def test_a_long_table_is_cut_and_says_so() -> None:
    column = Column("a", "A", [f"r{i}" for i in range(MOST_ROWS + 5)])
    text = page_of(Sheet("S", tables=(Table("t", 1, 1, (column,)),)))
    assert f"{MOST_ROWS} of {MOST_ROWS + 5}" in text
    assert f"r{MOST_ROWS - 1}<" in text and f"r{MOST_ROWS}<" not in text


# --- names that would be more ------------------------------------------------------------------------


def test_a_name_stays_a_name_wherever_it_stands() -> None:
    numbers = [float(i + 1) for i in range(len(NASTY))]
    columns = (
        Column("name", NASTY[0], list(NASTY), note=NASTY[1], heading=NASTY[2]),
        Column("v", NASTY[3], numbers, Format.MONEY, total="sum", heading=NASTY[2]),
    )
    series = (Series("t", "v", NASTY[1]), Series("t", "v", NASTY[3]))
    charts = tuple(
        Chart(kind, NASTY[0], 30, 1, ("t", "name"), series, NASTY[2], NASTY[4])
        for kind in ("line", "column", "bar", "area")
    )
    bubbles = Chart("bubble", NASTY[1], 50, 1, ("t", "v"), series[:1], sizes=("t", "v"), labels=("t", "name"))
    sheet = Sheet(NASTY[5], tables=(Table("t", 2, 1, columns),), charts=(*charts, bubbles), currency=NASTY[0])
    other = Sheet(NASTY[0])
    page = HtmlPage(
        NASTY[3], NASTY[1], 'en" onload="x', (ShownSheet(sheet), ShownSheet(other)), [sheet], WORDS, Writing()
    )
    text = render_html_page(page)
    tree = reader.fromstring(text)
    for only in ("//script", "//style", "//title[not(ancestor::svg)]"):
        assert len(tree.xpath(only)) == 1
    assert not tree.xpath("//img|//b|//iframe|//object|//embed|//form")
    assert not [a for a in tree.xpath("//@*") if a.attrname.startswith("on") or a.attrname == "autofocus"]
    assert all(href.startswith("#") for href in tree.xpath("//@href"))
    for name in NASTY:
        assert theme.clean_text(name) in tree.text_content()


@pytest.mark.parametrize("start", ["=", "@"])
def test_names_like_formulas_are_shown_as_they_are(start: str) -> None:
    results = xlprofit.analyze(spoilt_tables(start, ""))
    (text,) = drawn(results)
    said = reader.fromstring(text).text_content()
    assert all(str(name) in said for name in results.names)


@given(st.text())
@settings(max_examples=examples(200), deadline=None)
def test_a_file_of_any_name_is_one_that_every_system_takes(text: str) -> None:
    name = report.build_safe_name(text)
    assert 0 < len(name) <= report.LONGEST_NAME + 4
    assert all(c.isalnum() or c == "-" for c in name)
    assert name.casefold() not in report._RESERVED
    again = report.build_safe_name(text, [name.upper(), name])
    assert again.casefold() not in (name.casefold(), name.upper().casefold())


# --- packs -------------------------------------------------------------------------------------------


def test_a_customers_page_is_about_that_customer_alone(results: Results) -> None:
    customer = str(results.whale.index[-1])
    (text,) = drawn(results, customer=customer.upper())
    said = reader.fromstring(text).text_content()
    assert customer in said
    assert not [name for name in results.names if name != customer and str(name) in said]
    assert f"{float(results.customers['profit'][customer]):,.0f}" in said
    assert str(results.decisions.loc[customer, "verdict"]) in section(text, names.DECISIONS).text_content()
    listed = {head.text_content() for head in section(text, names.TRENDS).xpath(".//tbody//th")}
    assert listed and not listed & set(map(str, results.periods))  # dozens of them would run off the page


def test_the_change_of_a_year_stands_on_its_tile(whole: str) -> None:
    tiles = reader.fromstring(whole).xpath("//section[1]//dl[@class='tiles']/div")
    assert len(tiles) == 4
    for tile in tiles:
        assert any(said.text_content()[:1] in "▲▼" for said in tile.xpath("./dd")), tile.text_content()


@pytest.mark.parametrize("language", ["en", "fi"])
def test_names_below_a_bridge_stand_upright_in_lines(results: Results, language: str) -> None:
    from xlprofit.sheets import book, company_bridge

    sheet = say_sheets(book.describe_result_sheets(results), language)[0]
    chart = next(one for one in sheet.charts if one.category[0] == company_bridge.TABLE)
    plot = plots.build_plot(sheet, chart, (sheet,))
    drawn_chart = reader.fromstring(charts_svg.render_plot_svg(plot, "c", read_writing(language)))
    texts = [one.text for one in drawn_chart.xpath(".//text")]
    assert not drawn_chart.xpath(".//text[@transform]")
    assert not [text for text in texts if "\n" in text]
    words = {word for step in company_bridge.list_company_steps(results) for word in str(step[0]).split()}
    assert language != "en" or words <= {word for text in texts for word in text.split()}


def test_the_packs_of_all_owners_add_up(results: Results) -> None:
    pages = drawn(results, by="owner")
    owners = set(results.inputs["Customers"]["owner"].astype(str))
    assert {reader.fromstring(text).xpath("//h1")[0].text for text in pages} == owners
    seen: list[str] = []
    profit = 0.0
    for text in pages:
        tree = reader.fromstring(text)
        if names.CUSTOMER_PNL in [
            link.text for link in tree.xpath("//nav//a")
        ]:  # an owner of several customers
            rows = section(text, names.CUSTOMER_PNL).xpath(".//table")[0].xpath("./tbody[last()]/tr")
            seen += [row.find("th").text_content() for row in rows]
        pnl = section(text, "Summary").xpath(".//table")[0]
        (row,) = (row for row in pnl.xpath("./tbody/tr") if row.find("th").text == "Customer profit")
        profit += float(row.xpath("./td")[0].get("data-v"))
    assert len(seen) == len(set(seen)) <= len(results.names) < len(seen) + len(owners)
    assert profit == pytest.approx(results.customers["profit"].sum(), rel=1e-12)


def test_the_total_of_some_rows_is_theirs() -> None:
    columns = (
        Column("customer", "Customer", ["a", "b", "c"]),
        Column("v", "V", [1.0, 2.0, 4.0], Format.MONEY, total="sum"),
        Column("share", "Share", [0.1, 0.2, 0.7], Format.SHARE, total="{v}/7", total_value=1.0),
    )
    sheet = Sheet("S", tables=(Table("t", 2, 1, columns),))
    tree = reader.fromstring(page_of(sheet, rows={"t": [0, 2]}))
    assert [cell.text_content() for cell in tree.xpath("//tfoot//td")] == [
        "5",
        "",
    ]  # no share of some is known


def test_the_first_sheet_of_a_pack_holds_a_customer_against_its_segment(results: Results) -> None:
    customer = str(results.names[0])
    (text,) = drawn(results, customer=customer)
    rows = {
        row.find("th").text: [cell.get("data-v") for cell in row.xpath("./td")]
        for row in section(text, "Summary").xpath(".//table")[0].xpath("./tbody/tr")
    }
    own = results.customers.loc[customer]
    table = results.inputs["Customers"].set_index("customer")["segment"].astype(str)
    peers = results.customers.loc[[n for n in results.names if table[n] == table[customer]]].sum()
    amount, share, theirs, gap, money = map(float, rows["Cost to serve"])
    assert amount == pytest.approx(own["cost_to_serve"])
    assert share == pytest.approx(own["cost_to_serve"] / own["net_revenue"])
    assert theirs == pytest.approx(peers["cost_to_serve"] / peers["net_revenue"])
    assert gap == pytest.approx(share - theirs)
    assert money == pytest.approx(gap * own["net_revenue"])


# --- files -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return xlprofit.new(tmp_path_factory.mktemp("report") / "book.xlsx", TABLES)


def test_a_report_is_written_beside_the_workbook_which_stays(book: Path) -> None:
    before = book.read_bytes()
    reported = report.write_report(book, wanted=report.ReportRequest(decisions=True))
    assert reported.paths == (book.with_name("book-report-decisions.html"),)
    assert reported.paths[0].read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert book.read_bytes() == before


def test_a_customer_of_a_segment_of_two_is_held_against_all_as_on_the_sheet_customer() -> None:
    sales = pd.DataFrame(
        [
            {"date": f"2024-{month:02d}-15", "customer": name, "gross_revenue": 100.0, "cogs": cogs}
            for name, cogs in (("A", 40.0), ("B", 50.0), ("C", 60.0), ("D", 70.0), ("E", 80.0))
            for month in range(1, 13)
        ]
    )
    segments = pd.DataFrame({"customer": list("ABCDE"), "segment": ["Small", "Small", "Big", "Big", "Big"]})
    found = xlprofit.analyze({"Sales": sales, "Customers": segments})
    shares = {}
    for customer in ("A", "C"):
        (text,) = drawn(found, customer=customer)
        rows = {
            row.find("th").text: [cell.get("data-v") for cell in row.xpath("./td")]
            for row in section(text, "Summary").xpath(".//table")[0].xpath("./tbody/tr")
        }
        shares[customer] = float(rows["Cost of goods"][2])
        assert shares[customer] == pytest.approx(found.peer_shares.loc[customer, "cogs"])
    assert shares == {"A": pytest.approx(-0.6), "C": pytest.approx(-0.7)}


@takes_minutes
def test_a_pack_for_each_owner_is_a_file_in_a_folder(book: Path) -> None:
    reported = report.write_report(book, wanted=report.ReportRequest(by="owner"))
    assert {path.parent for path in reported.paths} == {book.with_name("book-reports")}
    assert len(reported.paths) == len(set(TABLES["Customers"]["owner"]))
    assert sorted(reported.paths[0].parent.iterdir()) == sorted(reported.paths)


@pytest.mark.parametrize("name", ["book.xlsx", "other.xlsm", "report", "report.docx"])
def test_nothing_but_a_report_is_written_over(book: Path, name: str) -> None:
    before = book.read_bytes()
    with pytest.raises(FileError, match=r"Name the file .*\.html"):
        report.write_report(book, book.with_name(name))
    assert book.read_bytes() == before


def test_who_is_not_known_is_one_line_with_the_likely_name(book: Path, results: Results) -> None:
    customer, owner = str(results.names[0]), str(TABLES["Customers"]["owner"].iloc[0])
    with pytest.raises(UnknownNameError, match=f'Did you mean "{re.escape(customer)}"'):
        report.write_report(book, wanted=report.ReportRequest(customer=f"{customer}x"))
    with pytest.raises(XlprofitError, match=f'Did you mean "{re.escape(owner)}"'):
        report.write_report(book, wanted=report.ReportRequest(owner=f"{owner}x"))
    with pytest.raises(UnknownNameError, match="owner"):
        report.write_report(book, wanted=report.ReportRequest(by="ownr"))


def test_without_what_makes_a_pdf_one_line_says_how_to_get_it(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(XlprofitError, match=re.escape('pip install "xlprofit[report]"')) as caught:
        report.write_report(book, book.with_name("r.pdf"))
    assert "\n" not in str(caught.value)
    assert not book.with_name("r.pdf").exists()


@takes_minutes
def test_a_fact_sheet_as_pdf(book: Path, results: Results) -> None:
    if not REQUIRE_ALL:
        pytest.importorskip("weasyprint", reason="WeasyPrint is not installed", exc_type=ImportError)
    wanted = report.ReportRequest(customer=str(results.names[0]))
    (path,) = report.write_report(book, book.with_name("r.pdf"), wanted).paths
    content = path.read_bytes()
    assert content.startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        said = subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout
        assert wanted.customer in said and "Costliest activities" in said
    assert report.write_report(book, book.with_name("s.pdf"), wanted).paths[0].read_bytes() == content


def test_a_page_fetches_nothing_while_it_becomes_a_pdf() -> None:
    with pytest.raises(ValueError, match="fetches nothing"):
        report._refuse_fetching("https://x.invalid/a.png")


# --- charts and numbers ------------------------------------------------------------------------------


def plot_of(kind: str, **columns: list[float | None]) -> plots.Plot:
    made = [Column(key, key, values, Format.NUMBER) for key, values in columns.items()]
    count = len(next(iter(columns.values())))
    table = Table("t", 1, 1, (Column("x", "x", [f"c{i}" for i in range(count)]), *made))
    series = tuple(Series("t", key, key, hidden=key == "base") for key in columns)
    chart = Chart(kind, "C", 5, 1, ("t", "x"), series, stacked="base" in columns)  # type: ignore[arg-type]
    return plots.build_plot(Sheet("S", tables=(table,), charts=(chart,)), chart, ())


def test_a_waterfall_stands_on_a_base_that_is_not_drawn() -> None:
    plot = plot_of("column", base=[0.0, 6.0, 0.0], total=[10.0, None, 6.0], fall=[None, 4.0, None])
    pieces = {(p.at, p.series.series.key): (p.start, p.end) for p in charts_svg.list_pieces(plot)}
    assert pieces[1, "fall"] == (6.0, 10.0) and pieces[0, "total"] == (0.0, 10.0)
    text = charts_svg.render_plot_svg(plot, "n", Writing())
    assert text.count("<rect") == 3 and "base:" not in text


def test_what_is_below_zero_hangs_from_it() -> None:
    pieces = charts_svg.list_pieces(plot_of("column", base=[-1.0], a=[-2.0], b=[3.0]))
    assert [(p.start, p.end) for p in pieces] == [(0.0, -1.0), (-1.0, -3.0), (0.0, 3.0)]


def test_a_gap_in_a_line_is_a_gap() -> None:
    text = charts_svg.render_plot_svg(plot_of("line", a=[1.0, 2.0, None, 4.0, 5.0]), "n", Writing())
    (path,) = re.findall(r'<path d="([^"]*)"', text)
    assert path.count("M") == 2 and path.count("L") == 2


def test_a_line_of_very_many_points_keeps_its_ends_and_its_second_axis() -> None:
    many = charts_svg.choose_drawn_points(10_000)
    assert (many[0], many[-1], len(many)) == (0, 9_999, charts_svg.MOST_POINTS)
    few = charts_svg.choose_drawn_points(charts_svg.MOST_POINTS)
    assert few == list(range(charts_svg.MOST_POINTS))
    first = plot_of("column", a=[1.0, 2.0], b=[1_000.0, 5_000.0])
    (one, two), chart = first.chart.series, first.chart
    both = replace(chart, series=(one, replace(two, secondary=True)))
    plot = plots.build_plot(replace(first.source, charts=(both,)), both, ())
    text = charts_svg.render_plot_svg(plot, "n", Writing())
    assert "stroke-dasharray" in text and text.count("<rect") == 2
    assert ">5,000<" in text or ">5000<" in text  # which the first axis, up to 2, does not reach


def test_facts_of_which_none_is_known_are_said_to_be_none() -> None:
    unknown = [Column(f"p{at}", f"P {at}", [None], Format.MONEY) for at in range(MANY_COLUMNS)]
    columns = (Column("customer", "Customer", ["A"]), *unknown)
    told = page_of(Sheet("S", tables=(Table("t", 3, 1, columns),)), rows={"t": [0]})
    assert "<td>Nothing</td>" in told


def test_a_day_in_a_page_is_written_as_the_language_writes_it() -> None:
    table = Table("t", 3, 1, (Column("d", "Day", [45_352, None], Format.DATE),))
    sheet = Sheet("S", tables=(table,))
    page = HtmlPage("T", "B", "fi", (ShownSheet(sheet, None),), (sheet,), WORDS, read_writing("fi"))
    assert ">1.3.2024<" in render_html_page(page)


@given(st.lists(st.floats(-1e12, 1e12), min_size=1, max_size=9))
@settings(max_examples=examples(200), deadline=None)
def test_an_axis_holds_all_numbers_between_round_ends(values: list[float]) -> None:
    axis = charts_svg.build_axis(values, "#,##0", Writing())
    slack = (axis.high - axis.low) * 1e-6
    assert axis.low - slack <= min(0.0, *values) and max(0.0, *values) <= axis.high + slack
    assert 2 <= len(axis.ticks) <= 9
    assert axis.place(axis.low, 100.0, 0.0) == 100.0 and axis.place(axis.high, 100.0, 0.0) == 0.0


@given(
    st.floats(-1e12, 1e12).map(round_number),
    st.sampled_from([f for f in Format if f not in (Format.TEXT, Format.DATE)]),
    st.sampled_from(["EUR", "USD", "SEK", "XTS"]),
)
@settings(max_examples=examples(300), deadline=None)
def test_a_number_format_shows_what_the_theme_says(value: float, format: Format, currency: str) -> None:
    value = float(theme.clean_drawn_value(value) or 0.0)
    shown = theme.format_shown_value(value, format, currency)
    code = theme.build_number_format(format, currency)
    if format is Format.MONEY_SHORT:  # whose thousands or millions depend on the amount
        code = theme.build_short_format(value, currency)
    assert format_by_code(value, code) == shown


def test_json_and_csv_have_the_digits_of_the_workbook(results: Results) -> None:
    noisy = results.customers.assign(profit=np.nextafter(1420492.04, 0), margin=0.1 + 0.2)
    texts = [render_json("EUR", noisy, results.left_out), render_csv(noisy)]
    texts += [
        render_json("EUR", results.by("segment"), results.left_out, "groups"),
        render_csv(results.products),
    ]
    for text in texts:
        for number in re.findall(r"-?\d+\.\d+", text):
            assert len(number.replace("-", "").replace(".", "").lstrip("0")) <= 15, number
    assert json.loads(texts[0])["customers"][0]["profit"] == 1420492.04

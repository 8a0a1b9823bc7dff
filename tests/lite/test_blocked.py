"""The core works where no reader of files, no database and no terminal can be imported, as in xlwings Lite."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import process
from rapidfuzz.distance import OSA

import xlprofit
from tests.bad_input.company import company
from tests.excel.on_server import Office, Server
from tests.hosts.hosts import read_book, settle
from tests.lite.blocked import FRAMES, HEAVY, block_imports, run_blocked
from xlprofit import slips
from xlprofit.formulas import REGISTRY
from xlprofit.formulas.chosen import CHOSEN_PLACE
from xlprofit.sheets import names
from xlprofit.sheets.trends import BLOCKS
from xlprofit.tables import TABLES
from xlprofit.workflow import refresh

ROOT = Path(__file__).resolve().parents[2]
MISSING = {"fastexcel", "python-calamine", "pyopenvba", "ibis-framework", "psutil", "rapidfuzz", "pyarrow"}
"""Requirements that a browser's Python cannot install, or has no use for."""


@pytest.fixture(scope="module")
def lite() -> Iterator[Server]:
    """A Python for scripts that can import none of them."""
    server = Server(block_imports(*HEAVY))
    yield server
    server.close()


def test_analyze_and_check_need_none_of_them() -> None:
    code = """
import xlprofit
from xlprofit.samples import demo
tables = demo.tables(customers=15, sales_lines=200, activity_rows=200)
results = xlprofit.analyze(tables)
print(repr(float(results.customers["profit"].sum())), len(xlprofit.check(tables)))
"""
    from xlprofit.samples import demo

    tables = demo.tables(customers=15, sales_lines=200, activity_rows=200)
    profit, found = run_blocked(code, *HEAVY).split()
    assert float(profit) == float(xlprofit.analyze(tables).customers["profit"].sum())
    assert int(found) == len(xlprofit.check(tables))


def test_refresh_through_a_workbook_of_json_gives_what_the_file_host_gives(
    lite: Server, tmp_path: Path
) -> None:
    tables = company()
    office = Office(dict(tables))
    office.run(lite, "refresh_results")
    assert office.alerts == []
    path = xlprofit.new(tmp_path / "book.xlsx", tables)
    refresh(path)
    written = read_book(path, values=True)
    pages = {page.name: page.values for page in office.pages if page.name in written}
    assert set(pages) == set(written)
    for sheet, found in written.items():
        drawn, live = settle(pages[sheet]), {p for p, v in pages[sheet].items() if str(v).startswith("=")}
        cells = dict(found)
        if sheet == names.DASHBOARD:  # its links to input sheets: a new workbook has one of each
            drawn, cells = (
                {p: v for p, v in one.items() if v not in (*TABLES, "Guide")} for one in (drawn, cells)
            )
        bars = {
            p for p, v in drawn.items() if isinstance(v, str) and set(v) <= set(BLOCKS)
        }  # sparklines in a file
        assert drawn.keys() | live >= cells.keys() >= drawn.keys() - live - bars, sheet
        for place in drawn.keys() & cells.keys():
            if sheet == names.CHECKS and place[1] in (4, 5):
                continue  # where it stands: a new workbook has a row for every setting
            shown, value = drawn[place], cells[place]
            same = shown == pytest.approx(value, rel=1e-12) if isinstance(value, float) else shown == value
            assert same, (sheet, place, shown, value)
    assert sum(len(settle(values)) for values in pages.values()) > 500


def test_no_formula_of_ours_is_written_there(lite: Server) -> None:
    office = Office(dict(company()))
    office.run(lite, "look_up_customer")
    assert office.alerts == []
    page = office[names.CUSTOMER]
    held = [str(value) for value in page.values.values()]
    assert [text for text in held if any(name in text for name in REGISTRY)] == []
    page.values[CHOSEN_PLACE] = "Beta"
    office.run(lite, "refresh_results")
    assert office[names.CUSTOMER].values[CHOSEN_PLACE] == "Beta"


def test_the_formulas_need_no_frames_either() -> None:
    code = """
from xlprofit.lite import exposed
print(exposed.CUSTOMER_LIFETIME_VALUE.__name__, len(exposed.__all__))
import sys
print([name for name in ("pandas", "numpy") if name in sys.modules])
"""
    name = next(n for n in REGISTRY if not REGISTRY[n].lookup)
    said = run_blocked(code.replace("CUSTOMER_LIFETIME_VALUE", name), *HEAVY, *FRAMES).splitlines()
    assert said == [f"{name} {len(REGISTRY) + 10}", "[]"]


def test_the_requirements_say_what_a_browser_cannot_have() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    marked = {
        line.partition(";")[0].split(">=")[0].split("[")[0].strip()
        for line in project["dependencies"]
        if "sys_platform != 'emscripten'" in line
    }
    assert marked >= MISSING


def test_what_is_blocked_here_is_imported_nowhere_at_the_top_of_the_core() -> None:
    parts = ("reading", "rules", "ledger", "analysis", "sheets", "tables", "formulas", "words", "excel")
    for path in (p for part in parts for p in (ROOT / "xlprofit" / part).glob("*.py")):
        if path.name == "commands.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        tops = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        imported = {
            (node.module or "").partition(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name
            for node in tops
        }
        assert imported & set(HEAVY) == set(), path


WORDS = st.text(alphabet="abcdé", max_size=7)


@given(WORDS, st.lists(WORDS, max_size=8), st.integers(0, 3))
def test_slips_are_counted_the_same_with_and_without_rapidfuzz(
    word: str, among: list[str], most: int
) -> None:
    for other in among:
        assert slips._count_slips_here(word, other) == OSA.distance(word, other)
    fast = slips.list_near_words(word, among, most, 3), slips.list_alike_words(word, among, 0.6, 3)
    assert fast[0] == [
        (found, far)
        for found, far, _ in process.extract(word, among, scorer=OSA.distance, score_cutoff=most, limit=3)
    ]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(slips, "_find_rapidfuzz", lambda: None)
        assert (
            slips.list_near_words(word, among, most, 3),
            slips.list_alike_words(word, among, 0.6, 3),
        ) == fast

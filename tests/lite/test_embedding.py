"""The code put into workbooks of many makers: nothing else in them changes, and it comes out as it went in."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from typer.testing import CliRunner

import xlprofit
from tests.lossless.books import MAKERS, change, packed, parts_of, with_relation
from tests.lossless.newer import by_newer_excels
from tests.lossless.office import worksheets
from tests.needs import needs_shared, needs_soffice, takes_minutes
from tests.witness.linter import lint
from tests.witness.schemas import find_violations
from xlprofit.cli import app
from xlprofit.errors import FileError, XlprofitError
from xlprofit.lite import extension
from xlprofit.lite.embedding import MARK, embed_lite_code, extract_lite_code, read_lite_code, write_main_code
from xlprofit.workflow import refresh

pytestmark = takes_minutes

HERE = Path(__file__).parent
PANES, EXTENSION = "xl/webextensions/taskpanes.xml", "xl/webextensions/webextension1.xml"
LISTS = {"[Content_Types].xml", "_rels/.rels"}
BOOKS = {name: make for name, (ending, make) in MAKERS.items() if ending == "xlsx" and name != "libreoffice"}

Make = Callable[[Path], Path]


@pytest.fixture(params=BOOKS)
def book(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A workbook by another program."""
    return BOOKS[request.param](tmp_path / "book.xlsx")


def _is_valid(part: bytes, schema: str) -> bool:
    found = etree.XMLSchema(etree.parse(HERE / schema))
    root = etree.fromstring(part)
    return bool(found.validate(root)) or pytest.fail(str(found.error_log))


def _with_other_pane(path: Path) -> Path:
    """Put the task pane of another add-in into a workbook."""
    kept = extension.build_lite_extension("{00000000-0000-4000-8000-000000000001}", {"k": '"v"'})
    other = kept.replace(b"WA200008175", b"WA100000001").replace(b"wa200008175", b"wa100000001")
    embed_lite_code(path)
    return change(path, {EXTENSION: lambda _: other})


def test_every_other_part_is_the_same_as_compressed(book: Path) -> None:
    before = packed(book)
    embed_lite_code(book)
    after = packed(book)
    assert {name for name in before if after.get(name) != before[name]} == LISTS
    assert set(after) - set(before) == {PANES, EXTENSION, "xl/webextensions/_rels/taskpanes.xml.rels"}


def test_the_parts_follow_their_schemas(book: Path) -> None:
    embed_lite_code(book)
    parts = parts_of(book)
    assert _is_valid(parts[PANES], "taskpanes.xsd")
    assert _is_valid(parts[EXTENSION], "webextension.xsd")
    lists = etree.fromstring(parts[EXTENSION]).findall(".//{*}ext/*")
    assert [etree.QName(e).localname for e in lists] == ["containsCustomFunctions", "customFunctionIdList"]
    assert all(_is_valid(etree.tostring(e), "webextension.xsd") for e in lists)
    assert len(lists[1]) == 0
    assert b'visibility="1"' in parts[PANES]


@needs_shared
def test_no_witness_sees_a_new_fault(book: Path) -> None:
    before = lint(book), find_violations(book)
    embed_lite_code(book)
    assert (lint(book), find_violations(book)) == before


def test_what_comes_out_is_what_went_in(book: Path, tmp_path: Path) -> None:
    out = embed_lite_code(book, tmp_path / "out.xlsx")
    assert read_lite_code(book) is None
    code = read_lite_code(out)
    assert code is not None
    assert code.version == xlprofit.__version__
    assert code.files == {"main.py": write_main_code(), "requirements.txt": "xlwings\nnumpy\npandas\n"}
    assert json.loads(code.settings[extension.SETTINGS]) == {"startupBehavior": "taskpane"}
    paths = extract_lite_code(out, tmp_path / "code")
    assert [path.name for path in paths] == ["main.py", "requirements.txt"]
    assert paths[0].read_text(encoding="utf-8") == write_main_code()
    ast.parse(paths[0].read_text(encoding="utf-8"))
    with pytest.raises(FileError, match="is there already"):
        extract_lite_code(out, tmp_path / "code")


def test_the_code_is_a_few_lines() -> None:
    lines = [line for line in write_main_code().splitlines() if line.strip()]
    assert len(lines) <= 8
    assert lines[0].startswith(MARK)
    assert len(write_main_code()) < 1_500_000


def test_again_it_is_the_same_and_a_refresh_keeps_it(book: Path) -> None:
    embed_lite_code(book)
    once = book.read_bytes()
    embed_lite_code(book)
    assert parts_of(book) == parts_of(embed_lite_code(book))
    assert book.read_bytes() == once
    refresh(book)
    after = parts_of(book)
    assert read_lite_code(book) == read_lite_code(embed_lite_code(book))
    assert {PANES, EXTENSION} <= set(after)


def test_the_pane_of_another_add_in_stays(tmp_path: Path) -> None:
    path = _with_other_pane(BOOKS["xlsxwriter"](tmp_path / "book.xlsx"))
    assert read_lite_code(path) is None
    before, known = packed(path), lint(path)
    embed_lite_code(path)
    after = packed(path)
    second = "xl/webextensions/webextension2.xml"
    assert set(after) - set(before) == {second}
    changed = {name for name in before if after[name] != before[name]}
    assert changed == {PANES, "xl/webextensions/_rels/taskpanes.xml.rels", "[Content_Types].xml"}
    panes = parts_of(path)[PANES]
    assert _is_valid(panes, "taskpanes.xsd")
    assert extension.count_panes(panes) == 2
    assert read_lite_code(path) is not None
    assert lint(path) == known


def test_the_users_own_code_is_not_written_over(tmp_path: Path) -> None:
    path = by_newer_excels(tmp_path / "book.xlsx")
    before = path.read_bytes()
    code = read_lite_code(path)
    assert code is not None
    assert code.version == ""
    with pytest.raises(XlprofitError, match=r"did not write\. .* xlprofit lite extract"):
        embed_lite_code(path)
    assert path.read_bytes() == before
    assert (
        extract_lite_code(path, tmp_path / "theirs")[0].read_text(encoding="utf-8") == code.files["main.py"]
    )


def test_other_settings_and_requirements_stay_when_the_code_is_renewed(tmp_path: Path) -> None:
    path = embed_lite_code(BOOKS["openpyxl"](tmp_path / "book.xlsx"))
    old = parts_of(path)[EXTENSION]
    more = old.replace(
        b"<we:properties>", b'<we:properties><we:property name="pyodideVersion" value="3.14"/>'
    ).replace(b"pandas", b"pandas\\nduckdb==1.5")
    change(
        path,
        {
            EXTENSION: lambda _: more.replace(
                f"{MARK} {xlprofit.__version__}".encode(), f"{MARK} 0.0.1".encode()
            )
        },
    )
    found = read_lite_code(path)
    assert found is not None
    assert found.version == "0.0.1"
    code = read_lite_code(embed_lite_code(path))
    assert code is not None
    assert code.version == xlprofit.__version__
    assert code.files["requirements.txt"].split() == ["xlwings", "numpy", "pandas", "duckdb==1.5"]
    assert code.settings["pyodideVersion"] == "3.14"
    assert b'value="3.14"' in parts_of(path)[EXTENSION]


def test_what_cannot_carry_it_is_refused(tmp_path: Path) -> None:
    _, make = MAKERS["xlsxwriter, macros"]
    with pytest.raises(FileError, match="has VBA macros"):
        embed_lite_code(make(tmp_path / "book.xlsm"))
    with pytest.raises(FileError, match="no file"):
        embed_lite_code(tmp_path / "none.xlsx")
    plain = BOOKS["openpyxl"](tmp_path / "plain.xlsx")
    with pytest.raises(XlprofitError, match=r"carries no code .* xlprofit lite embed plain\.xlsx"):
        extract_lite_code(plain, tmp_path)
    signed = with_relation(plain, "", "digital-signature/origin", "_xmlsignatures/origin.sigs")
    with pytest.raises(FileError, match="digital signature"):
        embed_lite_code(signed)


@needs_soffice
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    from tests.lossless.office import shown

    path = embed_lite_code(BOOKS["xlsxwriter"](tmp_path / "book.xlsx"))
    assert len(shown([path], {path: worksheets(path)})[path]["Sales"]) > 30


def test_the_commands(tmp_path: Path) -> None:
    path = BOOKS["openpyxl"](tmp_path / "book.xlsx")
    run = CliRunner().invoke
    none = run(app, ["lite", "status", str(path)])
    assert (none.exit_code, "carries no code" in none.output) == (1, True)
    out = tmp_path / "out.xlsx"
    done = run(app, ["lite", "embed", str(path), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "run refresh_results" in " ".join(done.output.split())
    told = run(app, ["lite", "status", str(out)])
    assert (told.exit_code, "main.py and requirements.txt" in told.output) == (0, True)
    written = run(app, ["lite", "extract", str(out), "-o", str(tmp_path / "code")])
    assert written.exit_code == 0
    assert (tmp_path / "code" / "main.py").is_file()

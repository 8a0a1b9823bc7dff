"""Whatever a text of the input says, a message shows it on one line, moves no terminal by it, and tells no secret.

Every refusal of a file, every finding of the catalogue and every refusal of a source is raised with characters in each
place that takes text which would clear a screen, turn a line round or begin another.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.bad_input.broken import BROKEN
from tests.bad_input.unreadable import UNREADABLE
from tests.needs import is_first_tier, takes_minutes
from tests.sources.test_errors import sources_table
from tests.test_checks import base, cases, company, find_all
from tests.wording.said import SWELLING
from xlprofit import cli
from xlprofit.errors import XlprofitError
from xlprofit.findings import Findings
from xlprofit.sources import hosts
from xlprofit.sources.load import resolve_sources
from xlprofit.streams import HIDDEN, JOINERS
from xlprofit.tables import TABLES, Raw
from xlprofit.terminal import print_error_line, show_findings
from xlprofit.words.complaints import say_error
from xlprofit.words.speech import speaking

HOSTILE = "\x1b[2J\x9b31m\x07\x85\u2028\u202e\u2066\x7f"
"""It clears the screen, colours it, rings, begins lines and turns what follows round."""

LANGUAGES = ("en", "fi")


def assert_plain(said: str, lines: int | None = None) -> None:
    """Assert that what was shown is text and line ends alone."""
    moving = {c for c in said if unicodedata.category(c) in HIDDEN and c not in JOINERS + "\n"}
    assert not moving, ascii(said)
    if lines is not None:
        assert len(said.splitlines()) == lines, said


def spoil(cell: Any, at: int | None = 1) -> Any:
    """Return a cell with the hostile characters within its text or at its end, the same for the same text."""
    if not isinstance(cell, str) or not cell.strip():
        return cell
    return f"{cell[:at]}{HOSTILE}{cell[at:] if at else ''}"


# --- refusals of a file ------------------------------------------------------------------------------

REFUSED = [name for name, (_make, words) in BROKEN.items() if words and not SWELLING.search(name)]


def run_check(path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.argv", ["xlprofit", "check", str(path)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return int(str(left.value.code))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [*REFUSED, *UNREADABLE])
def test_a_refused_file_of_any_name_is_one_line(
    name: str,
    language: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("LANG", f"{language}.UTF-8")
    folder = tmp_path / f"ours{HOSTILE}"
    folder.mkdir()
    if name in BROKEN:
        path = BROKEN[name][0](folder / "book.xlsx")
        path = path.rename(path.with_name(f"bo{HOSTILE}ok.xlsx"))
    else:
        ending, content = UNREADABLE[name]
        path = folder / f"{ending[:1]}{HOSTILE}{ending[1:]}"
        path.write_bytes(content)
    assert run_check(path, monkeypatch) == 1
    shown = capfd.readouterr()
    assert shown.out == ""
    assert_plain(shown.err)
    assert 1 <= len(shown.err.splitlines()) <= 3  # findings that stop the work have a line each
    assert "Traceback" not in shown.err


# --- findings ----------------------------------------------------------------------------------------


def spoil_names(case: Mapping[str, Any], at: int | None) -> dict[str, Any]:
    """Return a faulty input whose names are hostile, each wherever it stands, in the tables of the base company too."""
    spoilt = dict(case)
    for table, rows in {**base(), **case}.items():
        if table not in TABLES or table == "Settings":
            continue
        kinds = {column.name: column.kind for column in TABLES[table].columns}
        spoilt[table] = [
            {
                header: spoil(cell, at) if is_name(table, header, kinds) else cell
                for header, cell in row.items()
            }
            for row in rows
        ]
    return spoilt


def is_name(table: str, header: str, kinds: Mapping[str, str]) -> bool:
    """Whether a column holds names, as far as one can tell by its header."""
    known = kinds.get(header.lower().replace(" ", "_"), "")
    return known in ("customer", "name", "text") and header != "driver"


def list_text_columns(case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the columns of a faulty input that hold text."""
    for table, rows in case.items():
        if table != "Settings" and isinstance(rows, list) and rows and isinstance(rows[0], dict):
            headers = dict.fromkeys(header for row in rows for header in row)
            for header in headers:
                if any(isinstance(row.get(header), str) and row[header].strip() for row in rows):
                    yield table, header


def spoil_column(case: Mapping[str, Any], table: str, header: str) -> dict[str, Any]:
    """Return a faulty input with one hostile column: the fault of the others is as it was."""
    rows = [{h: spoil(cell) if h == header else cell for h, cell in row.items()} for row in case[table]]
    return {**case, table: rows}


BY_ITS_TEXT = ("C04", "C27-test", "M04", "M12", "N03", "R08", "R09", "V06", "V07", "V14")
"""Findings that certain texts alone raise, and two without a name; the others must be raised with hostile texts."""


def show_plain(
    raws: Mapping[str, Raw], capfd: pytest.CaptureFixture[str], case: Mapping[str, Any] | None = None
) -> set[str]:
    """Show the findings of an input in each language, and assert that each is on its line; return their codes."""
    found = find_all(raws, case or {})[1]
    for language in LANGUAGES:
        show_findings(Findings(found, language), len(found))
        assert_plain(capfd.readouterr().err, max(len(found), 1))
    return {finding.code for finding in found}


@pytest.mark.parametrize("name", list(cases()))
def test_a_finding_shows_any_name_on_its_line(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    case, codes = cases()[name], set[str]()
    spoilt = [spoil_names(case, 1), spoil_names(case, None)]
    for tried in (*spoilt, *(spoil_column(case, *column) for column in list_text_columns(case))):
        codes |= show_plain(company(tried), capfd, case)
        if name.split("-")[0] in codes:
            return
    assert name in BY_ITS_TEXT


@takes_minutes
@pytest.mark.parametrize("name", list(cases()))
def test_a_finding_shows_any_text_on_its_line(name: str, capfd: pytest.CaptureFixture[str]) -> None:
    case = cases()[name]
    for column in list_text_columns(case):
        show_plain(company(spoil_column(case, *column)), capfd, case)


def test_headers_and_names_of_sheets_are_shown_plain(capfd: pytest.CaptureFixture[str]) -> None:
    told = tomllib.loads((Path(__file__).parents[1] / "findings" / "base.toml").read_text(encoding="utf-8"))
    for table, rows in told.items():
        headers = list(dict.fromkeys(header for row in rows for header in row))
        for header in headers[:: 4 if is_first_tier() else 1]:
            renamed = [{spoil(h) if h == header else h: cell for h, cell in row.items()} for row in rows]
            show_plain(company({table: renamed}), capfd)


# --- sources -----------------------------------------------------------------------------------------

SECRET = "hunter22hush"

ADDRESSES = (
    "sales.csv",
    "empty.csv",
    "torn.parquet",
    "book.xlsx#Orders",
    "nowhere/*.csv",
    "sales.csv/x.csv",
    "env:XLPROFIT_KEPT",
    "env:XLPROFIT_NONE",
    "env:HOME",
    "keyring:xlprofit/me",
    "postgresql://me@[::1/x",
    "postgresql://me@localhost:1/books",
    "postgresql://me@localhost:1/books?sslkeylogfile=/tmp/x",
    f"postgresql://me:{SECRET}@localhost:1/books",
    "postgresql://me@evil.example/books",
    "https://example.invalid/sales.csv",
    "s3://bucket/sales.csv",
    "//server/share/sales.csv",
    "spark:hdfs://host/a",
)

KEPT = (
    f"postgresql://joe:{SECRET}@localhost:1/ledgers?connect_timeout=1",
    f"postgresql://joe:p%40{SECRET}@[::1/x",
    f"/srv/{SECRET}/{SECRET}.csv",
    f"{SECRET}://x",
    f"~{SECRET}/x.csv",
    f"{SECRET}\x1b[2J\n{SECRET}",
)
"""What may be kept in a variable: an address, a path, or a mistake."""

CELLS = ("query", "mapping", "options", "profile", "password", "time_limit")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(hosts.ALLOWED, "localhost")
    (tmp_path / "sales.csv").write_text(f"date{HOSTILE},customer,gross\n2024-01-31,A{HOSTILE},x{HOSTILE}\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "torn.parquet").write_bytes(b"PAR1" + HOSTILE.encode() * 9)
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 60)
    return tmp_path


def refuse_source(cells: Mapping[str, str], capfd: pytest.CaptureFixture[str]) -> str:
    """Read a source that a workbook names, and show what is said of it in each language; return all of it."""
    shown = ""
    given = {"table": "Sales", "time_limit": "5"} | dict(cells)
    for language in LANGUAGES:
        with speaking(language):
            try:
                found = resolve_sources(sources_table(**given))[1]
            except XlprofitError as error:
                assert "\n" not in str(error)
                print_error_line(say_error(error))
                lines = 1
            else:
                show_findings(Findings(found, language), len(found))
                lines = max(len(found), 1)
        said = capfd.readouterr().err
        assert_plain(said, lines)
        shown += said
    return shown


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("spoilt", ["source", "table", *CELLS])
def test_a_refused_source_is_one_plain_line(
    address: str, spoilt: str, place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XLPROFIT_KEPT", KEPT[0])
    monkeypatch.setenv("XLPROFIT_KEY", SECRET)
    cells = {"source": address, "query": "sales", "password": "env:XLPROFIT_KEY"}
    cells[spoilt] = f"{cells.get(spoilt, '')}{HOSTILE}x=1"
    shown = refuse_source(cells, capfd)
    assert SECRET not in shown


@pytest.mark.parametrize("kept", KEPT)
@pytest.mark.parametrize("query", ["", "sales", "SELECT 1", HOSTILE])
def test_a_kept_address_is_never_told(
    kept: str, query: str, place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XLPROFIT_KEPT", kept)
    shown = refuse_source({"source": "env:XLPROFIT_KEPT", "query": query}, capfd)
    assert not re.search(rf"{SECRET}|p%40", shown)
    assert "XLPROFIT_KEPT" in shown


def test_an_error_that_nobody_foresaw_tells_no_secret(
    place: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> object:
        raise TypeError(f"{KEPT[0]} is none of mine")

    monkeypatch.setenv("XLPROFIT_KEPT", KEPT[0])
    monkeypatch.setattr("xlprofit.sources.load._read_source", fail)
    shown = refuse_source({"source": "env:XLPROFIT_KEPT", "query": "sales"}, capfd)
    assert "TypeError" in shown and SECRET not in shown
    with suppress(XlprofitError), pytest.raises(TypeError):
        resolve_sources(sources_table(table="Sales", source="sales.csv"))

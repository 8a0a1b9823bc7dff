"""Exports and profiles that somebody hostile sent: one line that says why not, in time and in bounds of memory."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest

from tests.refusals import figures_of
from xlprofit.errors import FileError, XlprofitError
from xlprofit.importing.exports import opening
from xlprofit.importing.exports.conversion import extract_part
from xlprofit.importing.exports.inference import find_decimal
from xlprofit.importing.exports.opening import read_export
from xlprofit.importing.intake import import_files, plan_import
from xlprofit.importing.profiles.profile import ProfileError, load_profile, parse_profile
from xlprofit.importing.profiles.profile_fields import quote_toml
from xlprofit.importing.proposals import assembly
from xlprofit.sources import SourceError, hosts, resolve_sources, sheet
from xlprofit.tables import Raw

PLAIN = """
[[tables]]
table = "Sales"
{table}
[tables.columns]
date = "date"
customer = "customer"
gross_revenue = {column}
"""


def write_plain_profile(table: str = "", column: str = '"amount"') -> str:
    return PLAIN.format(table=table, column=column)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (write_plain_profile("header_row = " + "9" * 5_000), None),
        ("tables = " + "[" * 20_000, None),
        (write_plain_profile(column='{ header = "amount", scale = "1000" }'), "scale"),
        (write_plain_profile(column='{ header = "amount", scale = inf }'), "scale"),
        (write_plain_profile(column='{ header = "amount", scale = nan }'), "scale"),
        (write_plain_profile(column='{ header = "amount", usual = [1] }'), "usual"),
        (write_plain_profile(column='{ header = "amount", year_in = { row = "1", column = 1 } }'), "row"),
        (write_plain_profile("drop = 5"), "drop"),
        (write_plain_profile('keep = "all"'), "keep"),
        *(
            (
                write_plain_profile(f"heads = {{ sheet = 's', header = 'h', own = 'o', file = '{file}' }}"),
                "heads.file",
            )
            for file in ("../orders.csv", "/etc/passwd", r"\\evil.example\s\orders.csv", "C:orders.csv")
        ),
    ],
)
def test_a_profile_that_says_what_none_can_is_refused(text: str, named: str | None) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "Mine")
    assert figures_of(caught.value).get("name") == named
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"^(a+)+$", r"(?:aa|a)*b", r"([a-z]+\s?){2,}", "(" * 3_000, "a{99999999999}"),
        *(r".*a.*a.*b", r"^.*a.*a.*a.*b", r"\s+\s+\s+\s+x", r".{0,500}.{0,500}.{0,500}x", r"(.{1,9}){20}x"),
        *(r"(a?){50}a{50}b", r"(\d{1,9}){1,9}x", r"^(?:(?:a+)b?)+$", r"(?i)(K+k+)+x", r"(?:(?=a*a*a*a*b)c)+"),
        *(r"([\u5000-\u5010]+[\u5005-\u5020]+)+x", r"(a{1000}){1000}b", r"(?:(a)|b)(?(1)x*x*x*x*|c)d"),
        *(r"(?:[^\W\d]+[^\d]?)+!", r"(?>a*a*a*a*b)+", r"(?:a*a*a*a*b)++"),
    ],
)
def test_a_pattern_that_may_look_for_ever_is_refused(pattern: str) -> None:
    with pytest.raises(ProfileError) as caught:
        parse_profile(
            write_plain_profile(f"drop = [{{ header = 'customer', matches = '{pattern}' }}]"), "Mine"
        )
    assert figures_of(caught.value)["pattern"] == pattern


@pytest.mark.parametrize(
    "pattern",
    [
        *(r"^\s*(\d+)\s*-\s*(.*)$", r"^(.*) - (.*) - (.*)$", r".*?(\d+).*", r"^(\S+)\s+(\S+)\s+(\d+)$"),
        *(r"(\w+)\s*-\s*(\d+)", r"^(\d{1,3}(?:[.,]\d{3})*)(?:[.,](\d\d))?\s*(EUR|€)?$", r"(?:\d+[,.])+x"),
        *(r"(a|b)*c", r"(ab){2}", r"(.*)\1x", r"(?=.*a)(?!.*b).*c", r"(?>a+)b", r"a++b", r"(\d+)[^\d]*$"),
        *(r"^[A-ZÄÖÜ]{2,}\s?\d+.*\((.+)\)$", r"^(\d+)-[)+|*]+$", r"[^a]*a", r"(?:(a)|b)(?(1)x*|c)d"),
    ],
)
def test_a_pattern_that_is_taken_ends_soon_whatever_the_cell(pattern: str) -> None:
    parse_profile(
        write_plain_profile(f"drop = [{{ header = 'c', matches = {quote_toml(pattern)} }}]"), "Mine"
    )
    began = time.process_time()
    for text in ("a", "1", " ", "- ", " - ", ",1", "x"):
        extract_part(pattern, (text * 1_000)[:999] + "!")
    assert time.process_time() - began < 5.0


def test_a_long_cell_is_searched_at_its_beginning() -> None:
    assert extract_part(r"^(\d+) ", "17 " + "x" * 100_000) == "17"
    assert extract_part(r"x(\d+)$", "x" * 100_000 + "17") == "x" * 100_000 + "17"


@pytest.mark.parametrize(
    "name", ["~nosuchuser/x.toml", "x\0y.toml", "x" * 5_000 + ".toml", "pipe.toml", "long.toml"]
)
def test_the_path_of_a_profile_that_is_none_is_one_line(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "long.toml").write_bytes(b"#" * (1 << 21))
    with pytest.raises(ProfileError) as caught:
        load_profile(name, tmp_path)
    assert str(figures_of(caught.value)["path"]).endswith(name)


def list_profiled(tmp_path: Path, source: str, profile: str) -> dict[str, Raw]:
    row = {"table": "Sales", "source": source, "profile": profile, "options": "memory=2MB"}
    return {"Sources": Raw("Sources", "Sources", pd.DataFrame([row], dtype=object))}


def test_a_source_with_a_profile_takes_no_more_than_it_may(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.csv.gz", "wb", compresslevel=1) as packed:
        packed.write(b"date,customer,amount\n")
        for _piece in range(20):
            packed.write(b"2024-01-31,ACME,5\n" * 10_000)
    with (tmp_path / "sparse.csv").open("wb") as file:
        file.truncate(1 << 40)
    for name in ("bomb.csv.gz", "sparse.csv"):
        with pytest.raises(SourceError) as caught:
            resolve_sources(list_profiled(tmp_path, str(tmp_path / name), write_plain_profile()))
        told = figures_of(caught.value)
        assert (told["name"], told["n"]) == (name, 2.0)
        with pytest.raises(SourceError) as caught:
            plan_import([tmp_path / name], options="memory=2MB")
        assert figures_of(caught.value)["name"] == name


def test_a_pipe_called_a_workbook_and_orders_that_are_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.xlsx")
    with pytest.raises(SourceError) as caught:
        resolve_sources(list_profiled(tmp_path, str(tmp_path / "pipe.xlsx"), write_plain_profile()))
    assert str(figures_of(caught.value)["path"]) == str(tmp_path / "pipe.xlsx")
    with pytest.raises(FileError):
        read_export(tmp_path / "pipe.xlsx")
    os.mkfifo(tmp_path / "orders.csv")
    (tmp_path / "lines.csv").write_text("date,customer,amount\n2024-01-31,ACME,5\n")
    text = write_plain_profile("heads = { sheet = 's', header = 'h', own = 'o', file = 'orders.csv' }")
    with pytest.raises(ProfileError) as refused:
        resolve_sources(list_profiled(tmp_path, str(tmp_path / "lines.csv"), text))
    assert figures_of(refused.value)["path"] in ("orders.csv", "lines.csv")


def test_a_profile_on_another_computer_needs_leave(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(hosts.ALLOWED, raising=False)
    raws = list_profiled(tmp_path, "sales.csv", r"\\evil.example\share\x.toml")
    with pytest.raises(SourceError) as caught:
        sheet.list_sources(raws["Sources"], tmp_path)
    assert figures_of(caught.value)["host"] == "evil.example"
    for profile in ("mine.toml", "datev", write_plain_profile()):
        assert sheet.list_sources(list_profiled(tmp_path, "sales.csv", profile)["Sources"], tmp_path)


def test_names_and_encodings_that_no_file_has(tmp_path: Path) -> None:
    for path, encoding in ((Path("x\0y.csv"), ""), (tmp_path / "nothing.csv", "")):
        with pytest.raises(ProfileError):
            read_export(path, encoding=encoding)
    (tmp_path / "sales.csv").write_text("date,customer,amount\n2024-01-31,ACME,5\n")
    with pytest.raises(ProfileError) as caught:
        read_export(tmp_path / "sales.csv", encoding="a\0b")
    assert figures_of(caught.value)["encoding"] == "a\0b"


def test_a_cell_longer_than_any_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import csv

    monkeypatch.setattr("xlprofit.importing.exports.opening.LONGEST_CELL", 100)
    (tmp_path / "long.csv").write_text('date,customer,amount\n2024-01-31,"AC"ME,' + "5" * 200 + "\n")
    before = csv.field_size_limit()
    try:
        with pytest.raises(XlprofitError) as caught:
            read_export(tmp_path / "long.csv")
    finally:
        csv.field_size_limit(before)
    assert figures_of(caught.value)["path"] == "long.csv"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_an_export_that_is_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("orders.csv", "orders", "orders.xlsx"):
        os.mkfifo(tmp_path / name)
        with pytest.raises(XlprofitError, match=r"no ordinary file|cannot be"):
            plan_import([tmp_path / name])
    with pytest.raises(ProfileError, match="no ordinary file"):
        plan_import(["/dev/zero"])
    with pytest.raises(ProfileError, match="cannot be read"):
        plan_import(["/"])


# --- sizes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["\n", "\r"])
def test_a_line_of_more_cells_than_a_sheet_has_columns_is_refused(ending: str, tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    for text, count in (
        (f"a,b{ending}{'ab,' * 20_000}{ending}", 20_001),
        (f'{"x,y" * 10_000}{ending}"quoted, as one",{"z," * 17_000}{ending}', 17_002),
    ):
        path.write_text(text, newline="")
        with pytest.raises(ProfileError, match=rf"a row of {count:,} cells.* 16,384"):
            read_export(path)
    path.write_text(f'"{"a," * 20_000}",b{ending}1,2{ending}', newline="")
    (sheet_read,) = read_export(path)
    assert (len(sheet_read.columns), sheet_read.height) == (2, 2)


def test_cells_are_read_as_they_are_some_records_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Columns that begin late, records of all widths, cells that are alike and not; no blank line at the end."""
    monkeypatch.setattr(opening, "AT_ONCE", 3)
    path = tmp_path / "rows.csv"
    records = [
        ["a", "b"],
        ["1"],
        [],
        ["same", "same", "x"],
        ["same", "u", "y"],
        ["same"],
        [],
        ["1", "2", "3", "4"],
    ]
    path.write_text("\n".join(",".join(record) for record in records) + "\n\n\n")
    (found,) = read_export(path)
    assert list(found.widths) == [len(record) for record in records]
    assert [[cell for cell in row if cell] for row in map(found.read_row, range(1, 9))] == records
    assert len(found.columns) == 4 and all(len(column) == found.height == 8 for column in found.columns)
    path.write_text("sep=;\na;b\n1;2\n")
    (stated,) = read_export(path)
    assert stated.columns == (("", "a", "1"), ("", "b", "2"))


def test_amounts_beyond_all_numbers_are_told_and_spoil_no_profile(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(
        "date,customer,gross_revenue,cogs\n"
        + "".join(f"2024-01-{n:02},C{n},{'9' * 20_000 if n < 20 else 100},5\n" for n in range(1, 29))
    )
    began = time.process_time()
    plan = plan_import([path])
    assert time.process_time() - began < 5.0
    table = plan.proposals[0].find_table("Sales")
    assert table is not None and table.rule.columns["gross_revenue"].usual == 100.0
    results = import_files([path], tmp_path / "book.xlsx", plan=plan).results
    assert results.customers["gross_revenue"].sum() == 900.0
    assert {f.code for f in results.findings if f.severity == "error"} != set()


def test_the_decimal_mark_of_a_column_is_found_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was looked for in the whole column for each of its cells, which took minutes."""
    calls: list[int] = []

    def count(cells: Sequence[object]) -> str:
        calls.append(len(cells))
        return find_decimal(cells)

    monkeypatch.setattr(assembly, "find_decimal", count)
    path = tmp_path / "sales.csv"
    path.write_text(
        "date,customer,gross_revenue,cogs\n"
        + "".join(f"2024-{n % 12 + 1:02}-15,C{n % 9},{100 + n % 7},60\n" for n in range(2_000))
    )
    (proposal,) = plan_import([path]).proposals
    table = proposal.find_table("Sales")
    assert table is not None and table.rule.columns["gross_revenue"].usual == 103.0
    assert len(calls) < 40

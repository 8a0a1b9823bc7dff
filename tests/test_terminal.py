"""What a terminal shows: names first however narrow it is, nothing that moves it; and exit codes that are true."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import xlprofit
from tests.needs import few
from xlprofit import cli, errors, terminal, terminal_changes, wordings
from xlprofit.drawing.to_json import render_json
from xlprofit.messages import Message, _, _n, change_texts
from xlprofit.sheets.frame import title_ledger_line
from xlprofit.sheets.parts import Figure
from xlprofit.streams import HIDDEN, JOINERS, make_plain, prepare_streams
from xlprofit.terminal_explanation import show_explanation
from xlprofit.words.complaints import say_error
from xlprofit.words.speech import say, speaking

HOSTILE = "x\x1b[2J\x9b31m\u202egnp\u2066\x07\r\n\u2028\udcff\x7fy"
"""ESC, C1, directions, line breaks and half a character, in what anybody may call a thing."""

POLISH = {"Zażółć gęślą": 5.0, "東京商事": 6.0, "ACME": 7.0}


def is_plain(text: str) -> bool:
    return not any(unicodedata.category(c) in HIDDEN and c not in JOINERS for c in text)


# --- one filter ----------------------------------------------------------------------------------------


@given(st.text())
def test_a_plain_text_moves_no_terminal_and_loses_no_letter(text: str) -> None:
    plain = make_plain(text)
    assert is_plain(plain)
    assert len(plain) == len(text)
    assert make_plain(plain) == plain


def list_wordings() -> Iterator[tuple[str, Message]]:
    """Give every wording of a finding, with something hostile wherever it takes a text."""
    for code, variants in wordings.WORDINGS.items():
        for name, wording in variants.items():
            texts = (wording,) if isinstance(wording, str) else wording
            figures = dict.fromkeys(re.findall(r"{([a-z_]\w*)}", " ".join(texts)), HOSTILE)
            numbers = dict.fromkeys(re.findall(r"{(\w+):[^}]*}", " ".join(texts)), 2)
            days = dict.fromkeys(re.findall(r"{(\w+):%[^}]*}", " ".join(texts)), date(2024, 1, 31))
            given_: dict[str, Any] = {**figures, **numbers, **days} | (
                {} if isinstance(wording, str) else {"n": 2}
            )
            yield (
                f"{code}.{name}",
                _(wording, **given_) if isinstance(wording, str) else _n(*wording, **given_),
            )


@pytest.mark.parametrize("language", ["en", "fi"])
def test_every_wording_with_something_hostile_in_it_is_one_plain_line(
    language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = 0
    with speaking(language):
        for name, message in list_wordings():
            terminal.print_line(say(message))
            out = capsys.readouterr().out
            assert out.endswith("\n") and is_plain(out[:-1]), name
            shown += 1
    assert shown > 200


def raise_errors(book: Path) -> Iterator[xlprofit.XlprofitError]:
    """Give errors of every kind that a name may get into: of files, sheets, columns, sources, customers."""
    name = HOSTILE.replace("\x00", "")
    paths = [book.with_name(f"{name[:20]}.xlsx"), book.with_name(f"{name[:20]}.xls"), Path(name) / "a.xlsx"]
    calls: list[Callable[[], object]] = [
        *(lambda path=path: xlprofit.refresh(path) for path in paths),
        lambda: xlprofit.new(book.with_name(f"{name[:9]}.txt")),
        lambda: xlprofit.refresh(book, book.with_name(name[:9])),
        lambda: xlprofit.analyze(book, sources=[f"Sales={name}.csv"]),
        lambda: xlprofit.analyze(book, sources=[f"{name}=x.csv"]),
        lambda: xlprofit.analyze({name: pd.DataFrame()}),
        lambda: xlprofit.analyze(book).resolve_customer(name),
    ]
    for call in calls:
        try:
            call()
        except errors.XlprofitError as error:
            yield error


def test_every_refusal_with_something_hostile_in_it_is_one_plain_line(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = list(raise_errors(book))
    assert len(found) == 9
    for error in found:
        terminal.print_error_line(say_error(error))
        err = capsys.readouterr().err
        assert err.endswith("\n") and is_plain(err[:-1]), error


def test_what_is_put_into_a_message_can_be_taken_out_again() -> None:
    inner = _("the column {column}", column="secret")
    message = _("{what} of {path} in {n:,} rows", what=inner, path="secret/path", n=1_000) + _(
        " ({path})", path="x"
    )
    assert "secret" not in change_texts(message, lambda text: text.replace("secret", "…"))
    assert change_texts(message, lambda text: text) == message
    plural = _n("{n:,} row of {name}", "{n:,} rows of {name}", 3, name="secret")
    assert change_texts(plural, lambda text: "…") == "3 rows of …"


# --- names first ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_names_are_shown_whole_at_any_width(
    width: int,
    demo_results: xlprofit.Results,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    frame = demo_results.customers.loc[demo_results.whale.index[:20]]
    terminal.show_pnl(frame, "EUR", terminal.PNL_COLUMNS)
    out = capsys.readouterr().out
    assert all(str(name) in out for name in frame.index)
    assert "Profit, EUR" in out
    assert ("Cost of credit" in out.splitlines()[1]) == (width >= 140)
    assert max(map(len, out.splitlines()[:20])) <= width
    assert ("Not shown because" in out) == (width < 140)


def test_columns_go_in_the_order_of_their_weight(
    demo_results: xlprofit.Results, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    for width in range(160, 60, -4):
        monkeypatch.setenv("COLUMNS", str(width))
        terminal.show_ends(demo_results)
        header = capsys.readouterr().out.splitlines()[2]
        seen.append(
            {
                word
                for word in ("Profit, EUR", "Profit %", "Net revenue", "Decision", "State")
                if word in header
            }
        )
    assert all(more >= fewer for more, fewer in pairwise(seen))
    assert (
        seen[0] == {"Profit, EUR", "Profit %", "Net revenue", "Decision", "State"}
        and "Profit, EUR" in seen[-1]
    )


# --- exit codes ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def abroad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sales = pd.DataFrame(
        {"date": ["2024-01-31"] * 3, "customer": list(POLISH), "gross_revenue": list(POLISH.values())}
    )
    return xlprofit.new(tmp_path_factory.mktemp("abroad") / "book.xlsx", {"Sales": sales})


def run_command(
    arguments: Sequence[str], shell: str = "", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command through a shell, what follows it in the line given; its exit code alone."""
    words = " ".join(f'"${at}"' for at in range(1, len(arguments) + 1))
    line = f'"{sys.executable}" -m xlprofit {words} {shell}'
    known = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONIOENCODING", "PYTHONUTF8", "PYTHONUNBUFFERED")
    }
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}", "bash", *arguments],
        capture_output=True,
        check=False,
        timeout=120,
        env=known | environment,
    )


@pytest.mark.skipif(os.name == "nt", reason="needs a shell")
@pytest.mark.parametrize(
    "shell", few(["| true", ">/dev/full", ">&-", ">&- 2>&- <&-", "2>/dev/full"], "| true")
)
def test_what_was_written_ends_well_whatever_becomes_of_what_is_said(
    shell: str, abroad: Path, tmp_path: Path
) -> None:
    if "/dev/full" in shell and not Path("/dev/full").exists():
        pytest.skip("this system has no full device")
    out = tmp_path / "out.xlsx"
    done = run_command(["refresh", str(abroad), "-o", str(out)], shell)
    assert done.returncode == 0, done.stderr
    assert out.exists() and b"Traceback" not in done.stderr


def test_streams_that_were_closed_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("stdin", "stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    prepare_streams()
    with sys.stdin as asked, sys.stdout as said, sys.stderr as told:
        assert (asked.isatty(), asked.read()) == (False, "")  # an import asks whether anybody can be asked
        assert said.write("x") == told.write("x") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_figures_that_cannot_be_shown_are_code_1(abroad: Path) -> None:
    done = run_command(["profit", str(abroad), "--format", "csv"], ">/dev/full")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8"])
def test_names_beyond_an_encoding_are_shown_in_every_form(
    encoding: str, abroad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for form in ("table", "csv", "json"):
        pipe = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding=encoding))
        monkeypatch.setattr(sys, "argv", ["xlprofit", "profit", str(abroad), "--format", form])
        with pytest.raises(SystemExit) as left:
            cli.main()
        assert left.value.code == 0
        said = pipe.getvalue().decode("utf-8" if form != "table" else encoding)
        if form == "table" and encoding != "utf-8":
            assert "ACME" in said
        else:
            assert all(name in said for name in POLISH)


def test_source_rows_have_dates_in_json_and_what_is_unknown_is_null(
    abroad: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        sys,
        "argv",
        ["xlprofit", "explain", str(abroad), next(iter(POLISH)), "--level", "rows", "--format", "json"],
    )
    with pytest.raises(SystemExit) as left:
        cli.main()
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert left.value.code == 0 and rows
    assert all(re.fullmatch(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]", row["date"]) for row in rows)
    frame = pd.DataFrame(
        {
            "date": [pd.Timestamp("2024-03-06"), pd.NaT],
            "text": pd.array([None, "x"], dtype="str"),
            "row": [3, 4],
            "money": [1.5, np.nan],
        },
        index=pd.Index(["a", "b"], name="line"),
    )
    assert json.loads(render_json("EUR", frame, frame.iloc[:0], "rows"))["rows"] == [
        {"line": "a", "date": "2024-03-06", "text": None, "row": 3, "money": 1.5},
        {"line": "b", "date": None, "text": "x", "row": 4, "money": None},
    ]


def test_a_refresh_that_is_interrupted_while_it_is_summed_up_was_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with terminal.tell_what_was_written():
        raise KeyboardInterrupt
    said = capsys.readouterr().err
    assert "was written" in said and "(interrupted)" in said
    assert said.count("\n") == 1


@pytest.mark.parametrize("form", ["csv", "json"])
def test_figures_of_groups_go_to_a_program_in_utf_8(
    form: str, abroad: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = io.BytesIO()
    grouped = xlprofit.analyze(abroad).customers.rename_axis("Zażółć")
    monkeypatch.setattr(xlprofit.Results, "by", lambda results, name: grouped)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(pipe, encoding="cp1252"))
    monkeypatch.setattr(sys, "argv", ["xlprofit", "profit", str(abroad), "--by", "x", "--format", form])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 0
    said = pipe.getvalue().decode()
    assert all(name in said for name in ("Zażółć", *POLISH))


MARKED = (":cat: [red]x", "[/]", "[/bold]x\x1b[2Jy")
"""Names that a terminal's library would take for a picture, a style or its end, and one that clears it."""


def test_names_in_brackets_and_colons_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    frame = pd.DataFrame(5.0, index=pd.Index(MARKED), columns=[*terminal.PNL_COLUMNS, "margin"])
    terminal.show_pnl(frame, "EUR", terminal.PNL_COLUMNS, "[/title]", head="[/red]")
    terminal_changes.show_rows("[/title]", ["[/red]", "\x1b[2J"], [[name, "1"] for name in MARKED])
    out = capsys.readouterr().out
    assert is_plain(out.replace("\n", ""))
    for said in ("[/title]", "[/red]", *map(make_plain, MARKED)):
        assert out.count(said) == 2, said


def test_a_stage_in_brackets_is_shown_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.StringIO()
    monkeypatch.setattr(pipe, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stderr", pipe)
    monkeypatch.setenv("TERM", "xterm")
    with terminal.show_stages() as stage:
        stage(_("Reading {path}", path="[/red].xlsx"))
    assert "Reading [/red].xlsx" in pipe.getvalue()


def test_an_error_that_nobody_foresaw_is_a_line(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("xlprofit.workflow.check", fail)
    monkeypatch.setattr(sys, "argv", ["xlprofit", "check", str(book)])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 1
    assert "Unexpected error (ZeroDivisionError: by nothing). Nothing was written." in capsys.readouterr().err
    monkeypatch.setenv(cli.TRACEBACK, "1")
    with pytest.raises(ZeroDivisionError):
        cli.main()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize(("arguments", "code"), [(["--help"], 0), (["profit"], 2), (["profit", "--wide"], 2)])
def test_help_and_a_refusal_that_nobody_reads(
    arguments: list[str], code: int, is_full: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("stdout", "stderr"):
        reader, writer = os.pipe()
        os.close(reader)  # as head does when it has read enough
        file = open("/dev/full", "w") if is_full else os.fdopen(writer, "w")  # noqa: PTH123, SIM115
        monkeypatch.setattr(sys, name, file)
    monkeypatch.setattr(sys, "argv", ["xlprofit", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == (1 if is_full and code == 0 else code)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()  # as Python does when it ends, with exit code 120 where that fails


def test_names_that_are_not_utf_8(
    abroad: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    path = tmp_path / os.fsdecode(b"\xff\xfe.xlsx")
    try:
        path.write_bytes(abroad.read_bytes())
    except OSError:
        pytest.skip("this disk takes names in UTF-8 alone")
    assert xlprofit.refresh(path).path == path
    terminal.print_line(str(path))
    assert "··.xlsx".encode() in capsysbinary.readouterr().out


def test_the_lines_of_an_explanation_are_called_as_on_the_sheets(
    demo_results: xlprofit.Results, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "120")  # none of them is broken in two
    customer = str(demo_results.whale.index[-1])
    show_explanation(demo_results, Figure(customer=customer), whole=True)
    said = capsys.readouterr().out
    lines = [
        say(title_ledger_line(str(one))) for one in demo_results.explain(customer, level="lines")["line"]
    ]
    assert {"Gross revenue", "Cost of goods", "Financing"} <= set(lines)
    assert all(line[0].isupper() and f"{line} " in said for line in lines)
    assert not re.search(r"\b(cogs|financing|expected_loss)\b", said)

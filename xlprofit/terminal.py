"""What the terminal shows: how far work is, findings, what was done, and customers' figures in tables."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

import typer

from xlprofit.streams import flush_output, make_plain, silence_output
from xlprofit.words.speech import N_, _, _n, find_workbook_name, number, say, say_list, speaking, term

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from xlprofit.findings import Findings
    from xlprofit.hosts.host import Stage
    from xlprofit.ooxml.clearing import Cleared
    from xlprofit.results import Results
    from xlprofit.workflow import Refreshed

WIDTH = 140
"""How many letters wide a table is where the output is no terminal and nothing says how wide it is."""

SHOWN_FINDINGS = 12
"""Findings shown after a refresh; the rest are on the sheet Checks."""

READ_BY = "D01"
"""The note with the query that was run, and the characters shown of it after a refresh."""

PNL_COLUMNS = {
    "net_revenue": N_("Net revenue"),
    "gross_margin": N_("Gross margin"),
    "cost_to_acquire": N_("Cost to acquire"),
    "cost_to_serve": N_("Cost to serve"),
    "cost_of_credit": N_("Cost of credit"),
    "profit": N_("Profit"),
}
"""The columns of a P&L that are shown, with their headers."""


@contextmanager
def show_stages() -> Iterator[Stage]:
    """Show what is being done while it is, on a terminal; nothing where the output is a file."""
    if not sys.stderr.isatty():
        yield lambda words: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}", markup=False), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(_("Starting"), total=None)
        yield lambda words: progress.update(task, description=make_plain(say(words)))


@contextmanager
def exit_when_stopped() -> Iterator[None]:
    """Turn findings that stop the work into their lines and exit code 1."""
    from xlprofit.errors import StoppedError
    from xlprofit.findings import Findings

    try:
        yield
    except StoppedError as error:
        show_findings(Findings(error.findings, error.language, error.own), SHOWN_FINDINGS)
        with speaking(error.language, error.own):
            print_error_line(
                _("Stopped: nothing was computed or written. Fix what is marked stop and try again.")
            )
        raise typer.Exit(1) from None


def print_line(line: str) -> None:
    """Write a line to standard output; nothing where nobody reads on."""
    try:
        typer.echo(make_plain(line))
    except BrokenPipeError:
        silence_output()


def print_lines(text: str) -> None:
    """Write a text of several lines to standard output; its figures must be plain."""
    for line in text.split("\n"):
        print_line(line)


def print_error_line(line: str) -> None:
    """Write a line to standard error; nothing where that cannot be written."""
    with suppress(OSError):
        typer.echo(make_plain(line), err=True)


@contextmanager
def tell_what_was_written() -> Iterator[None]:
    """Show what was done to a file: it was done, whatever stands in the way of showing it; so says the exit code."""
    try:
        yield
        reason = flush_output()
    except KeyboardInterrupt:
        silence_output()
        reason = _("interrupted")
    except Exception as error:
        silence_output()
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    if reason:
        print_error_line(_("The file was written, but the summary cannot be shown ({reason})", reason=reason))


def open_console() -> Console:
    """Return the terminal, or what is as wide as it is asked to be where the output is none.

    No text means anything to it: a name in brackets is no style, and one between colons no picture.
    """
    from rich.console import Console

    class Outlet(Console):
        def on_broken_pipe(self) -> None:
            silence_output()

    wide = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal()
    return Outlet(width=None if wide else WIDTH, markup=False, highlight=False, emoji=False)


class Check(Protocol):
    """Something that an installation depends on: whether it is so, what there is, and the fix."""

    @property
    def name(self) -> str:
        """What is looked at."""
        ...

    @property
    def ok(self) -> bool:
        """Whether it is in order."""
        ...

    @property
    def what(self) -> str:
        """What was found."""
        ...

    @property
    def fix(self) -> str:
        """What to do where it is not in order."""


def show_checks(checks: Sequence[Check]) -> None:
    """Show what was looked at, with the fix of what is not in order; exit code 1 where anything is not."""
    for check in checks:
        state = _("ok") if check.ok else _("NO")
        print_line(f"{state:<3} {check.name}: {say(check.what)}")
        if not check.ok:
            print_line(f"    {say(check.fix)}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def show_findings(findings: Findings, most: int, *, brief: bool = True) -> None:
    """Show findings on standard error, a line each, worst first; and how many more there are.

    Where it is ``brief``, a query that was run is left out: the sheet Checks has it.
    """
    from xlprofit.words.complaints import say_finding

    with speaking(findings.language, findings.own):
        severities = {s: term("word", s) for s in ("stop", "error", "warning", "note")}
        width = max(map(len, severities.values())) + 1
        for finding in findings[:most]:
            line = say_finding(finding)
            if finding.code == READ_BY and brief:
                line = _leave_out_query(line, finding.what)
            print_error_line(f"{severities[finding.severity]:<{width}}{finding.code}  {line}")
        if len(findings) > most:
            more = len(findings) - most
            checks = term("sheet", "Checks")
            print_error_line(
                _(
                    "… and {n:,} more: see the sheet {sheet}, or {command}.",
                    n=more,
                    sheet=checks,
                    command="xlprofit check",
                )
            )
        if not findings:
            print_error_line(_("Nothing found."))


def _leave_out_query(line: str, what: str) -> str:
    """Return the line of a finding without the query that stands at its end, if one does."""
    query = str(getattr(what, "figures", {}).get("query", ""))
    start = " ".join(query.split())[:20]
    return f"{line.partition(start)[0].rstrip(' :')}." if start else line


def show_ends(results: Results, most: int = 5) -> None:
    """Show the best and the worst customers, with where they are going and what to do about them."""
    order, currency = results.whale.index, results.inputs.settings.currency
    said = {_("State"): results.trends["state"], _("Decision"): results.decisions["verdict"]}
    columns = {c: PNL_COLUMNS[c] for c in ("net_revenue", "gross_margin", "profit")}
    for title, customers in (
        (_("The {most} most profitable of {n:,} customers", most=most, n=len(order)), order[:most]),
        (_("The {most} least profitable", most=most), order[::-1][:most]),
    ):
        show_pnl(results.customers.loc[customers], currency, columns, title, said)


def _list_pnl_measures(
    frame: pd.DataFrame, currency: str, columns: Mapping[str, str]
) -> Iterator[_TableColumn]:
    """Yield the columns of amounts that are asked for, and the margin; that of the profit names the currency."""
    for measure, header in (*columns.items(), ("margin", N_("Profit %"))):
        called = f"{_(header)}, {currency}" if measure == "profit" else _(header)
        yield _TableColumn(called, _format_pnl_column(frame[measure], measure), RANKS[measure], measure)


def show_pnl(
    frame: pd.DataFrame,
    currency: str,
    columns: Mapping[str, str],
    title: str = "",
    said: Mapping[str, pd.Series] | None = None,
    *,
    head: str = "",
) -> None:
    """Show some columns of P&Ls, their margin, and words about each; ``head`` says what they are, if no customers.

    Names come first: where a terminal is too narrow, columns are left out, the least important first, and named.
    """
    words = said or {}
    called = [make_plain(str(name)) for name in frame.index]
    shown = [_TableColumn(make_plain(head) or _("Customer"), called, 0, style="name")]
    shown += _list_pnl_measures(frame, currency, columns)
    for at, (header, column) in enumerate(words.items()):
        said_of = [make_plain(term("word", str(column.loc[name]))) for name in frame.index]
        shown.append(_TableColumn(header, said_of, FIRST_WORD - at, "word"))
    losses = [bool(profit < 0) for profit in frame["profit"]]
    console = open_console()
    kept, left_out = _fit_columns(shown, console.width)
    _print_table(console, make_plain(title), kept, losses)
    if left_out:
        print_line(
            _(
                "Not shown because the window is too narrow: {columns}",
                columns=", ".join(column.header for column in left_out),
            )
        )


RANKS = {
    "profit": 1,
    "margin": 2,
    "net_revenue": 3,
    "gross_margin": 6,
    "cost_to_serve": 7,
    "cost_to_acquire": 8,
    "cost_of_credit": 9,
}
"""How soon a column of a P&L is left out where a terminal is narrow: the highest first; words stand between them."""

FIRST_WORD = 5
"""The rank of the first words about a customer; those of the next are shown rather."""

LONGEST_NAME = 40
"""So many letters of a name are shown on one line before columns are left out; of a longer one the rest below."""


class _TableColumn(NamedTuple):
    """A column of a table on the terminal: its header, its cells, its rank (the higher the sooner it is left out)."""

    header: str
    cells: list[str]
    rank: int
    style: str

    def measure_width(self) -> int:
        """Return the letters that it takes."""
        from rich.cells import cell_len

        widest = max(map(cell_len, self.cells), default=0)
        return max(cell_len(self.header), min(widest, LONGEST_NAME) if self.style == "name" else widest)


def _fit_columns(shown: Sequence[_TableColumn], width: int) -> tuple[list[_TableColumn], list[_TableColumn]]:
    """Return the columns for which there is room, and those for which there is none, both in their order."""
    kept = list(shown)
    while len(kept) > 2 and _measure_table(kept) > width:
        kept.remove(max(kept, key=lambda column: column.rank))
    return kept, [column for column in shown if column not in kept]


def _measure_table(columns: Sequence[_TableColumn]) -> int:
    """Return how many letters wide a table is, the blanks between its columns included."""
    return sum(column.measure_width() for column in columns) + 3 * len(columns) - 1


def _print_table(
    console: Console, title: str, columns: Sequence[_TableColumn], losses: Sequence[bool]
) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        if column.style == "name":
            table.add_column(column.header, overflow="fold")
        else:
            table.add_column(
                column.header, justify="left" if column.style == "word" else "right", no_wrap=True
            )
    for at, loss in enumerate(losses):
        cells = ((column.cells[at], column.style in ("profit", "margin") and loss) for column in columns)
        table.add_row(*(Text(cell, "red" if red else "") for cell, red in cells))
    console.print(table)


def _format_pnl_column(values: pd.Series, measure: str) -> list[str]:
    """Return the figures of a column of a P&L as they are shown; an unknown margin is blank."""
    if measure == "margin":
        return ["" if isnan(value) else number(value, ".1%") for value in values]
    return [number(value, ",.0f") for value in values]


def show_refresh_result(refreshed: Refreshed) -> None:
    """Say what a refresh found, could not carry over and wrote, in the workbook's language."""
    with tell_what_was_written():
        _show_refreshed(refreshed)


def _show_refreshed(refreshed: Refreshed) -> None:
    from xlprofit.sheets.left_out import describe_left_out

    profit, settings = refreshed.results.customers["profit"], refreshed.results.inputs.settings
    show_findings(refreshed.results.findings, SHOWN_FINDINGS)
    with speaking(settings.language, refreshed.results.findings.own):
        for loss in refreshed.losses:
            print_error_line(_("Not carried over: {loss}", loss=loss))
        for note in refreshed.notes:
            print_error_line(_("Note: {note}", note=note))
        if refreshed.backup:
            print_error_line(_("The old file is kept as {path}", path=str(refreshed.backup)))
        said = _n(
            "Refreshed {path}: {n:,} customer, {earning:,} of them profitable, "
            "customer profit {profit:,.0f} {currency}",
            "Refreshed {path}: {n:,} customers, {earning:,} of them profitable, "
            "customer profit {profit:,.0f} {currency}",
            len(profit),
            path=str(refreshed.path),
            earning=int((profit > 0).sum()),
            profit=profit.sum(),
            currency=settings.currency,
        )
        print_line("; ".join(filter(None, (said, say(describe_left_out(refreshed.results))))))


def warn_of_lost_rows(results: Results) -> None:
    """Say on standard error that the figures lack rows, where they do."""
    from xlprofit.sheets.left_out import describe_left_out

    lost = describe_left_out(results)
    if lost:
        print_error_line(
            _("Not in these figures: {lost}. See {command}.", lost=lost, command="xlprofit check")
        )


def show_clear_result(cleared: Cleared) -> None:
    """Say what was removed, what waits for figures, what was kept, and what comes next."""
    from xlprofit.ooxml.sample import EMPTIED

    for table, count in cleared.removed.items():
        if count:
            print_line(
                _n(
                    "{table}: {n:,} sample row removed",
                    "{table}: {n:,} sample rows removed",
                    count,
                    table=find_workbook_name(table),
                )
            )
    for table, count in cleared.emptied.items():
        if count:
            print_line(
                _(
                    "{table}: {n:,} kept without {columns}; fill in yours",
                    table=find_workbook_name(table),
                    n=count,
                    columns=say_list([find_workbook_name(table, column) for column in EMPTIED[table]]),
                )
            )
    for table, count in cleared.kept.items():
        if count:
            print_line(
                _n(
                    "{table}: {n:,} row of yours kept",
                    "{table}: {n:,} rows of yours kept",
                    count,
                    table=find_workbook_name(table),
                )
            )
    if cleared.untouched:
        print_line(
            _(
                "Kept for you to look through: {tables}",
                tables=", ".join(map(find_workbook_name, cleared.untouched)),
            )
        )
    if cleared.backup:
        print_error_line(_("The old file is kept as {path}", path=str(cleared.backup)))
    print_line(
        _(
            "Cleared {path}. Fill it in, then run: {command}",
            path=str(cleared.path),
            command=f"xlprofit refresh {quote_path(cleared.path)}",
        )
    )


def quote_path(path: Path) -> str:
    """Return a path as it can be typed in a command."""
    plain = make_plain(str(path))
    return f'"{plain}"' if " " in plain else plain

"""What the terminal shows: how far work is, findings, what was done, and customers' figures in tables."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import isnan
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Protocol

import typer

from xlprofit.words.speech import N_, _, _n, find_workbook_name, number, say, say_list, speaking, term

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

    from xlprofit.findings import Findings
    from xlprofit.hosts.host import Stage
    from xlprofit.results import Results
    from xlprofit.workbook.clearing import Cleared
    from xlprofit.workflow import Refreshed

SHOWN_FINDINGS = 12
"""Findings shown after a refresh; the rest are on the sheet Checks."""

READ_BY, SHOWN_OF_QUERY = "D01", 160
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
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(_("Starting"), total=None)
        yield lambda words: progress.update(task, description=say(words))


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


def print_error_line(line: str) -> None:
    """Write a line to standard error."""
    typer.echo(line, err=True)


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
        typer.echo(f"{state:<3} {check.name}: {say(check.what)}")
        if not check.ok:
            typer.echo(f"    {say(check.fix)}")
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def show_findings(findings: Findings, most: int, *, brief: bool = True) -> None:
    """Show findings on standard error, a line each, worst first; and how many more there are.

    Where it is ``brief``, a query that was run is cut short: the sheet Checks has it whole.
    """
    from xlprofit.words.complaints import say_finding

    with speaking(findings.language, findings.own):
        severities = {s: term("word", s) for s in ("stop", "error", "warning", "note")}
        width = max(map(len, severities.values())) + 1
        for finding in findings[:most]:
            line = say_finding(finding)
            if finding.code == READ_BY and brief:
                line = shorten(line, SHOWN_OF_QUERY, placeholder=" …")
            typer.echo(f"{severities[finding.severity]:<{width}}{finding.code}  {line}", err=True)
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


def show_pnl(
    frame: pd.DataFrame,
    currency: str,
    columns: Mapping[str, str],
    title: str = "",
    said: Mapping[str, pd.Series] | None = None,
    *,
    head: str = "",
) -> None:
    """Show some columns of P&Ls, their margin, and words about each; ``head`` says what they are, if no customers."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    words = said or {}
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(head or _("Customer"), overflow="fold")
    for measure, header in (*columns.items(), ("margin", N_("Profit %"))):
        called = f"{_(header)}, {currency}" if measure == "profit" else _(header)
        table.add_column(called, justify="right", no_wrap=True)
    for header in words:
        table.add_column(header, no_wrap=True)
    for name, row in frame.iterrows():
        table.add_row(
            *_format_pnl_row(str(name), row, columns, [column.loc[str(name)] for column in words.values()])
        )
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def _format_pnl_row(
    name: str, row: pd.Series, columns: Iterable[str], words: Iterable[object]
) -> Iterator[Text]:
    """Yield the cells of a customer's row: its name, figures, margin, and the words about it; a loss is red."""
    from rich.text import Text

    style = "red" if row["profit"] < 0 else ""
    yield Text(name)
    for column in columns:
        yield Text(number(row[column], ",.0f"), style if column == "profit" else "")
    yield Text("" if isnan(row["margin"]) else number(row["margin"], ".1%"), style)
    for word in words:
        yield Text(term("word", str(word)))


def show_refresh_result(refreshed: Refreshed) -> None:
    """Say what a refresh found, could not carry over and wrote, in the workbook's language."""
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
        said = _(
            "Refreshed {path}: {n:,} customers, {earning:,} of them profitable, "
            "customer profit {profit:,.0f} {currency}",
            path=str(refreshed.path),
            n=len(profit),
            earning=int((profit > 0).sum()),
            profit=profit.sum(),
            currency=settings.currency,
        )
        typer.echo("; ".join(filter(None, (said, say(describe_left_out(refreshed.results))))))


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
    from xlprofit.workbook.sample import EMPTIED

    for table, count in cleared.removed.items():
        if count:
            typer.echo(
                _n(
                    "{table}: {n:,} sample row removed",
                    "{table}: {n:,} sample rows removed",
                    count,
                    table=find_workbook_name(table),
                )
            )
    for table, count in cleared.emptied.items():
        if count:
            typer.echo(
                _(
                    "{table}: {n:,} kept without {columns}; fill in yours",
                    table=find_workbook_name(table),
                    n=count,
                    columns=say_list([find_workbook_name(table, column) for column in EMPTIED[table]]),
                )
            )
    for table, count in cleared.kept.items():
        if count:
            typer.echo(
                _n(
                    "{table}: {n:,} row of yours kept",
                    "{table}: {n:,} rows of yours kept",
                    count,
                    table=find_workbook_name(table),
                )
            )
    if cleared.untouched:
        typer.echo(
            _(
                "Kept for you to look through: {tables}",
                tables=", ".join(map(find_workbook_name, cleared.untouched)),
            )
        )
    if cleared.backup:
        print_error_line(_("The old file is kept as {path}", path=str(cleared.backup)))
    typer.echo(
        _(
            "Cleared {path}. Fill it in, then run: {command}",
            path=str(cleared.path),
            command=f"xlprofit refresh {quote_path(cleared.path)}",
        )
    )


def quote_path(path: Path) -> str:
    """Return a path as it can be typed in a command."""
    return f'"{path}"' if " " in str(path) else str(path)

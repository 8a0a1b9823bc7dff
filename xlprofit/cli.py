"""The command line: each command is one call of the library, and what it says about it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from math import isnan
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from xlprofit import __version__
from xlprofit.calc.commands import app as calc
from xlprofit.excel.commands import app as addin
from xlprofit.language import N_, _, _n, from_environment, listed, named, number, speaking, term

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.findings import Findings
    from xlprofit.results import Results
    from xlprofit.run import Refreshed, Stage
    from xlprofit.workbook.clearing import Cleared

DEMO = Path("xlprofit-demo.xlsx")
SHOWN_FINDINGS = 12
"""Findings shown after a refresh; the rest are on the sheet Checks."""

READ_BY, SHOWN_OF_QUERY = "D01", 160
"""The note with the query that was run, and the characters shown of it after a refresh."""

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    help=(
        "Which customers are profitable once everything spent on winning and keeping them is counted, "
        "which are sliding, and what to do about each: from the workbook you already have.\n\n"
        "Start with **xlprofit demo**, or make a workbook of your own: "
        "**xlprofit new BOOK.xlsx**. "
        "Exit codes: 0 done, 1 findings or a file stop the work, 2 the command was not understood."
    ),
)


app.add_typer(addin, name="addin")
app.add_typer(calc, name="calc")


class Tongue(StrEnum):
    """The languages that a workbook may be in."""

    en = "en"
    fi = "fi"


class Trade(StrEnum):
    """The trades that there is a template of."""

    wholesale = "wholesale"
    services = "services"
    subscription = "subscription"


class Form(StrEnum):
    """The forms in which figures can be written."""

    table = "table"
    csv = "csv"
    json = "json"


Book = Annotated[Path, typer.Argument(metavar="BOOK.xlsx", help="The workbook with the input tables.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="OUT.xlsx", help="Write this file and leave BOOK.xlsx as it is."),
]

Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="TABLE=PATH_OR_URL",
        help="Read a table from a file, a folder or a database: Sales=sales.parquet. May be repeated.",
    ),
]


def main() -> None:
    """Run the command line; a mistake that the user can mend is one line and exit code 1, never a traceback."""
    from xlprofit.errors import XlprofitError

    with speaking(from_environment(os.environ)):
        try:
            app()
        except XlprofitError as error:
            _complain(str(error))
            raise SystemExit(1) from None
        except KeyboardInterrupt:
            _complain(_("Interrupted: nothing was written."))
            raise SystemExit(130) from None
        except (MemoryError, ImportError) as error:
            if not isinstance(error, MemoryError) and "failed to map segment" not in str(error):
                raise
            _complain(
                _("There is not enough memory: the file is as it was. Close other programs, or allow more.")
            )
            raise SystemExit(1) from None


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"xlprofit {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
) -> None:
    """Take the options that belong to no command."""


@app.command()
def new(
    book: Annotated[Path, typer.Argument(metavar="BOOK.xlsx", help="The workbook to make.")],
    template: Annotated[
        Trade | None,
        typer.Option(
            "--template", help="Start from a trade: its activities and time equations, and a sample year."
        ),
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Fill it with the demo company.")] = False,
    language: Annotated[
        Tongue, typer.Option("--language", help="The language of its sheets, and of its results.")
    ] = Tongue.en,
) -> None:
    """Make an empty workbook to fill in: a sheet for each input table, with headers, notes and drop-downs.

    The sheet Guide says what to fill in and in which order. Only Sales is needed; every further table
    answers a further question. The sample rows of a template or of the demo company go again with
    **xlprofit clear**. A file that is already there is never overwritten.
    """
    from xlprofit.run import new as make

    if template and example:
        raise typer.BadParameter("give --template or --example, not both")
    tables = None
    if example:
        from xlprofit import demo as company

        tables = company.tables()
    with speaking(language), _stages() as stage:
        stage(_("Making the workbook"))
        path = make(book, tables, language=language, template=template or "", sample=example)
    with speaking(language):
        refreshing = f"xlprofit refresh {_quoted(path)}"
        typer.echo(
            _(
                "Made {path}, with a sample. See what comes of it: {command}\nThen remove the sample: {clearing}",
                path=str(path),
                command=refreshing,
                clearing=f"xlprofit clear {_quoted(path)}",
            )
            if template or example
            else _("Made {path}. Fill it in, then run: {command}", path=str(path), command=refreshing)
        )


@app.command()
def clear(
    book: Book,
    output: Output = None,
    backup: Annotated[
        bool, typer.Option("--backup", help="Keep the old file beside the new one, as BOOK.backup.xlsx.")
    ] = False,
) -> None:
    """Remove the sample rows of a template; what you wrote or changed stays where it stands.

    Only rows that are still as the template made them go. Settings, Allocations, Activities and LossRates stay
    for you to look through; Resources keep their names, and wait for your cost and capacity.
    """
    from xlprofit.run import clear as run

    cleared = run(book, output, backup=backup)
    with speaking(cleared.language):
        _show_cleared(cleared)


def _show_cleared(cleared: Cleared) -> None:
    """Say what was removed, what waits for figures, what was kept, and what comes next."""
    from xlprofit.workbook.sample import EMPTIED

    for table, count in cleared.removed.items():
        if count:
            typer.echo(
                _n(
                    "{table}: {n:,} sample row removed",
                    "{table}: {n:,} sample rows removed",
                    count,
                    table=named(table),
                )
            )
    for table, count in cleared.emptied.items():
        if count:
            typer.echo(
                _(
                    "{table}: {n:,} kept without {columns}; fill in yours",
                    table=named(table),
                    n=count,
                    columns=listed([named(table, column) for column in EMPTIED[table]]),
                )
            )
    for table, count in cleared.kept.items():
        if count:
            typer.echo(
                _n(
                    "{table}: {n:,} row of yours kept",
                    "{table}: {n:,} rows of yours kept",
                    count,
                    table=named(table),
                )
            )
    if cleared.untouched:
        typer.echo(
            _("Kept for you to look through: {tables}", tables=", ".join(map(named, cleared.untouched)))
        )
    if cleared.backup:
        _complain(_("The old file is kept as {path}", path=str(cleared.backup)))
    typer.echo(
        _(
            "Cleared {path}. Fill it in, then run: {command}",
            path=str(cleared.path),
            command=f"xlprofit refresh {_quoted(cleared.path)}",
        )
    )


def _quoted(path: Path) -> str:
    """Return a path as it can be typed in a command."""
    return f'"{path}"' if " " in str(path) else str(path)


@app.command()
def demo() -> None:
    """Make the demo company's workbook, refresh it, and show its best and worst customers.

    Leaves xlprofit-demo.xlsx in the current folder, in place of an earlier one.
    """
    from xlprofit import demo as company
    from xlprofit.run import new as make
    from xlprofit.run import refresh as run

    with _stages() as stage:
        stage(_("Making the demo company"))
        tables = company.tables()
        stage(_("Writing its workbook"))
        fresh = DEMO.with_name(f".{DEMO.stem}-new.xlsx")
        fresh.unlink(missing_ok=True)
        try:
            made = make(fresh, tables)
            refreshed = run(made, DEMO, stage=stage)
        finally:
            fresh.unlink(missing_ok=True)
    _show_ends(refreshed.results)
    typer.echo(_("The workbook is {path}", path=str(refreshed.path.resolve())))
    typer.echo(
        _(
            "Open it and start at the sheet {sheet}. Next, one of your own: {command}",
            sheet=term("sheet", "Dashboard"),
            command=f"xlprofit new mine.xlsx --template {Trade.wholesale.value}",
        )
    )


@app.command()
def refresh(
    book: Book,
    output: Output = None,
    source: Sources = None,
    formulas: Annotated[
        bool,
        typer.Option(
            "--formulas",
            help="Add the sheet Look-up: a customer chosen from a list, in CUSTOMER_PROFIT formulas.",
        ),
    ] = False,
    backup: Annotated[
        bool, typer.Option("--backup", help="Keep the old file beside the new one, as BOOK.backup.xlsx.")
    ] = False,
) -> None:
    """Read the customer sheets and sources, compute, and write the colour-coded result sheets into the workbook.

    Only the result sheets are replaced; everything else in the file (charts, pictures, pivot tables, macros …)
    stays as it is, byte for byte. A sheet of yours that bears the name of a result sheet is never overwritten.
    With --formulas a further sheet asks for its figures by the add-in's formulas, their values in place; it is
    kept up by every later refresh, and shows figures without the add-in too, until they are recalculated.
    """
    from xlprofit.run import refresh as run

    with _stopped(), _stages() as stage:
        refreshed = run(book, output, sources=source or (), formulas=formulas, backup=backup, stage=stage)
    _show_refreshed(refreshed)


@app.command()
def cube(
    out: Annotated[Path, typer.Argument(metavar="OUT.xlsx", help="The workbook to make, or to renew.")],
    source: Sources = None,
    period: Annotated[
        str, typer.Option("--period", help="Read only this period, such as 2024-03, and replace it.")
    ] = "",
) -> None:
    """Make a workbook from sources alone: their tables, the big ones summed by month, and the result sheets.

    Where OUT.xlsx is a cube already, tables without a source are kept. With --period only that period of Sales,
    ActivityLog and DirectCosts is read and replaced: the same month run again gives the same tables.
    """
    from xlprofit.cubes import cube as run

    with _stopped(), _stages() as stage:
        refreshed = run(out, source or (), period=period, stage=stage)
    _show_refreshed(refreshed)


def _show_refreshed(refreshed: Refreshed) -> None:
    """Say what a refresh found, could not carry over and wrote, in the workbook's language."""
    profit, settings = refreshed.results.customers["profit"], refreshed.results.inputs.settings
    _show_findings(refreshed.results.findings, SHOWN_FINDINGS)
    with speaking(settings.language):
        for loss in refreshed.losses:
            _complain(_("Not carried over: {loss}", loss=loss))
        if refreshed.backup:
            _complain(_("The old file is kept as {path}", path=str(refreshed.backup)))
        typer.echo(
            _(
                "Refreshed {path}: {n:,} customers, {earning:,} of them profitable, "
                "customer profit {profit:,.0f} {currency}",
                path=str(refreshed.path),
                n=len(profit),
                earning=int((profit > 0).sum()),
                profit=profit.sum(),
                currency=settings.currency,
            )
        )


@app.command()
def check(book: Book, source: Sources = None) -> None:
    """Show what is wrong in the input tables: sheet, cell, what it is and how to mend it. Writes nothing.

    Exit code 1 where a finding stops the work, 0 otherwise.
    """
    from xlprofit.run import check as run

    findings = run(book, sources=source or ())
    _show_findings(findings, len(findings), brief=False)
    if any(f.severity == "stop" for f in findings):
        raise typer.Exit(1)


@app.command()
def profit(
    book: Book,
    customers: Annotated[
        list[str] | None,
        typer.Argument(metavar="CUSTOMER", help="Only these customers; all of them otherwise."),
    ] = None,
    source: Sources = None,
    form: Annotated[Form, typer.Option("--format", help="How to write them.")] = Form.table,
) -> None:
    """Show the P&L of customers, the most profitable first. Writes no file.

    Revenue is positive and cost negative; margin is profit / net revenue. CSV and JSON have every
    digit and go to standard output alone, so that they can be piped. In CSV a name that a spreadsheet
    would take for a formula has an apostrophe before it; in JSON it stands as it is.
    """
    from xlprofit.run import analyze

    with _stopped():
        results = analyze(book, sources=source or ())
    with speaking(results.inputs.settings.language):
        _show_profit(results, customers or [], form)


def _show_profit(results: Results, customers: list[str], form: Form) -> None:
    names = [results.known(c) for c in dict.fromkeys(customers)]
    frame = results.customers.loc[names or results.whale.index]
    if form is Form.csv:
        from xlprofit.render.to_csv import csv

        typer.echo(csv(frame), nl=False)
    elif form is Form.json:
        typer.echo(
            frame.reset_index().to_json(orient="records", force_ascii=False, indent=2, double_precision=15)
        )
    else:
        _show_pnl(frame, results.inputs.settings.currency, PNL_COLUMNS)


# --- what the terminal shows -------------------------------------------------------------------------


@contextmanager
def _stages() -> Iterator[Stage]:
    """Show what is being done while it is, on a terminal; nothing where the output is a file."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(_("Starting"), total=None)
        yield lambda words: progress.update(task, description=words)


@contextmanager
def _stopped() -> Iterator[None]:
    """Turn findings that stop the work into their lines and exit code 1."""
    from xlprofit.errors import StoppedError
    from xlprofit.findings import Findings

    try:
        yield
    except StoppedError as error:
        _show_findings(Findings(error.findings, error.language), SHOWN_FINDINGS)
        with speaking(error.language):
            _complain(_("Stopped: nothing was computed or written. Mend what is marked stop and try again."))
        raise typer.Exit(1) from None


def _complain(line: str) -> None:
    typer.echo(line, err=True)


def _show_findings(findings: Findings, most: int, *, brief: bool = True) -> None:
    """Show findings on standard error, a line each, worst first; and how many more there are.

    Where it is ``brief``, a query that was run is cut short: the sheet Checks has it whole.
    """
    with speaking(findings.language):
        severities = {s: term("word", s) for s in ("stop", "error", "warning", "note")}
        width = max(map(len, severities.values())) + 1
        for finding in findings[:most]:
            line = str(finding)
            if finding.code == READ_BY and brief:
                line = shorten(line, SHOWN_OF_QUERY, placeholder=" …")
            typer.echo(f"{severities[finding.severity]:<{width}}{finding.code}  {line}", err=True)
        if len(findings) > most:
            more = len(findings) - most
            checks = term("sheet", "Checks")
            _complain(
                _(
                    "… and {n:,} more: see the sheet {sheet}, or {command}.",
                    n=more,
                    sheet=checks,
                    command="xlprofit check",
                )
            )
        if not findings:
            _complain(_("Nothing found."))


def _show_ends(results: Results, most: int = 5) -> None:
    """Show the best and the worst customers, with where they are going and what to do about them."""
    order, currency = results.whale.index, results.inputs.settings.currency
    said = {_("State"): results.trends["state"], _("Decision"): results.decisions["verdict"]}
    columns = {c: PNL_COLUMNS[c] for c in ("net_revenue", "gross_margin", "profit")}
    for title, customers in (
        (_("The {most} most profitable of {n:,} customers", most=most, n=len(order)), order[:most]),
        (_("The {most} least profitable", most=most), order[::-1][:most]),
    ):
        _show_pnl(results.customers.loc[customers], currency, columns, title, said)


PNL_COLUMNS = {
    "net_revenue": N_("Net revenue"),
    "gross_margin": N_("Gross margin"),
    "cost_to_acquire": N_("Cost to acquire"),
    "cost_to_serve": N_("Cost to serve"),
    "cost_of_credit": N_("Cost of credit"),
    "profit": N_("Profit"),
}


def _show_pnl(
    frame: pd.DataFrame,
    currency: str,
    columns: Mapping[str, str],
    title: str = "",
    said: Mapping[str, pd.Series] | None = None,
) -> None:
    """Show some columns of customers' P&Ls, their margin, and words about each customer."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column(_("Customer"), overflow="fold")
    for measure, header in (*columns.items(), ("margin", N_("Profit %"))):
        called = f"{_(header)}, {currency}" if measure == "profit" else _(header)
        table.add_column(called, justify="right", no_wrap=True)
    for header in said or {}:
        table.add_column(header, no_wrap=True)
    for name, row in frame.iterrows():
        style = "red" if row["profit"] < 0 else ""
        figures = [Text(number(row[c], ",.0f"), style if c == "profit" else "") for c in columns]
        margin = "" if isnan(row["margin"]) else number(row["margin"], ".1%")
        words = [Text(term("word", str(column.loc[str(name)]))) for column in (said or {}).values()]
        table.add_row(Text(str(name)), *figures, Text(margin, style), *words)
    Console(width=None if sys.stdout.isatty() else 140).print(table)

"""The command line: each command is one call of the library, and what it says about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlprofit import __version__
from xlprofit.calc.commands import app as calc
from xlprofit.excel.commands import app as addin

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.findings import Finding
    from xlprofit.results import Results
    from xlprofit.run import Refreshed, Stage

DEMO = Path("xlprofit-demo.xlsx")
SHOWN_FINDINGS = 12
"""Findings shown after a refresh; the rest are on the sheet Checks."""

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

    try:
        app()
    except XlprofitError as error:
        _complain(str(error))
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        _complain("Interrupted: nothing was written.")
        raise SystemExit(130) from None


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
    example: Annotated[bool, typer.Option("--example", help="Fill it with the demo company.")] = False,
) -> None:
    """Make an empty workbook to fill in: a sheet for each input table, with headers, notes and drop-downs.

    The sheet Guide says what to fill in and in which order. Only Sales is needed; every further table
    answers a further question. A file that is already there is never overwritten.
    """
    from xlprofit.run import new as make

    tables = None
    if example:
        from xlprofit import demo as company

        tables = company.tables()
    with _stages() as stage:
        stage("Making the workbook")
        path = make(book, tables)
    typer.echo(f"Made {path}. Fill it in, then run: xlprofit refresh {path}")


@app.command()
def demo() -> None:
    """Make the demo company's workbook, refresh it, and show its best and worst customers.

    Leaves xlprofit-demo.xlsx in the current folder, in place of an earlier one.
    """
    from xlprofit import demo as company
    from xlprofit.run import new as make
    from xlprofit.run import refresh as run

    with _stages() as stage:
        stage("Making the demo company")
        tables = company.tables()
        stage("Writing its workbook")
        fresh = DEMO.with_name(f".{DEMO.stem}-new.xlsx")
        fresh.unlink(missing_ok=True)
        try:
            made = make(fresh, tables)
            refreshed = run(made, DEMO, stage=stage)
        finally:
            fresh.unlink(missing_ok=True)
    _show_ends(refreshed.results)
    typer.echo(f"The workbook is {refreshed.path.resolve()}")


@app.command()
def refresh(
    book: Book,
    output: Output = None,
    source: Sources = None,
    backup: Annotated[
        bool, typer.Option("--backup", help="Keep the old file beside the new one, as BOOK.backup.xlsx.")
    ] = False,
) -> None:
    """Read the customer sheets and sources, compute, and write the colour-coded result sheets into the workbook.

    Only the result sheets are replaced; everything else in the file (charts, pictures, pivot tables, macros …)
    stays as it is, byte for byte. A sheet of yours that bears the name of a result sheet is never overwritten.
    """
    from xlprofit.run import refresh as run

    with _stopped(), _stages() as stage:
        refreshed = run(book, output, sources=source or (), backup=backup, stage=stage)
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
    from xlprofit.run import cube as run

    with _stopped(), _stages() as stage:
        refreshed = run(out, source or (), period=period, stage=stage)
    _show_refreshed(refreshed)


def _show_refreshed(refreshed: Refreshed) -> None:
    """Say what a refresh found, could not carry over and wrote."""
    _show_findings(refreshed.results.findings, SHOWN_FINDINGS)
    for loss in refreshed.losses:
        _complain(f"Not carried over: {loss}")
    if refreshed.backup:
        _complain(f"The old file is kept as {refreshed.backup}")
    profit = refreshed.results.customers["profit"]
    currency = refreshed.results.inputs.settings.currency
    typer.echo(
        f"Refreshed {refreshed.path}: {len(profit):,} customers, {int((profit > 0).sum()):,} of them profitable, "
        f"customer profit {profit.sum():,.0f} {currency}"
    )


@app.command()
def check(book: Book, source: Sources = None) -> None:
    """Show what is wrong in the input tables: sheet, cell, what it is and how to mend it. Writes nothing.

    Exit code 1 where a finding stops the work, 0 otherwise.
    """
    from xlprofit.run import check as run

    findings = run(book, sources=source or ())
    _show_findings(findings, len(findings))
    if any(f.severity == "stop" for f in findings):
        raise typer.Exit(1)


@app.command()
def profit(
    book: Book,
    customers: Annotated[
        list[str] | None,
        typer.Argument(metavar="CUSTOMER", help="Only these customers; all of them otherwise."),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write them.")] = Form.table,
) -> None:
    """Show the P&L of customers, the most profitable first. Writes no file.

    Revenue is positive and cost negative; margin is profit / net revenue. CSV and JSON have every
    digit and go to standard output alone, so that they can be piped.
    """
    from xlprofit.run import analyze

    with _stopped():
        results = analyze(book)
    names = [results.known(c) for c in dict.fromkeys(customers or [])]
    frame = results.customers.loc[names or results.whale.index]
    if form is Form.csv:
        typer.echo(frame.to_csv(), nl=False)
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
        task = progress.add_task("Starting", total=None)
        yield lambda words: progress.update(task, description=words)


@contextmanager
def _stopped() -> Iterator[None]:
    """Turn findings that stop the work into their lines and exit code 1."""
    from xlprofit.errors import StoppedError

    try:
        yield
    except StoppedError as error:
        _show_findings(error.findings, SHOWN_FINDINGS)
        _complain("Stopped: nothing was computed or written. Mend what is marked stop and try again.")
        raise typer.Exit(1) from None


def _complain(line: str) -> None:
    typer.echo(line, err=True)


def _show_findings(findings: tuple[Finding, ...], most: int) -> None:
    """Show findings on standard error, a line each, worst first; and how many more there are."""
    for finding in findings[:most]:
        typer.echo(f"{finding.severity:<8}{finding.code}  {finding}", err=True)
    if len(findings) > most:
        _complain(f"… and {len(findings) - most:,} more: see the sheet Checks, or xlprofit check.")
    if not findings:
        _complain("Nothing found.")


def _show_ends(results: Results, most: int = 5) -> None:
    """Show the best and the worst customers, with where they are going and what to do about them."""
    order, currency = results.whale.index, results.inputs.settings.currency
    said = {"State": results.trends["state"], "Decision": results.decisions["verdict"]}
    columns = {c: PNL_COLUMNS[c] for c in ("net_revenue", "gross_margin", "profit")}
    for title, customers in (
        (f"The {most} most profitable of {len(order):,} customers", order[:most]),
        (f"The {most} least profitable", order[::-1][:most]),
    ):
        _show_pnl(results.customers.loc[customers], currency, columns, title, said)


PNL_COLUMNS = {
    "net_revenue": "Net revenue",
    "gross_margin": "Gross margin",
    "cost_to_acquire": "Cost to acquire",
    "cost_to_serve": "Cost to serve",
    "cost_of_credit": "Cost of credit",
    "profit": "Profit",
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
    table.add_column("Customer", overflow="fold")
    for header in (*columns.values(), "Margin"):
        table.add_column(
            f"{header}, {currency}" if header == "Profit" else header, justify="right", no_wrap=True
        )
    for header in said or {}:
        table.add_column(header, no_wrap=True)
    for name, row in frame.iterrows():
        style = "red" if row["profit"] < 0 else ""
        figures = [Text(f"{row[c]:,.0f}", style if c == "profit" else "") for c in columns]
        margin = "" if isnan(row["margin"]) else f"{row['margin']:.1%}"
        words = [str(column.loc[str(name)]) for column in (said or {}).values()]
        table.add_row(str(name), *figures, Text(margin, style), *words)
    Console(width=None if sys.stdout.isatty() else 120).print(table)

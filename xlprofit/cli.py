"""The command line: each command is one call of the library."""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import nullcontext, suppress
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlprofit import __version__
from xlprofit.address_space import LIBRARIES, can_borrow_memory
from xlprofit.calc.commands import app as calc
from xlprofit.excel.commands import app as addin
from xlprofit.importing.commands import import_exports
from xlprofit.languages import LANGUAGES
from xlprofit.lite.commands import app as lite
from xlprofit.messages import ENGLISH
from xlprofit.streams import (
    flush_errors,
    flush_output,
    make_plain,
    prepare_streams,
    silence_output,
    write_in_utf_8,
)
from xlprofit.terminal import (
    PNL_COLUMNS,
    exit_when_stopped,
    print_error_line,
    print_line,
    print_lines,
    quote_path,
    show_clear_result,
    show_ends,
    show_findings,
    show_pnl,
    show_refresh_result,
    show_stages,
    tell_what_was_written,
    warn_of_lost_rows,
)
from xlprofit.words.speech import _, _n, from_environment, speaking, term

if TYPE_CHECKING:
    import pandas as pd

    from xlprofit.results import Results
    from xlprofit.sources.spec import Source

DEMO = Path("xlprofit-demo.xlsx")

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
app.add_typer(lite, name="lite")
app.command(name="import")(import_exports)


Tongue = StrEnum("Tongue", {code: code for code in LANGUAGES})  # type: ignore[misc]  # a language is data
"""The languages that a workbook may be in."""
IN_ENGLISH = Tongue(ENGLISH)


class TradeTemplate(StrEnum):
    """The trades that there is a template of."""

    wholesale = "wholesale"
    services = "services"
    subscription = "subscription"


class Depth(StrEnum):
    """How far a figure is taken apart."""

    lines = "lines"
    drivers = "drivers"
    rows = "rows"


class Form(StrEnum):
    """The forms in which figures can be written."""

    table = "table"
    csv = "csv"
    json = "json"


Book = Annotated[
    Path, typer.Argument(metavar="BOOK.xlsx", readable=False, help="The workbook with the input tables.")
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="OUT.xlsx",
        readable=False,
        help="Write this file and leave BOOK.xlsx as it is.",
    ),
]

Facts = Annotated[
    Path | None,
    typer.Option(metavar="OUT.parquet|OUT.csv", help="Write it to this file."),
]

Sources = Annotated[
    list[str] | None,
    typer.Option(
        "--source",
        metavar="TABLE=PATH_OR_URL",
        help="Read a table from a file, a folder or a database: Sales=sales.parquet. May be repeated.",
    ),
]

Mappings = Annotated[
    list[str] | None,
    typer.Option(
        "--mapping",
        metavar="TABLE:COLUMN=HEADER",
        help="Columns of another name in a source: 'Sales: customer=cust_no; gross_revenue=net'. May be repeated.",
    ),
]

Options = Annotated[
    list[str] | None,
    typer.Option(
        "--options",
        metavar="TABLE:OPTION=VALUE",
        help="How a source's file of text is read: 'Sales: delimiter=; encoding=cp1252'. May be repeated.",
    ),
]


NEW_OBJECTS = 1_000_000
"""So many new objects pass before Python looks for cycles among them that nothing else holds (700 by default)."""

TRACEBACK = "XLPROFIT_TRACEBACK"
"""The environment variable that has an unexpected error shown in full, for a report of it."""


class _EndedError(BaseException):
    """The system asks the command to end, as it does where a window is closed or a computer is shut down."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main() -> None:
    """Run the command line; a mistake that the user can fix is one line and exit code 1, never a traceback."""
    try:
        code = _run_and_flush()
    except MemoryError:  # so little is left that not even the line could be made of which it is said
        with suppress(OSError):
            os.write(2, _NO_MEMORY)
        code = 1
    raise SystemExit(code)


_NO_MEMORY = b"There is not enough memory: the file is as it was.\n"


def _run_and_flush() -> int:
    """Run the command and write what is left to be written; return the exit code."""
    _look_for_cycles_seldom()
    _keep_to_one_thread()
    prepare_streams()
    _end_at_signals()
    sys.argv[1:] = [_make_option_plain(argument) for argument in sys.argv[1:]]
    with speaking(from_environment(os.environ)):
        code = _run_command()
        reason = flush_output()
        if reason:
            print_error_line(_("The output cannot be shown ({reason})", reason=reason))
            code = code or 1
    flush_errors()
    return code


def _look_for_cycles_seldom() -> None:
    """Have Python look for cycles seldom, and not when the process ends: whatever is left goes with it.

    Nearly all that a command makes stays until its end, and is looked through in vain.
    """
    gc.set_threshold(NEW_OBJECTS)
    atexit.register(gc.freeze)


def _keep_to_one_thread() -> None:
    """Have the matrices of numpy and scipy, which are not loaded yet, be computed by one thread; a user's choice stays.

    They are so small that several threads only wait for each other, which takes the processor a fifteenth of a refresh.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _make_option_plain(argument: str) -> str:
    """Return an argument whose name of an option, if it is one, moves no terminal when it is refused."""
    if not argument.startswith("-"):
        return argument
    name, equals, value = argument.partition("=")
    return make_plain(name) + equals + value


def _end_at_signals() -> None:
    """Clear up before the process ends where the system asks it to."""

    def end(number: int, _frame: object) -> None:
        raise _EndedError(number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        with suppress(ValueError):  # a caller's other thread
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, end)


def _run_command() -> int:
    """Run the command; return its exit code, after the line that says what stopped it."""
    try:
        return _run_app()
    except KeyboardInterrupt:
        print_error_line(_("Interrupted: nothing was written."))
        return _INTERRUPTED
    except _EndedError as ended:
        return 128 + ended.number


def _run_app() -> int:
    """Run the command; return its exit code, after the line that says what stopped it, unless it was interrupted."""
    from xlprofit.errors import XlprofitError
    from xlprofit.words.complaints import say_error

    try:
        if not can_borrow_memory(LIBRARIES):
            raise MemoryError
        app()
    except SystemExit as left:
        return _find_exit_code(left)
    except XlprofitError as error:
        print_error_line(say_error(error))
    except Exception as error:
        return _end_unexpectedly(error)
    return 1


def _find_exit_code(left: SystemExit) -> int:
    """Return the exit code of a command that ended itself."""
    if isinstance(left.__context__, BrokenPipeError):  # whoever asked for help had read enough
        silence_output()
        return _find_refused_code(left) or 0
    code = left.code if isinstance(left.code, int) else int(bool(left.code))
    if code == _INTERRUPTED:
        print_error_line(_("Interrupted: nothing was written."))
    return code


def _find_refused_code(error: BaseException) -> int | None:
    """Return the exit code of a command that was refused, where the refusal could not be shown; else nothing."""
    before = error.__context__
    while before is not None:
        code = getattr(before, "exit_code", None)
        if isinstance(code, int):
            return code
        before = before.__context__
    return None


def _end_unexpectedly(error: Exception) -> int:
    """Say what nobody foresaw, and return the exit code."""
    refused = _find_refused_code(error) if isinstance(error, OSError) else None
    if refused is not None:
        return refused
    if os.environ.get(TRACEBACK):
        raise error
    print_error_line(_describe_unexpected_error(error))
    return 1


_INTERRUPTED = 130


def _describe_unexpected_error(error: Exception) -> str:
    """Return what to say of an error that nobody foresaw; what the system itself refuses is said in its words."""
    if isinstance(error, MemoryError) or "failed to map segment" in str(error):
        return _("There is not enough memory: the file is as it was. Close other programs, or allow more.")
    if isinstance(error, OSError) and error.strerror:
        silence_output()
        if isinstance(error, FileNotFoundError) and not error.filename:
            return _(
                "There is no folder for temporary files that can be written in; nothing was written. Make room, or "
                "name one in the environment variable {name}.",
                name="TMPDIR",
            )
        if not error.filename:
            return _("The output cannot be shown ({reason})", reason=error.strerror)
        return _("{path}: {reason}. Nothing was written.", path=str(error.filename), reason=error.strerror)
    return _(
        "Unexpected error ({error}). Nothing was written. Please report it, with what is shown if you set "
        "{variable}=1 and run it again.",
        error=f"{type(error).__name__}: {error}"[:300],
        variable=TRACEBACK,
    )


def _list_sources(
    source: list[str] | None, mapping: list[str] | None, options: list[str] | None
) -> Sequence[Source]:
    """Return the sources of a command, complete; nothing is loaded where there are none."""
    if not (source or mapping or options):
        return ()
    from xlprofit.sources.spec import complete_sources

    return complete_sources(source or (), mapping or (), options or ())


def _print_version(wanted: bool) -> None:
    if wanted:
        print_line(f"xlprofit {__version__}")
        raise typer.Exit


@app.callback()
def _accept_root_options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and leave."),
    ] = False,
) -> None:
    """Take the options that belong to no command."""


@app.command()
def new(
    book: Annotated[Path, typer.Argument(metavar="BOOK.xlsx", readable=False, help="The workbook to make.")],
    template: Annotated[
        TradeTemplate | None,
        typer.Option(
            "--template", help="Start from a trade: its activities and time equations, and a sample year."
        ),
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Fill it with the demo company.")] = False,
    language: Annotated[
        Tongue, typer.Option("--language", help="The language of its sheets, and of its results.")
    ] = IN_ENGLISH,
) -> None:
    """Make an empty workbook to fill in: a sheet for each input table, with headers, notes and drop-downs.

    The sheet Guide says what to fill in and in which order. Only Sales is needed; every further table
    answers a further question. The sample rows of a template or of the demo company go again with
    **xlprofit clear**. A file that is already there is never overwritten.
    """
    from xlprofit.workflow import new as make

    if template and example:
        raise typer.BadParameter("give --template or --example, not both")
    tables = None
    if example:
        from xlprofit.samples import demo as company

        tables = company.tables()
    with speaking(language), show_stages() as stage:
        stage(_("Making the workbook"))
        path = make(book, tables, language=language, template=template or "", sample=example)
    with speaking(language), tell_what_was_written():
        refreshing = f"xlprofit refresh {quote_path(path)}"
        print_lines(
            _(
                "Made {path}, with a sample. See what comes of it: {command}\nThen remove the sample: {clearing}",
                path=make_plain(str(path)),
                command=refreshing,
                clearing=f"xlprofit clear {quote_path(path)}",
            )
            if template or example
            else _(
                "Made {path}. Fill it in, then run: {command}", path=make_plain(str(path)), command=refreshing
            )
        )


@app.command()
def clear(
    book: Book,
    output: Output = None,
    backup: Annotated[
        bool,
        typer.Option(
            "--backup",
            help="Keep the old file beside the new one, as BOOK.backup.xlsx, or the next free number.",
        ),
    ] = False,
) -> None:
    """Remove the sample rows of a template; what you wrote or changed stays where it stands.

    Only rows that are still as the template made them go. Settings, Allocations, Activities and LossRates stay
    for you to look through; Resources keep their names, and wait for your cost and capacity.
    """
    from xlprofit.workflow import clear as run

    cleared = run(book, output, backup=backup)
    with speaking(cleared.language), tell_what_was_written():
        show_clear_result(cleared)


@app.command()
def demo() -> None:
    """Make the demo company's workbook, refresh it, and show its best and worst customers.

    Leaves xlprofit-demo.xlsx in the current folder, in place of an earlier one.
    """
    from xlprofit.samples import demo as company
    from xlprofit.scratch import open_scratch_folder
    from xlprofit.workflow import new as make
    from xlprofit.workflow import refresh as run

    with show_stages() as stage:
        stage(_("Making the demo company"))
        tables = company.tables()
        stage(_("Writing its workbook"))
        with open_scratch_folder() as folder:
            made = make(folder / DEMO, tables)
            refreshed = run(made, DEMO, stage=stage)
    with tell_what_was_written():
        show_ends(refreshed.results)
        print_line(_("The workbook is {path}", path=str(refreshed.path.resolve())))
        print_line(
            _(
                "Open it and start at the sheet {sheet}. Next, one of your own: {command}",
                sheet=term("sheet", "Dashboard"),
                command=f"xlprofit new mine.xlsx --template {TradeTemplate.wholesale.value}",
            )
        )


@app.command()
def refresh(
    book: Book,
    output: Output = None,
    source: Sources = None,
    mapping: Mappings = None,
    options: Options = None,
    backup: Annotated[
        bool,
        typer.Option(
            "--backup",
            help="Keep the old file beside the new one, as BOOK.backup.xlsx, or the next free number.",
        ),
    ] = False,
) -> None:
    """Read the customer sheets and sources, compute, and write the colour-coded result sheets into the workbook.

    Only the result sheets are replaced; everything else in the file (charts, pictures, pivot tables, macros …)
    stays as it is, byte for byte. A sheet of yours that bears the name of a result sheet stays: ours has
    (xlprofit) behind its name then. The customer that was chosen on the sheet Customer stays chosen.
    """
    from xlprofit.workflow import refresh as run

    with exit_when_stopped(), show_stages() as stage:
        refreshed = run(
            book,
            output,
            sources=_list_sources(source, mapping, options),
            backup=backup,
            stage=stage,
        )
    show_refresh_result(refreshed)


@app.command()
def cube(
    out: Annotated[
        Path, typer.Argument(metavar="OUT.xlsx", readable=False, help="The workbook to make, or to renew.")
    ],
    source: Sources = None,
    mapping: Mappings = None,
    options: Options = None,
    period: Annotated[
        str, typer.Option("--period", help="Read only this period, such as 2024-03, and replace it.")
    ] = "",
) -> None:
    """Make a workbook from sources alone: their tables, the big ones summed by month, and the result sheets.

    Where OUT.xlsx is a cube already, tables without a source are kept. With --period only that period of Sales,
    ActivityLog and DirectCosts is read and replaced: the same month run again gives the same tables.
    """
    from xlprofit.cubes import cube as run

    with exit_when_stopped(), show_stages() as stage:
        refreshed = run(out, _list_sources(source, mapping, options), period=period, stage=stage)
    show_refresh_result(refreshed)


@app.command()
def check(book: Book, source: Sources = None, mapping: Mappings = None, options: Options = None) -> None:
    """Show what is wrong in the input tables: sheet, cell, what it is and how to fix it. Writes nothing.

    Exit code 1 where a finding stops the work, 0 otherwise.
    """
    from xlprofit.workflow import check as run

    findings = run(book, sources=_list_sources(source, mapping, options))
    show_findings(findings, len(findings), brief=False)
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
    mapping: Mappings = None,
    options: Options = None,
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="COLUMN",
            help="Add up the customers alike in a column of Customers: segment, owner, parent or one of your own; "
            "or the sales of each product: product.",
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write them.")] = Form.table,
) -> None:
    """Show the P&L of customers, the most profitable first. Writes no file.

    With --by it is that of groups of customers, the greatest net revenue first; in JSON they are under "groups".

    Revenue is positive and cost negative; margin is profit / net revenue. CSV and JSON have 15
    digits and go to standard output alone, in UTF-8, so that they can be piped. In CSV a name that a spreadsheet
    would take for a formula has an apostrophe before it; in JSON it stands as it is. JSON has the customers
    under "customers", and under "left_out" the rows that errors kept out of the figures, by table.
    """
    from xlprofit.errors import XlprofitError
    from xlprofit.workflow import analyze

    with exit_when_stopped():
        results = analyze(book, sources=_list_sources(source, mapping, options))
    with speaking(results.inputs.settings.language):
        if by is not None and customers:
            raise XlprofitError(_("Customers and {option} were given", option="--by"), _("Give one of them"))
        if by is not None:
            _show_groups(results, by, form)
        else:
            _show_profit(results, customers or [], form)


@app.command()
def explain(
    book: Book,
    customer: Annotated[
        str, typer.Argument(metavar="CUSTOMER", help="The customer; '' for what belongs to none.")
    ],
    line: Annotated[
        str,
        typer.Argument(
            metavar="LINE",
            help="A measure (cost_to_serve), a group (service) or a line (an activity); the profit otherwise.",
        ),
    ] = "",
    source: Sources = None,
    mapping: Mappings = None,
    options: Options = None,
    level: Annotated[
        Depth | None,
        typer.Option(
            help="For csv and json: the lines, the drivers of each of them, or the source rows.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to write them.")] = Form.table,
) -> None:
    """Show what a customer's profit, or a line of it, is made of. Writes no file.

    First the lines, the largest first, each with its share; of a LINE also how many × units each × rate of each
    driver, against the median customer of its segment, and the source rows. The amounts of each level add up to the
    same figure. CSV and JSON have one level, with 15 digits: the lines, or the drivers where a LINE is given.
    """
    from xlprofit.terminal_explanation import choose_level, find_asked_figure, show_explanation
    from xlprofit.workflow import analyze

    with exit_when_stopped():
        results = analyze(book, sources=_list_sources(source, mapping, options))
    with speaking(results.inputs.settings.language, getattr(results.found_before, "own", {})):
        figure = find_asked_figure(results, customer, line)
        if form is Form.table:
            show_explanation(results, figure, whole=bool(line.strip()) or level is not None)
        else:
            chosen = level or (Depth.drivers if line.strip() else Depth.lines)
            _write_frame(results, choose_level(results, figure, chosen.value), form, chosen.value)
        warn_of_lost_rows(results)


def _write_frame(results: Results, frame: pd.DataFrame, form: Form, name: str) -> None:
    """Write figures for another program."""
    from xlprofit.drawing.to_csv import render_csv
    from xlprofit.drawing.to_json import render_json

    with write_in_utf_8():
        if form is Form.csv:
            _write_data(render_csv(frame))
        else:
            currency = results.inputs.settings.currency
            _write_data(render_json(currency, frame, results.left_out, name) + "\n")


@app.command()
def export(
    book: Book,
    ledger: Facts = None,
    customers: Facts = None,
    products: Facts = None,
    trends: Facts = None,
    source: Sources = None,
    mapping: Mappings = None,
    options: Options = None,
) -> None:
    """Write the ledger, or the figures of customers and products, to files for other programs.

    --ledger OUT.parquet has every amount with its customer, product, period, line, group, level and the row that gave
    its rate: its sum is the company's profit. A file that ends in .csv is written as CSV. The workbook stays as it is.
    """
    from xlprofit.errors import XlprofitError
    from xlprofit.facts import FACTS, export_facts, refuse_facts_files
    from xlprofit.read_files import refuse_read_files
    from xlprofit.workflow import analyze

    given = dict(zip(FACTS, (ledger, customers, products, trends), strict=True))
    files = {name: path for name, path in given.items() if path is not None}
    if not files:
        raise XlprofitError(_("No file was named"), _("Add {option}", option="--ledger OUT.parquet"))
    sources = _list_sources(source, mapping, options)
    refuse_facts_files(files)
    refuse_read_files(files.values(), book, sources)
    with exit_when_stopped():
        results = analyze(book, sources=sources)
    counts = export_facts(results, files)
    with speaking(results.inputs.settings.language), tell_what_was_written():
        for name, count in counts.items():
            print_line(
                _n(
                    "{n:,} row written to {path}",
                    "{n:,} rows written to {path}",
                    count,
                    path=str(files[name]),
                )
            )
        warn_of_lost_rows(results)


def _show_groups(results: Results, by: str, form: Form) -> None:
    """Show the P&L of the groups that the customers are in by a column, or that of the products."""
    frame = results.by(by)
    if form is Form.table:
        shown = frame.rename(index={"": str(_("(not given)"))})
        show_pnl(shown, results.inputs.settings.currency, PNL_COLUMNS, head=str(frame.index.name))
    else:
        _write_frame(results, frame, form, "groups")
    warn_of_lost_rows(results)


def _show_profit(results: Results, customers: list[str], form: Form) -> None:
    names = [results.resolve_customer(c) for c in dict.fromkeys(customers)]
    frame = results.customers.loc[names or results.whale.index]
    if form is Form.table:
        show_pnl(frame, results.inputs.settings.currency, PNL_COLUMNS)
    else:
        _write_frame(results, frame, form, "customers")
    warn_of_lost_rows(results)


@app.command(name="compare")
def show_why(
    before: Annotated[
        Path, typer.Argument(metavar="BEFORE.xlsx", readable=False, help="The workbook before.")
    ],
    after: Annotated[Path, typer.Argument(metavar="AFTER.xlsx", readable=False, help="The workbook after.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="OUT.xlsx", help="Make this workbook, with the sheet Changes."
        ),
    ] = None,
) -> None:
    """Show why profit changed between two workbooks: the effects, and the customers that moved it most.

    The change is split into new and lost customers, price, volume, mix, discounts, returns, unit cost, activities,
    their time and the cost of resources, direct costs, commissions and credit; the effects add up to it.
    Neither workbook is changed.
    """
    from xlprofit.comparing import compare_workbooks
    from xlprofit.terminal_changes import show_change

    with exit_when_stopped(), show_stages() as stage:
        change, results = compare_workbooks(before, after, output, stage=stage)
    written = tell_what_was_written() if output is not None else nullcontext()
    with speaking(results.inputs.settings.language, results.findings.own), written:
        show_change(change, results)
        if output is not None:
            print_line(_("The workbook is {path}", path=str(output)))


@app.command()
def report(
    book: Book,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="R.html|R.pdf",
            readable=False,
            help="Write this file; with --by this folder. Beside BOOK.xlsx if not given.",
        ),
    ] = None,
    customer: Annotated[
        str, typer.Option("--customer", metavar="CUSTOMER", help="Only this customer: a fact sheet.")
    ] = "",
    owner: Annotated[
        str, typer.Option("--owner", metavar="OWNER", help="Only the customers of this owner.")
    ] = "",
    decisions: Annotated[bool, typer.Option("--decisions", help="Only the decisions.")] = False,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="COLUMN",
            help="A pack for each value of a column of Customers, such as owner: a file each, in a folder.",
        ),
    ] = "",
    pdf: Annotated[bool, typer.Option("--pdf", help="Write PDF instead of HTML.")] = False,
    source: Sources = None,
    mapping: Mappings = None,
    options: Options = None,
) -> None:
    """Write a report to send: the result sheets as one HTML file that needs no network, or as a PDF.

    Tables sort by a click or a key, charts are drawn in the page, and it prints on A4. A file that ends in .pdf is
    written as PDF, which needs an extra: pip install "xlprofit[report]". The workbook stays as it is.
    """
    from xlprofit.report import ReportRequest, write_report

    if sum(map(bool, (customer, owner, decisions, by))) > 1:
        raise typer.BadParameter("give one of --customer, --owner, --decisions and --by")
    with exit_when_stopped(), show_stages() as stage:
        reported = write_report(
            book,
            output,
            ReportRequest(customer, owner, decisions, by),
            pdf=pdf,
            sources=_list_sources(source, mapping, options),
            stage=stage,
        )
    with speaking(reported.results.inputs.settings.language), tell_what_was_written():
        for path in reported.paths:
            print_line(_("Report written to {path}", path=make_plain(str(path))))
        warn_of_lost_rows(reported.results)


@app.command()
def close(
    book: Book,
    period: Annotated[str, typer.Argument(metavar="PERIOD", help="The period, such as 2026-03.")],
    again: Annotated[
        bool, typer.Option("--again", help="Close a closed period again, with its figures of today.")
    ] = False,
) -> None:
    """Close a period: keep its ledger and rates beside the workbook, so that a later change of them is told.

    They are kept in BOOK.closed-PERIOD.parquet. A later refresh or check that finds other figures in the period says
    which, by how much, and why. The workbook itself is not changed.
    """
    from xlprofit.closing import close_period

    with exit_when_stopped():
        path, results = close_period(book, period, anew=again)
    with speaking(results.inputs.settings.language), tell_what_was_written():
        print_line(_("Closed {period}: kept in {path}", period=period, path=str(path)))


@app.command(name="what-if")
def try_changes(
    book: Book,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--change",
            metavar="CHANGE",
            help="A change of an input: 'price +3% segment:Hotels', 'activity -20% Rush handling'. May be repeated.",
        ),
    ] = None,
    customer: Annotated[
        str, typer.Option("--customer", metavar="CUSTOMER", help="The customer that is to reach a margin.")
    ] = "",
    target: Annotated[
        str,
        typer.Option(
            "--target-margin", metavar="SHARE", help="The margin to reach: profit / net revenue, such as 5%."
        ),
    ] = "",
    source: Sources = None,
    mapping: Mappings = None,
    options: Options = None,
) -> None:
    """Show what profit would be with other inputs, or what it takes for a customer to reach a margin.

    A change names what changes, by how much or to what, of whom or which, and from which day if not always: price,
    volume, elasticity, discount, cost of goods, direct costs, activity, activity rate, resource cost, capacity, payment
    days, retention. A discount with a sign changes by percentage points, payment days by days, all else by a share of
    what it is; without a sign a discount, payment days and retention are set. Several names with a semicolon between
    them must all hold. Everything is computed anew from the inputs. The workbook is not changed.
    """
    from xlprofit.comparison.bridge import compare
    from xlprofit.findings import Findings
    from xlprofit.results import compute_scenario, find_customer_goal
    from xlprofit.terminal_changes import show_goal, show_scenario
    from xlprofit.workflow import analyze

    if not change and not (customer and target):
        raise typer.BadParameter("give --change, or --customer and --target-margin")
    if bool(customer) != bool(target):
        raise typer.BadParameter("give --customer and --target-margin together")
    with exit_when_stopped(), show_stages() as stage:
        stage(_("Reading and checking"))
        results = analyze(book, sources=_list_sources(source, mapping, options))
        stage(_("Computing"))
        base = compute_scenario(results, change) if change else results
        goal = find_customer_goal(base, customer, read_margin(target)) if customer else None
    with speaking(results.inputs.settings.language, results.findings.own):
        if change:
            show_scenario(results, base, compare(results, base))
            if base.found_before:
                show_findings(Findings(base.found_before, base.inputs.settings.language), most=20)
        if goal is not None:
            show_goal(goal)
        warn_of_lost_rows(results)


def read_margin(text: str) -> float:
    """Return a margin as it is typed: ``5%`` or ``0.05``.

    Raises:
        typer.BadParameter: it is no margin, or may mean two.
    """
    clean = text.strip().replace(",", ".")
    try:
        value = float(clean.removesuffix("%")) / (100 if clean.endswith("%") else 1)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        raise typer.BadParameter(f"{make_plain(text)} is no margin: write 5%")
    if not clean.endswith("%") and abs(value) >= 1:
        raise typer.BadParameter(f"{text} may mean {text} % or {value:.0%}: write {text}%")
    return value


def _write_data(text: str) -> None:
    """Write figures for another program to standard output; nothing more where it reads no further."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()

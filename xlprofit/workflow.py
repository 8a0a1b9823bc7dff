"""The workflow: analyze, check, refresh, explain, new and clear, once, whatever the host.

A command, a button and a Python user each make one call. What differs between a file, live Excel, Calc and DataFrames
is how cells are read and sheets are drawn (:mod:`xlprofit.hosts`); what is read, computed, refused and drawn is
said here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from xlprofit import rules
from xlprofit.arguments import require_kind
from xlprofit.errors import StoppedError, UnknownNameError, XlprofitError
from xlprofit.findings import Finding, Findings, sort_findings
from xlprofit.formulas import BLANK, SourceRow
from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.formulas.chosen import CHOSEN_PLACE
from xlprofit.headings import language_of, own_names, table_meant
from xlprofit.hosts.frames import FramesHost
from xlprofit.hosts.host import Host, Report, Stage, TablesHost
from xlprofit.languages import LANGUAGES
from xlprofit.messages import ENGLISH
from xlprofit.reading import line_counts
from xlprofit.reading import tables as reading
from xlprofit.results import Results, compute_results
from xlprofit.rules import Checked
from xlprofit.sheets import book, checks, explanation, figures
from xlprofit.tables import TABLES, Raw
from xlprofit.words import sheet_names as names
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import _, speaking, term

if TYPE_CHECKING:
    from xlprofit.ooxml.clearing import Cleared
    from xlprofit.ooxml.put import PutReport
    from xlprofit.sheets.figures import Selection
    from xlprofit.sources.spec import Source as TableSource

Source = str | Path | Mapping[str, pd.DataFrame]
"""A workbook's path, or DataFrames by the name of the table that they are."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: the file it wrote, the results, and what could not be carried over.

    ``losses`` names what was in the workbook and is not in the output; ``backup`` is the old file's copy; ``notes``
    has what else the user must know of the file.
    """

    path: Path
    results: Results
    losses: tuple[str, ...] = ()
    backup: Path | None = None
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, results: Results, report: PutReport) -> Refreshed:
        """Return what a refresh did to a file."""
        return cls(report.path, results, report.losses, report.backup, report.notes)


# --- what a Python user and the command line call ----------------------------------------------------


def analyze(source: Source, *, sources: Sequence[str | TableSource] = ()) -> Results:
    """Return the results of a workbook, or of DataFrames by table name.

    Args:
        source: a path to an .xlsx or .xlsm file with the input tables, or a mapping such as
            ``{"Sales": sales, "Activities": activities}`` of DataFrames whose columns are those of the
            tables (``xlprofit.tables.TABLES``; headers in any case, usual synonyms accepted). Money
            is in one currency; costs are written positive; shares are fractions.
        sources: tables that come from files or databases, such as ``"Sales=sales.parquet"``; they go before
            the table Sources (see docs/sources.md).

    Returns:
        The results: ``.ledger``, ``.customers``, ``.pnl(period=True)``, ``.cost_to_serve``, ``.capacity``,
        ``.whale``, ``.checks``, ``.explain(customer, line)`` and the rest. In them revenue is positive
        and cost negative.

    Raises:
        FileError: the workbook cannot be read.
        SourceError: a source cannot be reached or read.
        StoppedError: findings stop the work; the error has them all.
        UnknownNameError: the mapping names a table that does not exist.

    >>> import pandas as pd
    >>> sales = pd.DataFrame({"date": ["2024-01-31"], "customer": ["ACME"], "gross_revenue": [100.0], "cogs": [60.0]})
    >>> analyze({"Sales": sales}).customers.loc["ACME", "profit"]
    np.float64(40.0)
    """
    inputs, findings = read_checked(_host_of(source), sources)
    if inputs is None:
        raise StoppedError(findings)
    return compute_results(inputs, findings)


def check(source: Source, *, sources: Sequence[str | TableSource] = ()) -> Findings:
    """Return what is wrong with the tables of a workbook or of DataFrames, in a fixed order.

    Unlike :func:`analyze` it does not raise where findings stop the work. Errors as there.
    """
    host = _host_of(source)
    return find_all(read_checked(host, sources), host)


def refresh(
    path: str | Path,
    output: str | Path | None = None,
    *,
    sources: Sequence[str | TableSource] = (),
    backup: bool = False,
    stage: Stage = lambda words: None,
) -> Refreshed:
    """Compute a workbook's results and write the result sheets into it, or into a copy.

    Result sheets of an earlier refresh are replaced where they stand; everything else in the file stays as
    it is, byte for byte. What is written is written beside the file and moved into place: complete or not at all.

    Args:
        path: the workbook, .xlsx or .xlsm.
        output: the file to write; the workbook itself where it is not given.
        sources: tables that come from files or databases, as :func:`analyze` has them.
        backup: keep the file that is written over, as ``BOOK.backup.xlsx`` beside it.
        stage: called with a few words at the start of each stage.

    Raises:
        FileError: the file cannot be read or written, is being refreshed by somebody else, or has a sheet of
            the user's own where a result sheet must go; the output is a file that the figures are read from.
        SourceError: a source cannot be reached or read; the workbook stays as it was.
        StoppedError: findings stop the work; the error has them all.
    """
    from xlprofit.hosts.file import FileHost
    from xlprofit.read_files import refuse_copy_over_source

    refuse_copy_over_source(Path(path), None if output is None else Path(output), sources)
    host = FileHost(path, output, backup=backup, stage=stage)
    return Refreshed.of(*refresh_sheets(host, sources=sources))


def new(
    path: str | Path,
    tables: Mapping[str, pd.DataFrame] | None = None,
    *,
    language: str = ENGLISH,
    template: str = "",
    sample: bool = False,
) -> Path:
    """Make a workbook with every input table, empty, filled with ``tables`` or from a template; return its path.

    Args:
        path: the workbook to make, .xlsx.
        tables: what to fill it with, by table name.
        language: the code of the language of its sheets, headers and notes, and of its results: ``en`` or ``fi``.
        template: a trade, whose resources, activities and time equations it has, with a sample year that
            :func:`clear` removes: ``wholesale``, ``services`` or ``subscription``.
        sample: whether the rows of ``tables`` are a sample too.

    Raises:
        ArgumentError: ``tables`` has no DataFrames by name.
        FileError: there is a file of that name, or it cannot be written.
        UnknownNameError: ``tables`` names a table that does not exist, or there is no such language or template.
    """
    from xlprofit import samples
    from xlprofit.hosts.template import create_input_workbook as make

    wanted = _("a DataFrame for each table: {example}", example='{"Sales": sales}')
    require_kind(tables, (Mapping, type(None)), "tables", wanted)
    for name, frame in (tables or {}).items():
        require_kind(frame, pd.DataFrame, str(name), wanted)
    if template and template not in samples.TRADES:
        raise UnknownNameError(template, samples.TRADES, "template")
    if template and tables is not None:
        raise XlprofitError(_("A template and tables were given"), _("Give one of them"))
    if language not in LANGUAGES:
        raise UnknownNameError(language, LANGUAGES, "language")
    if template:
        with speaking(language):
            tables, sample = samples.tables(template, _), True
    return make(Path(path), tables, language, as_sample=sample)


def clear(path: str | Path, output: str | Path | None = None, *, backup: bool = False) -> Cleared:
    """Remove the sample rows of a template from a workbook, or from a copy of it; return what was done.

    Only rows that are still as they were made are removed. Settings, Allocations, Activities and LossRates, which
    say how the trade works, stay; Resources keep their names without cost and capacity; what the user wrote
    or changed stays where it stands; result sheets say that there is nothing to show yet.

    Args:
        path: the workbook, .xlsx or .xlsm.
        output: the file to write; the workbook itself where it is not given.
        backup: keep the file that is written over, as ``BOOK.backup.xlsx`` beside it.

    Raises:
        XlprofitError: there are no sample rows in it.
        FileError: the file cannot be read or written, or is being refreshed by somebody else; the output is a file
            that its table Sources names.
    """
    from xlprofit.hosts.file import FileHost
    from xlprofit.read_files import refuse_copy_over_source

    refuse_copy_over_source(Path(path), None if output is None else Path(output))
    return FileHost(path, output, backup=backup).clear_sample(say_sheets)


# --- on any host -------------------------------------------------------------------------------------


def refresh_sheets(
    host: Host[Report],
    *,
    sources: Sequence[str | TableSource] = (),
    found: Sequence[Finding] = (),
    selected: Selection | None = None,
) -> tuple[Results, Report]:
    """Compute the results of a host's tables and put the result sheets there; return both and what the host says.

    Args:
        host: the host.
        sources: tables that come from files or databases, as :func:`analyze` has them.
        found: what was found before, where the tables were made; it stands beside the other findings.
        selected: a cell; where it holds the name of a customer, that one is chosen on the sheet *Customer*.

    Raises:
        XlprofitError: as :func:`refresh`; nothing was written, and findings that stop the work were shown.
    """
    with host.at_work() as stage:
        stage(_("Reading and checking"))
        inputs, findings = read_checked(host, sources, found)
        findings = _name_sheets(host, findings)
        with speaking(findings.language, findings.own):
            _there, chosen = host.read_chosen(names.everywhere(names.CUSTOMER), CHOSEN_PLACE)
            host.refuse_taken((*names.order(), RESULTS_SHEET))
            if inputs is None:
                raise _stop(host, findings)
            stage(_("Computing"))
            results = _hold_against_closed(host, compute_results(inputs, findings))
            stage(_("Writing the result sheets"))
            sheets = book.describe_refreshed_sheets(
                results,
                host.list_sheets(),
                own=host.list_own_sheets(),
                customer=_choose_shown_customer(results, selected, chosen),
            )
            return results, host.put_sheets(say_sheets(sheets, findings.language, findings.own), keep=True)


def _choose_shown_customer(results: Results, selected: Selection | None, chosen: object) -> object:
    """Return the customer whose name stands in a cell; the one that was chosen before where none does."""
    try:
        return results.resolve_customer(figures.read_text(selected.value)) if selected is not None else chosen
    except UnknownNameError:
        return chosen


def check_sheets(host: Host[Report]) -> Findings:
    """Return what is wrong with a host's tables, in a fixed order, and have the host show it.

    Raises:
        XlprofitError: as :func:`check`; or the sheet of the checks cannot be written.
    """
    with host.at_work() as stage:
        stage(_("Reading and checking"))
        inputs, found = read_checked(host)
        found = _name_sheets(host, found)
        with speaking(found.language, found.own):
            findings = find_all((inputs, found), host)
            _show(host, findings)
    return findings


def explain_cell(host: Host[Report]) -> Report:
    """Put a sheet on the host that explains the selected cell's figure; return what the host says of it.

    Raises:
        XlprofitError: as :func:`refresh`; or the cell is not the sum of one customer's source rows, and why.
    """
    selection = host.read_selection()
    with host.at_work() as stage:
        stage(_("Reading and checking"))
        raws = host.read_tables()
        inputs, findings = check_raws(host, raws)
        findings = _name_sheets(host, findings)
        with speaking(findings.language, findings.own):
            host.refuse_taken([names.say_sheet_name(names.EXPLANATION)])
            if inputs is None:
                raise _stop(host, findings)
            stage(_("Computing"))
            results = compute_results(inputs, findings)
            stage(_("Explaining"))
            found = book.find_described(
                selection,
                results,
                lambda: host.read_chosen(names.everywhere(names.CUSTOMER), CHOSEN_PLACE)[1],
            )
            if found is not None:
                (found,) = say_sheets([found], findings.language, findings.own)
            figure = figures.find_figure(selection, found, results, raws)
            on_input = any(raw.sheet == selection.sheet for raw in raws.values())
            sheet = explanation.describe_explanation_sheet(
                results, figure, host.list_sheets(), None if on_input else selection
            )
            return host.put_sheets(say_sheets([sheet], findings.language, findings.own), keep=False)


def read_source_rows(host: Host[Any]) -> Callable[[str], list[SourceRow]]:
    """Return what gives the source rows of a customer, by its name as the results have it.

    The tables are read and computed as they stand now, and nothing is written.

    Raises:
        XlprofitError: as :func:`check`.
        StoppedError: findings stop the work.
    """
    inputs, findings = read_checked(host)
    if inputs is None:
        raise StoppedError(findings)
    results = compute_results(inputs, findings)

    def explain_name(customer: str) -> list[SourceRow]:
        rows = results.explain(results.resolve_customer(customer))
        return [
            SourceRow(
                str(row["line"]),
                str(row["group"]),
                f"{row['sheet']}!{row['row']}",
                str(row["period"]),
                str(row["driver"]),
                float(row["driver_units"]) if row["driver"] else BLANK,
                float(row["units"]),
                float(row["rate"]),
                float(row["amount"]),
                str(row["priced_by"]),
            )
            for row in rows.to_dict("records")
        ]

    return explain_name


def add_missing_tables(host: TablesHost) -> tuple[str, ...]:
    """Add to a workbook a sheet for each input table that it lacks, ready to be filled; return their names.

    It is what :func:`new` makes where no file can be made, and the workbook that is open must do.

    Raises:
        XlprofitError: it lacks none.
    """
    there = {table_meant(name) for name in host.list_sheets()}
    missing = [table for table in TABLES.values() if table.name not in there]
    if not missing:
        raise XlprofitError(_("This workbook has a sheet for every input table already"))
    headers = {
        term("table", table.name): [term(table.name, column.name) for column in table.columns]
        for table in missing
    }
    host.add_tables(headers)
    return tuple(headers)


def read_checked(
    host: Host[Report], sources: Sequence[str | TableSource] = (), found: Sequence[Finding] = ()
) -> Checked:
    """Return a host's tables, those that come from sources read from there, checked; and what was found."""
    return check_raws(host, host.read_tables(), sources, found)


def check_raws(
    host: Host[Report],
    raws: Mapping[str, Raw],
    sources: Sequence[str | TableSource] = (),
    found: Sequence[Finding] = (),
) -> Checked:
    """Return tables as a host found them, those that come from sources read from there, checked; and what was found.

    Args:
        host: the host, which says where the relative paths of sources start.
        raws: the tables, the table Sources among them.
        sources: further sources, which go before those of the table Sources.
        found: what was found before.

    Raises:
        SourceError: a source cannot be reached or read.
        XlprofitError: there are sources, and the host's Python does not run on the user's computer.
    """
    tables = line_counts.add_line_counts(raws)
    told = list(found)
    named = "Sources" in tables and reading.has_filled_cells(tables["Sources"])
    if sources or named:
        from xlprofit.sources import resolve_sources

        with speaking(language_of(tables.get("Settings")), own_names(tables)):
            if named and not host.reaches_files:
                raise XlprofitError(
                    _(
                        "The table {Sources} names files or databases, and this Python does not run on your computer"
                    ),
                    _(
                        "Refresh with the ribbon in Excel or with {command}, or empty that table to use what is "
                        "on the sheets",
                        command="xlprofit refresh",
                    ),
                )
            tables, said = resolve_sources(tables, sources, host.find_folder())
            told += said
    inputs, findings = rules.check_tables(tables)
    sheets = {name: raw.sheet for name, raw in tables.items()}
    path = host.find_file() if inputs is None else None
    hinted: Sequence[Finding] = findings
    if path is not None:
        from xlprofit.importing.hints import add_hints

        hinted = add_hints(findings, path)
    return inputs, sort_findings([*hinted, *told], sheets, findings.language, findings.own)


def _name_sheets(host: Host[Report], findings: Findings) -> Findings:
    """Return findings that know what the result sheets are called where the user has a sheet of such a name."""
    with speaking(findings.language):
        taken = names.find_free_names(host.list_sheets(), host.list_own_sheets())
    return Findings(findings, findings.language, {**findings.own, **taken}) if taken else findings


def find_all(checked: Checked, host: Host[Any]) -> Findings:
    """Return all findings of a host's checked tables, with those that only the results show."""
    inputs, findings = checked
    if inputs is None:
        return findings
    return _hold_against_closed(host, compute_results(inputs, findings)).findings


def _hold_against_closed(host: Host[Any], results: Results) -> Results:
    """Return the results, with the findings of closed periods that they change."""
    from xlprofit.closed_periods import find_closed_changes

    found = find_closed_changes(host.find_saved_book(), results)
    if not found:
        return results
    before = results.found_before
    own = getattr(before, "own", {})
    language = results.inputs.settings.language
    return replace(results, found_before=Findings([*before, *found], language, own))


def _stop(host: Host[Report], findings: Findings) -> StoppedError:
    """Have the host show the findings that stop the work; return the error that has them."""
    _show(host, findings)
    return StoppedError(findings)


def _show(host: Host[Report], findings: Findings) -> None:
    described = checks.describe_checks_sheet(findings, host.list_sheets())
    (sheet,) = say_sheets([described], findings.language, findings.own)
    host.show_findings(findings, sheet)


def _host_of(source: Source) -> Host[object]:
    wanted = _("a path, or a DataFrame for each table: {example}", example='{"Sales": sales}')
    require_kind(source, (str, Path, Mapping), "source", wanted)
    if isinstance(source, str | Path):
        from xlprofit.hosts.file import FileHost

        return FileHost(source)
    return FramesHost(source)

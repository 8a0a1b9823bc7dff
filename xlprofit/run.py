"""What a command, a button and a Python user call: analyze, check, refresh and new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from xlprofit.checks import Checked
from xlprofit.checks import check as check_tables
from xlprofit.errors import StoppedError, UnknownNameError, XlprofitError
from xlprofit.findings import Finding, Findings, ordered
from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.language import ENGLISH, LANGUAGES, _, speaking, terms
from xlprofit.model.credit import loss_rates as rolled
from xlprofit.model.prospects import screen as screened
from xlprofit.results import Results, compute
from xlprofit.sheets import book, look_up, names
from xlprofit.tables import TABLES, Raw
from xlprofit.vocabulary import language_of, own_names, table_meant

if TYPE_CHECKING:
    from xlprofit.workbook.clearing import Cleared

Source = str | Path | Mapping[str, pd.DataFrame]
"""A workbook's path, or DataFrames by the name of the table that they are."""

Stage = Callable[[str], None]
"""Called with a few words at the start of each stage of long work."""


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


def analyze(source: Source, *, sources: Sequence[str] = ()) -> Results:
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
    inputs, findings = read_and_checked(source, sources)
    if inputs is None:
        raise StoppedError(findings)
    return compute(inputs, findings)


def check(source: Source, *, sources: Sequence[str] = ()) -> Findings:
    """Return what is wrong with the tables of a workbook or of DataFrames, in a fixed order.

    Unlike :func:`analyze` it does not raise where findings stop the work. Errors as there.
    """
    inputs, findings = read_and_checked(source, sources)
    return findings if inputs is None else compute(inputs, findings).findings


def refresh(
    path: str | Path,
    output: str | Path | None = None,
    *,
    sources: Sequence[str] = (),
    formulas: bool = False,
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
        formulas: add the sheet *Look-up*, whose figures are formulas of the add-in with their values in place;
            a workbook that has it keeps it, asked for or not, with the customer that was chosen on it.
        backup: keep the file that is written over, as ``BOOK.backup.xlsx`` beside it.
        stage: called with a few words at the start of each stage.

    Raises:
        FileError: the file cannot be read or written, is being refreshed by somebody else, or has a sheet of
            the user's own where a result sheet must go.
        SourceError: a source cannot be reached or read; the workbook stays as it was.
        StoppedError: findings stop the work; the error has them all.
    """
    from xlprofit.workbook.put import prepared

    def checked() -> Checked:
        return read_and_checked(path, sources, meanwhile=prepared)

    return refreshed(path, output, checked, formulas=formulas, backup=backup, stage=stage)


def refreshed(
    path: str | Path,
    output: str | Path | None,
    checked: Callable[[], Checked],
    *,
    formulas: bool = False,
    backup: bool = False,
    stage: Stage = lambda words: None,
) -> Refreshed:
    """Write the results of checked tables into a workbook, as :func:`refresh` does; ``checked`` gives them."""
    from xlprofit.workbook.chosen import chosen
    from xlprofit.workbook.lock import locked
    from xlprofit.workbook.put import examined, put, refuse_taken, written_to

    source, target = Path(path), Path(output) if output is not None else None
    stage(_("Reading and checking"))
    seen = examined(source, target, (RESULTS_SHEET,))
    with locked(written_to(source, target)):
        inputs, findings = checked()
        with speaking(findings.language):
            refuse_taken(source, names.order())
            if inputs is None:
                raise StoppedError(findings)
            stage(_("Computing"))
            results = compute(inputs, findings)
            stage(_("Writing the result sheets"))
            has_look_up, customer = chosen(source, terms("sheet", names.LOOK_UP), *look_up.CHOSEN_PLACE)
            put_in = put(
                source,
                target,
                lambda existing: book.with_hidden(
                    results, existing, formulas=formulas or has_look_up, customer=customer
                ),
                seen=seen,
                backup=backup,
            )
    return Refreshed(put_in.path, results, put_in.losses, put_in.backup, put_in.notes)


def screen(prospects: pd.DataFrame, model: Results, needs: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what prospects are worth pursuing, by what a run knows of its customers and its costs.

    Args:
        prospects: columns as the table Prospects: ``prospect`` and, each blank where unknown, ``revenue`` (a
            year), ``margin``, ``win_probability``, ``pursuit_cost``, ``segment`` and the others.
        model: the results of a run.
        needs: columns as the table ProspectNeeds, where it is known what they would need in a year.

    Returns:
        A row a prospect, columns as :func:`xlprofit.model.prospects.screen` says: ``value``, ``verdict`` (pursue,
        qualify, pass), ``reason``, ``break_even_revenue``, ``most_hours`` and the rest.

    Raises:
        XlprofitError: a cell of ``prospects`` or ``needs`` cannot be used; the error says which and why.
    """
    given = {"Prospects": prospects} | ({} if needs is None else {"ProspectNeeds": needs})
    known = {name: model.inputs[name].drop(columns="row") for name in ("Resources", "Activities")}
    sale = model.inputs["Sales"].iloc[:1][["date", "customer", "gross_revenue"]]
    inputs, findings = check_tables(_raws({"Sales": sale, **known, **given}))
    for finding in findings:
        if finding.sheet in given and finding.severity in ("stop", "error"):
            raise XlprofitError(f"{finding.sheet}!{finding.cell}: {finding.what}", finding.mend)
    if inputs is None:
        raise StoppedError(findings)
    return screened(inputs["Prospects"], inputs["ProspectNeeds"], model.benchmark)


def loss_rates(invoices: pd.DataFrame) -> pd.DataFrame:
    """Return the provision matrix that the roll of past invoices shows, as the table LossRates.

    Args:
        invoices: past invoices, columns as the table Invoices: ``issued``, ``due``, ``amount``, ``paid``, and
            ``written_off`` where there is such a column.

    Returns:
        ``days_past_due`` (lower bound of each bucket) and ``rate`` (a fraction; blank where it is not known yet
        what becomes of such invoices), as :func:`xlprofit.model.credit.loss_rates` says.

    Raises:
        XlprofitError: a column is missing, or nothing can be read from the invoices.
    """
    try:
        return rolled(invoices)
    except ValueError as error:
        raise XlprofitError(str(error), _("See the columns of the table {Invoices}")) from error


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
        FileError: there is a file of that name, or it cannot be written.
        UnknownNameError: ``tables`` names a table that does not exist, or there is no such language or template.
    """
    from xlprofit import trades
    from xlprofit.workbook.template import new as make

    if template and template not in trades.TRADES:
        raise UnknownNameError(template, trades.TRADES, "template")
    if template and tables is not None:
        raise XlprofitError(_("A template and tables were given"), _("Give one of them"))
    if language not in LANGUAGES:
        raise UnknownNameError(language, LANGUAGES, "language")
    if template:
        with speaking(language):
            tables, sample = trades.tables(template), True
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
        FileError: the file cannot be read or written, or is being refreshed by somebody else.
    """
    from xlprofit.workbook import clearing
    from xlprofit.workbook.lock import locked
    from xlprofit.workbook.put import examined, written_to

    source, target = Path(path), Path(output) if output is not None else None
    seen = examined(source, target, ())
    with locked(written_to(source, target)):
        return clearing.clear(source, target, seen, backup=backup)


def read_and_checked(
    source: Source,
    sources: Sequence[str] = (),
    meanwhile: Callable[[], None] = lambda: None,
) -> Checked:
    """Return the tables of a workbook or of DataFrames, and of sources, checked; and what was found.

    ``meanwhile`` is called while the other core reads a workbook.
    """
    folder = Path() if isinstance(source, Mapping) else Path(source).parent
    return check_with_sources(_raws(source, meanwhile), sources, folder)


def read_and_checked_copy(copy: Path, folder: Path | None) -> Checked:
    """Return the checked tables of a copy of a workbook that stands in a folder, or in none."""
    return check_with_sources(_raws(copy), (), folder)


def check_with_sources(
    raws: Mapping[str, Raw], sources: Sequence[str] = (), folder: Path | None = None
) -> Checked:
    """Return tables as a host found them, those that come from sources read from there, checked; and what was found.

    This is what every host computes from: the command, the ribbon, Lite and Calc.

    Args:
        raws: the tables, the table Sources among them.
        sources: further sources, which go before those of the table Sources.
        folder: where the workbook's relative paths start; ``None`` where it has no folder, and they are refused.

    Raises:
        SourceError: a source cannot be reached or read.
    """
    from xlprofit.sources import resolve, with_lines

    found = with_lines(raws)
    told: list[Finding] = []
    if sources or "Sources" in found:
        with speaking(language_of(found.get("Settings")), own_names(found)):
            found, told = resolve(found, sources, folder)
    inputs, findings = check_tables(found)
    sheets = {name: raw.sheet for name, raw in found.items()}
    return inputs, ordered([*findings, *told], sheets, findings.language)


def read_workbook(path: Path) -> dict[str, Raw]:
    """Return the tables of a workbook as they stand in it."""
    return _raws(path)


def _raws(source: Source, meanwhile: Callable[[], None] = lambda: None) -> dict[str, Raw]:
    if isinstance(source, str | Path):
        from xlprofit.workbook.read import read

        return read(source, meanwhile)
    raws = {}
    for given, frame in source.items():
        name = table_meant(given)
        if name is None:
            raise UnknownNameError(given, TABLES, "table")
        if not isinstance(frame, pd.DataFrame):
            raise XlprofitError(
                _("{name} is {kind}, not a DataFrame", name=given, kind=type(frame).__name__),
                _("Give a DataFrame for each table"),
            )
        raws[name] = Raw(name, name, frame)
    return raws

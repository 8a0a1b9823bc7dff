"""What a Python user asks of DataFrames beside a run: prospects screened by it, loss rates from past invoices."""

from __future__ import annotations

import pandas as pd

from xlprofit.analysis.credit import loss_rates as rolled
from xlprofit.analysis.past_prospects import is_closed, learn_chances
from xlprofit.analysis.prospects import screen_prospects
from xlprofit.arguments import require_kind
from xlprofit.errors import StoppedError, XlprofitError
from xlprofit.hosts.frames import FramesHost
from xlprofit.results import Results
from xlprofit.rules import check_tables
from xlprofit.words.speech import _


def screen(prospects: pd.DataFrame, model: Results, needs: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what prospects are worth pursuing, by what a run knows of its customers and its costs.

    Args:
        prospects: columns as the table Prospects: ``prospect`` and, each blank where unknown, ``revenue`` (a
            year), ``margin``, ``win_probability``, ``pursuit_cost``, ``segment`` and the others.
        model: the results of a run.
        needs: columns as the table ProspectNeeds, where it is known what they would need in a year.

    Returns:
            A row a prospect, columns as :func:`xlprofit.analysis.prospects.screen_prospects` says: ``value``,
        ``verdict`` (pursue, qualify, pass), ``reason``, ``break_even_revenue``, ``most_hours`` and the rest.

    Raises:
        ArgumentError: ``model`` is no results.
        XlprofitError: a cell of ``prospects`` or ``needs`` cannot be used; the error says which and why.
    """
    require_kind(model, Results, "model", _("the results of {function}", function="xlprofit.analyze"))
    given = {"Prospects": prospects} | ({} if needs is None else {"ProspectNeeds": needs})
    known = {name: model.inputs[name].drop(columns="row") for name in ("Resources", "Activities")}
    sale = model.inputs["Sales"].iloc[:1][["date", "customer", "gross_revenue"]]
    inputs, findings = check_tables(FramesHost({"Sales": sale, **known, **given}).read_tables())
    for finding in findings:
        if finding.sheet in given and finding.severity in ("stop", "error"):
            raise XlprofitError(f"{finding.sheet}!{finding.cell}: {finding.what}", finding.fix)
    if inputs is None:
        raise StoppedError(findings)
    table = inputs["Prospects"]
    closed = is_closed(table)
    record = learn_chances(table) if closed.any() else model.win_record
    return screen_prospects(table[~closed], inputs["ProspectNeeds"], model.benchmark, record)


def loss_rates(invoices: pd.DataFrame) -> pd.DataFrame:
    """Return the provision matrix that the roll of past invoices shows, as the table LossRates.

    Args:
        invoices: past invoices, columns as the table Invoices: ``issued``, ``due``, ``amount``, ``paid``, and
            ``written_off`` where there is such a column.

    Returns:
        ``days_past_due`` (lower bound of each bucket) and ``rate`` (a fraction; blank where it is not known yet
        what becomes of such invoices), as :func:`xlprofit.analysis.credit.loss_rates` says.

    Raises:
        ArgumentError: the invoices are no DataFrame.
        XlprofitError: a column is missing, or nothing can be read from the invoices.
    """
    require_kind(invoices, pd.DataFrame, "invoices", _("a DataFrame"))
    try:
        return rolled(invoices)
    except ValueError as error:
        raise XlprofitError(str(error), _("See the columns of the table {Invoices}")) from error

"""The checks: raw cells in, typed and clean tables out, and all that is wrong with them at once.

The flow is :func:`check_tables`, on one page. Each module has the rules about one noun.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from xlprofit import headings
from xlprofit.errors import UnknownNameError
from xlprofit.findings import Finding, Findings, sort_findings
from xlprofit.reading import keys, losses, names, rows
from xlprofit.reading import tables as reading
from xlprofit.reading.faults import Book, InputSheet
from xlprofit.reading.names import Named
from xlprofit.reading.tables import Read
from xlprofit.rules import (
    absent,
    activities,
    amounts,
    attributes,
    commissions,
    coverage,
    credit,
    customers,
    histories,
    parents,
    pools,
    resources,
    scenarios,
    span,
    subtotals,
    supply,
    totals,
    versions,
)
from xlprofit.tables import DRIVER_TABLES, SETTINGS, TABLES, Inputs, LeftOut, Raw, Settings

Checked = tuple[Inputs | None, Findings]
"""Tables as the checks leave them, ``None`` where findings stop the work; and the findings."""


def check_tables(raws: Mapping[str, Raw]) -> Checked:
    """Return the tables typed and clean, and everything that is wrong with them, in a fixed order.

    The tables do not depend on the order of their rows. They are ``None`` where a finding stops the
    work. The findings know the language that Settings asks for.

    Raises:
        UnknownNameError: a name in ``raws`` is not that of a table.
    """
    for name in raws:
        if name not in TABLES:
            raise UnknownNameError(name, TABLES, "table")
    inputs, findings = _find_all(raws)
    language, own = headings.language_of(raws.get("Settings")), headings.own_names(raws)
    return inputs, Findings(findings, language, own)


def _find_all(raws: Mapping[str, Raw]) -> Checked:
    sheets = {name: raws[name].sheet for name in TABLES if name in raws}
    read, findings = reading.read_tables(raws)
    currency = str(read.given.get("currency", SETTINGS["currency"].default))
    findings += supply.check_structure(raws, read)
    book, named = reading.build_typed_sheets(read)
    book, planned, found = versions.split_versions(book)
    findings += found
    wanted = absent.find_wanted_columns(book)
    read = replace(read, drafts={})  # which take as much memory as the tables that were made of them
    run, plans = None, dict[str, Book]()
    if not _has_stop(findings):
        book, run, found = _sift_tables(book, read, named)
        findings += found
    if run is not None and planned:
        plans, found = _sift_plans(planned, book, read, run, named)
        findings += found
    if run is not None:
        findings += scenarios.check_comparison(run, book, plans, read.settings)
        findings += scenarios.check_scenario_names(book, plans)
    findings += absent.check_absent_columns(book, wanted, currency)
    if run is None or _has_stop(findings):
        return None, sort_findings(findings, sheets)
    inputs = _build_inputs(run, book, read, sheets)
    plan_frames = {name: _build_inputs(run, plan, read, sheets).frames for name, plan in plans.items()}
    return replace(inputs, versions=plan_frames), sort_findings(findings, sheets)


def _sift_plans(
    planned: dict[str, Book], book: Book, read: Read, run: Settings, named: Named
) -> tuple[dict[str, Book], list[Finding]]:
    """Return the tables of each plan without rows that cannot hold, and what was found in its rows."""

    def sift(plan: Book) -> tuple[Book, list[Finding]]:
        plan, findings = _exclude_duplicates(plan)
        plan, totals_found = _exclude_total_rows(plan, read, named)
        plan, found = _exclude_contradictions(plan, read, run, named)
        return plan, findings + totals_found + found

    return versions.sift_versions(planned, book, run, sift)


def _sift_tables(book: Book, read: Read, named: Named) -> tuple[Book, Settings | None, list[Finding]]:
    """Return the tables without rows that cannot hold, the whole settings (``None``: no more can be said), findings."""
    book, findings = _exclude_duplicates(book)
    book, found = _exclude_total_rows(book, read, named)
    findings += found + span.check_distant_dates(book, read.given)
    run, found = span.complete_settings(read.given, read.settings, book)
    findings += found
    if run is None or _has_stop(findings):
        return book, None, findings
    book, found = _exclude_contradictions(book, read, run, named)
    return book, run, findings + found


def _list_attributes(customers: pd.DataFrame) -> tuple[str, ...]:
    """Return the columns of the customers that the user added."""
    known = {column.name for column in TABLES["Customers"].columns}
    return tuple(column for column in customers.columns if column not in known and column != "row")


def _build_inputs(run: Settings, book: Book, read: Read, sheets: Mapping[str, str]) -> Inputs:
    """Return the tables as the model takes them, those without rows too."""
    frames = {
        name: book[name].frame if name in book else rows.build_empty_table(TABLES[name]) for name in TABLES
    }
    if read.settings is not None:
        frames["Settings"] = read.settings.frame
    frames = names.prune_categories(_add_driver_columns(frames))
    attributes = _list_attributes(frames["Customers"])
    frames, history = histories.split_history(frames)
    places = {name: dict(read.places[name].cells) for name in sheets}
    left_out = {name: _count_sheet_losses(sheet) for name, sheet in book.items() if sheet.lost.rows}
    return Inputs(run, frames, sheets, places, left_out, attributes, history)


def _count_sheet_losses(sheet: InputSheet) -> LeftOut:
    """Return what was left out of a table, beside what is counted of it."""
    table, frame = sheet.place.table.name, sheet.frame
    kept = {name: frame[name].to_numpy(np.float64) for name in TABLES[table].weights}
    counted = sheet.count(np.ones(len(frame), dtype=bool))
    return losses.complete_losses(table, sheet.lost, kept, counted)


def _has_stop(findings: list[Finding]) -> bool:
    return any(finding.severity == "stop" for finding in findings)


def _exclude_duplicates(book: Book) -> tuple[Book, list[Finding]]:
    """Return the tables with one row for each key; where there is none, only warn of equal rows."""
    single, findings = dict(book), []
    for name, sheet in book.items():
        if sheet.place.table.key:
            single[name], found = keys.exclude_repeated_keys(sheet)
        else:
            found = keys.check_repeated_rows(sheet)
        findings += found
    return single, findings


def _exclude_total_rows(book: Book, read: Read, named: Named) -> tuple[Book, list[Finding]]:
    """Return the tables without rows that add up others, and what was found."""
    currency = str(read.given.get("currency", SETTINGS["currency"].default))
    book, found = totals.exclude_totals(book, named, currency)
    book, more = subtotals.exclude_subtotals(book, currency)
    return book, found + more


def _exclude_contradictions(
    book: Book, read: Read, run: Settings, named: Named
) -> tuple[Book, list[Finding]]:
    """Return the tables without what contradicts the span or another table, and what was found."""
    findings: list[Finding] = []
    for rule in (
        lambda b: span.exclude_rows_outside_span(b, run),
        activities.exclude_reserved_groups,
        resources.exclude_idle_resources,
        lambda b: resources.exclude_invalid_allocations(b, named["resource"]),
        lambda b: activities.exclude_unpriced_terms(b, named["resource"], read.own_columns),
        lambda b: activities.exclude_unknown_activities(b, named["activity"]),
        commissions.exclude_invalid_rules,
        lambda b: credit.exclude_invalid_invoices(b, run),
        customers.exclude_invalid_referrals,
        histories.exclude_reversed_rows,
        parents.cut_parent_loops,
        lambda b: customers.exclude_invalid_needs(b, named["prospect"], named["resource"]),
        lambda b: scenarios.exclude_invalid_changes(b, run),
    ):
        book, found = rule(book)
        findings += found
    findings += supply.check_sales_left(book)
    found, alike = customers.compare_names(book, named["customer"])
    findings += found + customers.check_mentioned_customers(book, named["customer"], alike)
    findings += pools.check_pooled_customers(book)
    findings += histories.check_histories(book) + attributes.check_group_by(book, read.settings, run)
    findings += credit.check_financing(book, run)
    findings += coverage.check_coverage(book, run)
    book, found = credit.fill_loss_rates(book, run)
    findings += found
    findings += amounts.check_signs(book, run.currency, read.credits)
    findings += amounts.check_excessive_deductions(book, run.currency)
    findings += amounts.check_missing_customers(book, run.currency)
    return book, findings


def _add_driver_columns(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables, the logs with a column for each driver that a term names and for no other."""
    drivers = sorted(set(frames["Activities"]["driver"].astype(str)) - {""})
    driven = dict(frames)
    for name in DRIVER_TABLES:
        own = [column.name for column in TABLES[name].columns]
        absent = {driver: 0.0 for driver in drivers if driver not in frames[name]}
        driven[name] = frames[name].assign(**absent)[[*own, *drivers, "row"]]
    return driven

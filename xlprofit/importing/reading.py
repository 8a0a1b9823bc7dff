"""Reading: a source that has a profile, or is a sheet of a workbook, as the table that the checks take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from xlprofit.errors import XlprofitError
from xlprofit.findings import Finding, build_finding, phrase
from xlprofit.importing.exports.export import ExportSheet
from xlprofit.importing.exports.match import LIKELY
from xlprofit.importing.exports.opening import read_beside, read_export
from xlprofit.importing.exports.pages import read_page
from xlprofit.importing.extraction.application import apply_rules
from xlprofit.importing.extraction.heads import refuse_unsettled
from xlprofit.importing.extraction.joining import join_sheets
from xlprofit.importing.extraction.news import tell_new_sheets
from xlprofit.importing.profiles.profile import (
    ColumnRule,
    Profile,
    ProfileError,
    TableRule,
    load_profile,
    write_profile,
)
from xlprofit.importing.proposals.assembly import build_table
from xlprofit.importing.proposals.proposal import Proposal, propose_export
from xlprofit.messages import _, name_in_workbook
from xlprofit.sources.files import find_files, resolve_source_path
from xlprofit.sources.spec import Source
from xlprofit.sources.watch import is_plain_file
from xlprofit.tables import TABLES, Raw, header_key


def read_profiled(source: Source) -> tuple[Raw, list[Finding]]:
    """Return the table of a source as its profile says, and what is to be said of it.

    Without a profile the source is a sheet of a workbook: its header row and columns are found.

    Raises:
        SourceError: there is no such file.
        ProfileError: the profile is none, or does not fit the file.
        FileError: the workbook cannot be read.
    """
    profile = load_profile(source.profile, source.folder) if source.profile else None
    if source.export:
        return _finish(source, *_read_one_file(source, profile, list(source.export), source.label), 1)
    path = resolve_source_path(source)
    is_workbook = path.suffix.lower() in (".xlsx", ".xlsm") and (is_plain_file(path) or not path.exists())
    paths = [path] if is_workbook else list(find_files(source).paths)
    raws, findings = [], list[Finding]()
    for one in paths:
        label = (
            source.label
            if len(paths) == 1
            else _("{table} from {place}", table=name_in_workbook(source.table), place=one.name)
        )
        raw, told = _read_one_file(source, profile, read_source(source, profile, one), label)
        raws.append(raw)
        findings += told
    whole = raws[0] if len(raws) == 1 else join_sheets(raws, source.label)
    return _finish(source, whole, findings, len(raws))


def read_source(source: Source, profile: Profile | None, path: Path) -> list[ExportSheet]:
    """Return the sheets of one file of a source, read as its options or its profile say."""
    options = source.options
    export = read_export(path, profile, options.get("delimiter", ""), options.get("encoding", ""))
    return [*export, *read_beside(path, profile)]


def _read_one_file(
    source: Source, profile: Profile | None, export: list[ExportSheet], label: str
) -> tuple[Raw, list[Finding]]:
    """Return the table that the sheets of one file give, and what is to be said of it."""
    stated = _select_rules(source, profile, label)
    sheets = _select_sheets(source, export, label)
    rules = [complete_rule(source, rule) for rule in stated or [find_rule(source, sheets, label)]]
    raw, findings = apply_rules(rules, sheets, label)
    findings += tell_new_sheets(rules, sheets, label) if stated else []
    if (profile and profile.encoding) or "encoding" in source.options:
        return raw, findings
    return raw, [*(_tell_encoding(sheet, label) for sheet in sheets if sheet.assumed), *findings]


def _select_rules(source: Source, profile: Profile | None, label: str) -> Sequence[TableRule]:
    """Return the rules that a profile has for the table of a source; none where there is no profile."""
    if profile is None:
        return []
    rules = [rule for rule in profile.tables if rule.table == source.table]
    if not rules:
        raise ProfileError(
            _(
                "{source}: its profile does not say how {table} is read",
                source=label,
                table=name_in_workbook(source.table),
            ),
            _("It has {names}", names=", ".join(name_in_workbook(one.table) for one in profile.tables)),
        )
    return rules


def _select_sheets(source: Source, export: list[ExportSheet], label: str) -> list[ExportSheet]:
    """Return the sheets that a source names; all where it names none."""
    if not source.query:
        return export
    wanted = [sheet for sheet in export if header_key(sheet.sheet) == header_key(source.query)]
    if not wanted:
        raise ProfileError(
            _("{source}: there is no sheet {sheet}", source=label, sheet=source.query),
            _("Its sheets are {names}", names=", ".join(sheet.sheet for sheet in export)),
        )
    return wanted


def _tell_encoding(sheet: ExportSheet, label: str) -> Finding:
    return build_finding("D06", label, "", phrase("D06", "not_utf_read", encoding=sheet.encoding))


def can_propose(source: Source, paths: Sequence[Path]) -> bool:
    """Whether the table of a source is surely found in its only file, header row and columns."""
    if len(paths) != 1:
        return False
    try:
        proposal = propose_export(paths[0], read_source(source, None, paths[0]))
    except XlprofitError:
        return False
    table = proposal.find_table(source.table)
    return table is not None and table.trust >= LIKELY


def accept_proposal(proposal: Proposal) -> tuple[dict[str, Raw], list[Finding]]:
    """Return the tables of an export as they are proposed, and what is to be said of them; nothing is written."""
    raws: dict[str, Raw] = {}
    findings: list[Finding] = []
    if proposal.unsettled and proposal.find_table("Sales") is None:
        raise refuse_unsettled(proposal.unsettled[0])
    profile = write_profile(proposal.profile)
    whole = all((sheet.rows or sheet.height) == sheet.height for sheet in proposal.export)
    for table in dict.fromkeys(table.table for table in proposal.tables):
        export = proposal.export if whole else ()
        raws[table], told = read_profiled(Source(table, str(proposal.path), profile=profile, export=export))
        findings += told
    return raws, findings


def find_rule(source: Source, export: list[ExportSheet], label: str) -> TableRule:
    """Return how a table is read from the first sheet that has it, as a proposal would say."""
    for sheet in export:
        page = read_page(sheet)
        if page is not None:
            rule = build_table(source.table, page).rule
            if not source.mapping and not rule.columns:
                continue
            return rule
    raise ProfileError(_("{source}: it has no row of headers", source=label), _("Name another sheet"))


def complete_rule(source: Source, rule: TableRule) -> TableRule:
    """Return a rule with what the source's mapping and options say, which go before it."""
    columns = dict(rule.columns)
    for ours, theirs in source.mapping.items():
        name = next((name for name in columns if header_key(name) == header_key(ours)), ours)
        columns[name] = ColumnRule(headers=(theirs,))
    decimal = source.options.get("decimal", "")
    form = source.options.get("date", "")
    for name, column in columns.items():
        if decimal and column.decimal:
            columns[name] = replace(columns[name], decimal=decimal)
        if (
            form
            and _is_date_column(rule.table, name)
            and column.form not in ("serial", "month", "week", "period")
        ):
            columns[name] = replace(columns[name], form=form, order="")
    return replace(rule, columns=columns)


def _is_date_column(table: str, name: str) -> bool:
    """Whether a column of a table has dates."""
    key = header_key(name)
    return any(header_key(column.name) == key and column.kind == "date" for column in TABLES[table].columns)


def _finish(source: Source, raw: Raw, findings: list[Finding], count: int) -> tuple[Raw, list[Finding]]:
    address = Path(source.address)
    name = address.name if count == 1 else f"{address.name} ({count})"
    what = phrase("D01", "rows_read", n=len(raw.frame), path=name or source.address)
    told = [build_finding("D01", source.label, "", what), *findings]
    if source.replaces:
        table = name_in_workbook(source.table)
        instead = phrase("D16", "replaces", table=table, path=name, old=Path(source.replaces).name)
        told.append(build_finding("D16", source.label, "", instead))
    return raw, told

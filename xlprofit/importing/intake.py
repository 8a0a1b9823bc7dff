"""Intake: exports taken into a workbook, which remembers how each is read, and refreshed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

import pandas as pd

from xlprofit.arguments import list_given
from xlprofit.headings import table_meant
from xlprofit.hosts.file import FileHost
from xlprofit.hosts.host import Stage
from xlprofit.importing.exports.export import ExportSheet
from xlprofit.importing.exports.opening import read_beside, read_export
from xlprofit.importing.exports.pages import read_page
from xlprofit.importing.extraction.heads import add_joined_sheets, refuse_unsettled
from xlprofit.importing.extraction.news import list_new_sheets
from xlprofit.importing.extraction.pivots import looks_like_pivot
from xlprofit.importing.extraction.recognition import resolve_headers
from xlprofit.importing.profiles.profile import (
    ProfileError,
    keep_table,
    list_ready_profiles,
    load_profile,
    write_profile,
)
from xlprofit.importing.profiles.rules import Profile
from xlprofit.importing.proposals.assembly import find_matches
from xlprofit.importing.proposals.proposal import Proposal, join_proposals, propose, propose_profile
from xlprofit.importing.proposals.subjects import find_subject, tell_subject
from xlprofit.messages import Message
from xlprofit.ooxml.lock import await_release, lock_workbook
from xlprofit.ooxml.remembering import remember_sources
from xlprofit.ooxml.saving import (
    NOTHING,
    read_stamp_or_nothing,
    refuse_unwritable_folder,
    replace_files,
    resolve_links,
)
from xlprofit.scratch import open_scratch_folder
from xlprofit.sheets.parts import Cell, Meaning, Sheet
from xlprofit.sources import spec
from xlprofit.sources.options import parse_options
from xlprofit.sources.sheet import list_sources
from xlprofit.sources.spec import Source
from xlprofit.sources.watch import watch_export
from xlprofit.tables import TABLES
from xlprofit.words.speech import _, find_workbook_name
from xlprofit.workflow import Refreshed, new, refresh_sheets

BESIDE = "-xlprofit.xlsx"
"""What the workbook is called that is made of an export, where nobody names one: orders-xlprofit.xlsx."""


@dataclass(frozen=True)
class Plan:
    """What is to be taken in: the workbook, and each export's proposal.

    ``known`` are the exports that were confirmed before, by the workbook's Sources or by a profile that was given;
    ``before`` are the sources that the workbook has until now.
    """

    output: Path
    proposals: tuple[Proposal, ...]
    known: frozenset[Path] = frozenset()
    before: tuple[Source, ...] = ()

    @property
    def open(self) -> tuple[Proposal, ...]:
        """The proposals that nobody has confirmed yet."""
        return tuple(proposal for proposal in self.proposals if proposal.path not in self.known)

    def confirm_guesses(self) -> Plan:
        """Return the plan once the user has seen all its columns: a guess that was accepted is none any more."""
        return replace(self, proposals=tuple(proposal.confirm_guesses() for proposal in self.proposals))


def plan_import(
    paths: Sequence[str | Path],
    output: str | Path | None = None,
    *,
    profile: str | Path = "",
    mapping: str = "",
    options: str = "",
) -> Plan:
    """Return how exports would be taken into a workbook; nothing is written.

    Args:
        paths: the exports, workbooks or files of text; ``book.xlsx#Orders`` is one sheet.
        output: the workbook; by default ``NAME-xlprofit.xlsx`` beside the first export. What its table Sources
            remembers of an export of the same form is taken without a question.
        profile: a TOML file that says how the exports are read, or the name of a ready profile; a file that is not
            there yet is written by :func:`import_files`.
        mapping: columns of another name, such as ``customer=cust_no; gross_revenue=net``.
        options: such as ``delimiter=; encoding=cp1252``, with blanks between.

    Raises:
        FileError: a workbook cannot be read.
        ProfileError: an export cannot be read, or the profile does not fit it.
    """
    paths = list_given(paths or (), (str, Path), "paths", _("the files of the exports"))
    if not paths:
        raise ProfileError(
            _("No export was given"), _("Name a file: {command}", command="xlprofit import FILE")
        )
    told = parse_options(options, _("The import"))
    mapped = spec.parse_mapping(mapping, _("The import"))
    first = Path(str(paths[0]).partition("#")[0])
    target = Path(output) if output is not None else first.parent / f"{first.stem}{BESIDE}"
    given = _load_given(profile)
    before = _list_before(target)
    remembered = [source for source in before if source.profile]
    proposals, known = [], set()
    for path in paths:
        with watch_export(_("The import"), told):
            proposal, is_known = _plan_one(path, given, remembered, told)
        proposals.append(_map_columns(proposal, mapped) if mapped else proposal)
        known |= {proposal.path} if is_known else set()
    proposals, joined = _join_files(proposals, remembered, known)
    known |= joined
    _refuse_twice_held(proposals)
    return Plan(target, tuple(proposals), frozenset(known), tuple(before))


def import_files(
    paths: Sequence[str | Path],
    output: str | Path | None = None,
    *,
    profile: str | Path = "",
    mapping: str = "",
    options: str = "",
    plan: Plan | None = None,
    backup: bool = False,
    stage: Stage = lambda words: None,
) -> Refreshed:
    """Take exports into a workbook as they are proposed, and refresh it.

    The workbook's table Sources remembers where each table comes from and how it is read, so that a later refresh
    reads the file as it is by then, with no question. A workbook that is there keeps all that it has.

    Args:
        paths: the exports, as :func:`plan_import` has them.
        output: the workbook, as there.
        profile: how the exports are read, as there; a TOML file that is not there yet is written.
        mapping: columns of another name, as there.
        options: how files of text are read, as there.
        plan: what :func:`plan_import` gave, its proposals confirmed or changed; worked out where it is not given.
        backup: keep the workbook that is written over, as ``BOOK.backup.xlsx`` beside it.
        stage: called with a few words at the start of each stage.

    Raises:
        FileError: a workbook cannot be read or written.
        ProfileError: an export cannot be read, or holds no table that is recognised.
        StoppedError: findings stop the work; the error has them all.
    """
    stage(_("Reading the exports"))
    plan = plan or plan_import(paths, output, profile=profile, mapping=mapping, options=options)
    _refuse_incomplete_plan(plan)
    with _keep_given_profile(plan, profile) as text:
        return _take_in(plan, text, options, backup=backup, stage=stage)


def _take_in(plan: Plan, text: str, options: str, *, backup: bool, stage: Stage) -> Refreshed:
    """Write the workbook of a plan and refresh it; ``text`` is how Sources names the profile that was given."""
    rows = [row for proposal in plan.proposals for row in _list_source_rows(plan, proposal, text, options)]
    sources = [
        source for proposal in plan.proposals for source in _list_plan_sources(plan, proposal, options)
    ]
    target = plan.output
    with open_scratch_folder() as folder:
        beside = folder / target.name
        replaced = read_stamp_or_nothing(target)
        if replaced is not NOTHING:
            remember_sources(_with_sources_sheet(target, folder), beside, rows)
        else:
            new(beside, {"Sources": pd.DataFrame(rows), "Settings": _list_export_settings(plan)})
        host = FileHost(beside, target, backup=backup, stage=stage, folder=target.parent, replaced=replaced)
        return Refreshed.of(*refresh_sheets(host, sources=sources))


def list_source_rows(plan: Plan, options: str = "") -> list[dict[str, object]]:
    """Return the rows of the table Sources that remember the exports of a plan."""
    return [row for proposal in plan.proposals for row in _list_source_rows(plan, proposal, "", options)]


# --- planning --------------------------------------------------------------------------------------


def _plan_one(
    path: str | Path, given: Profile | None, remembered: Sequence[Source], options: Mapping[str, str]
) -> tuple[Proposal, bool]:
    """Return what is proposed for an export, and whether it was confirmed before."""
    proposal = propose(path, delimiter=options.get("delimiter", ""), encoding=options.get("encoding", ""))
    if given is not None:
        beside = read_beside(proposal.path, given)
        return propose_profile(given, proposal.path, (*proposal.export, *beside)), True
    confirmed = _find_confirmed(proposal.export, remembered)
    if confirmed is not None:
        return propose_profile(confirmed, proposal.path, proposal.export), True
    return proposal, False


def _join_files(
    proposals: Sequence[Proposal], remembered: Sequence[Source], known: AbstractSet[Path]
) -> tuple[list[Proposal], set[Path]]:
    """Return proposals in which lines are joined to the orders of another file, and which of these are confirmed.

    A file of orders that has nothing else goes with its lines.
    """
    found, confirmed = list(proposals), set[Path]()
    for lines, heads in permutations(proposals, 2):
        if lines.path in known or lines not in found or heads not in found:
            continue
        pair = join_proposals(lines, heads)
        if pair is None:
            continue
        before = _find_confirmed(pair[0].export, remembered)
        if before is not None:
            confirmed.add(lines.path)
            pair = propose_profile(before, lines.path, pair[0].export), pair[1]
        found = [pair[0] if one is lines else pair[1] if one is heads else one for one in found]
    return [one for one in found if one.tables or not _goes_with_lines(one, found)], confirmed


def _goes_with_lines(heads: Proposal, proposals: Sequence[Proposal]) -> bool:
    """Whether an export is read with another one, as the orders of its lines."""
    return any(
        one is not heads and set(map(id, heads.export)) <= set(map(id, one.export)) for one in proposals
    )


def _find_confirmed(export: Sequence[ExportSheet], remembered: Sequence[Source]) -> Profile | None:
    """Return the profile of a remembered export of the same form, with the rules of all its tables."""
    for source in remembered:
        profile = load_profile(source.profile, source.folder)
        if _fits_export(profile, export):
            several = [load_profile(s.profile, s.folder) for s in remembered if s.address == source.address]
            rules = {rule.table: rule for one in several for rule in one.tables}
            whole = replace(profile, tables=tuple(rules.values()))
            if _fits_export(whole, export):
                return whole
    return None


def _fits_export(profile: Profile, export: Sequence[ExportSheet]) -> bool:
    """Whether an export has the columns that each table of a profile requires, and no further sheet with them."""
    export = add_joined_sheets(profile.tables, export)
    return all(resolve_headers(rule, export) is not None for rule in profile.tables) and not list_new_sheets(
        profile.tables, export
    )


def _load_given(profile: str | Path) -> Profile | None:
    """Return the profile that was given; ``None`` where none was, or its file is still to be written."""
    text = str(profile)
    if not text or (text not in list_ready_profiles() and not Path(text).exists()):
        if text and Path(text).suffix.lower() != ".toml":
            return load_profile(text)  # which says that there is none
        return None
    return load_profile(text)


def _list_before(target: Path) -> list[Source]:
    """Return the sources that a workbook has."""
    if not target.exists():
        return []
    raws = FileHost(target).read_tables()
    return list(list_sources(raws["Sources"], target.parent)) if "Sources" in raws else []


def _map_columns(proposal: Proposal, mapped: Mapping[str, str]) -> Proposal:
    """Return a proposal with columns of another name, as the command line says."""
    if not any(mapped.keys() <= {c.name for c in TABLES[t.table].columns} for t in proposal.tables):
        proposal = proposal.add_mapped_table(mapped)
    for column, header in mapped.items():
        tables = [t for t in proposal.tables if any(c.name == column for c in TABLES[t.table].columns)]
        for table in tables:
            proposal = proposal.change_column(table.table, column, header)
    return proposal


def _refuse_twice_held(proposals: Sequence[Proposal]) -> None:
    held: dict[str, Path] = {}
    for proposal in proposals:
        for table in proposal.tables:
            if held.get(table.table, proposal.path) != proposal.path:
                raise ProfileError(
                    _(
                        "{one} and {other} both hold {table}",
                        one=held[table.table].name,
                        other=proposal.path.name,
                        table=find_workbook_name(table.table),
                    ),
                    _("Put files of one form into a folder of their own and import the folder"),
                )
            held[table.table] = proposal.path


def _refuse_incomplete_plan(plan: Plan) -> None:
    if all(proposal.find_table("Sales") is None for proposal in plan.proposals):
        for proposal in (one for one in plan.proposals if one.unsettled):
            raise refuse_unsettled(proposal.unsettled[0])
        for proposal in plan.proposals if not plan.output.exists() else ():
            if any(map(_find_other_subject, proposal.export)):
                raise _refuse_unknown_export(proposal)
        if all(proposal.tables for proposal in plan.proposals) and not plan.output.exists():
            raise _refuse_without_sales(plan)
    for proposal in plan.proposals:
        if not proposal.tables:
            raise _refuse_unknown_export(proposal)
        for table in proposal.tables:
            if table.missing:
                raise ProfileError(
                    _(
                        "{path}: no column was found for {columns} of {table}",
                        path=proposal.path.name,
                        columns=", ".join(find_workbook_name(table.table, name) for name in table.missing),
                        table=find_workbook_name(table.table),
                    ),
                    _(
                        "Say which it is: {example}; the export has {names}",
                        example=f'--mapping "{table.missing[0]}=…"',
                        names=", ".join(column.header for column in table.unused)[:200],
                    ),
                )


def _refuse_without_sales(plan: Plan) -> ProfileError:
    """Return the refusal of exports that hold tables but no sales, for a workbook that is still to be made."""
    tables = dict.fromkeys(table.table for proposal in plan.proposals for table in proposal.tables)
    names = [proposal.path.name for proposal in plan.proposals]
    return ProfileError(
        _(
            "{path} holds {tables}, and no sales were recognised",
            path=", ".join(names),
            tables=", ".join(map(find_workbook_name, tables)),
        ),
        _(
            "Import it together with a file of sales, or into a workbook that has them: {command}. "
            "If the sales are in it, say which column is which: {example}",
            command=f"xlprofit import SALES.csv {names[0]}",
            example='--mapping "customer=…; date=…; gross_revenue=…"',
        ),
    )


def _refuse_unknown_export(proposal: Proposal) -> ProfileError:
    """Return the refusal of an export without a table that is recognised, with what can be done."""
    what = (
        _("{path} holds no sales", path=proposal.path.name)
        if proposal.tables
        else _("{path} holds no table that is recognised", path=proposal.path.name)
    )
    if any(looks_like_pivot(sheet) for sheet in proposal.export):
        return ProfileError(
            what,
            _(
                "It looks like a pivot table: in Excel choose Design > Report Layout > Show in Tabular Form and "
                "Repeat All Item Labels, with months in rows, or export the data behind it"
            ),
        )
    example = '--mapping "customer=…; date=…"'
    subject = next(filter(None, map(_find_other_subject, proposal.export)), None)
    if subject is None:
        return ProfileError(what, _("Say which column is which: {example}", example=example))
    return ProfileError(
        what,
        _(
            "{looks}. If these are sales, say which column is which: {example}",
            looks=subject,
            example=example,
        ),
    )


def _find_other_subject(sheet: ExportSheet) -> Message | None:
    """Return what a sheet looks like that is no list of sales; ``None`` where nothing says so."""
    page = read_page(sheet)
    subject = find_subject(page, find_matches("Sales", page)) if page is not None else ""
    return tell_subject(subject) if subject else None


# --- what the workbook remembers -------------------------------------------------------------------


def _list_source_rows(plan: Plan, proposal: Proposal, profile: str, options: str) -> list[dict[str, object]]:
    """Return the rows of Sources that remember an export."""
    at = _write_path(proposal.path, plan.output)
    return [
        {
            "table": table.table,
            "source": at,
            "query": "",
            "mapping": "",
            "password": "",
            "options": options,
            "profile": profile
            or proposal.ready
            or write_profile(keep_table(_confirm(proposal.profile), table.table)),
            "time_limit": None,
        }
        for table in {table.table: table for table in proposal.tables}.values()
    ]


def _confirm(profile: Profile) -> Profile:
    """Return a profile without what it is recognised by, which a workbook does not need."""
    return replace(profile, headers=(), first_line="")


def _write_path(path: Path, output: Path) -> str:
    """Return where an export lies, from the workbook's folder on where it lies in or below it.

    Raises:
        ProfileError: no cell can hold its name.
    """
    own, folder = resolve_links(path), resolve_links(output).parent
    written = own.relative_to(folder).as_posix() if own.is_relative_to(folder) else str(own)
    try:
        written.encode()
    except UnicodeEncodeError as error:
        raise ProfileError(
            _("{path} has a name that is not UTF-8, which no workbook can remember", path=str(path)),
            _("Rename the file"),
        ) from error
    return written


def find_replaced(plan: Plan, proposal: Proposal, table: str) -> str:
    """Return the file that a table came from before, where an export takes its place; nothing where it does not."""
    for source in plan.before:
        own = (source.folder or Path()) / source.address
        if source.table == table and resolve_links(own) != resolve_links(proposal.path):
            return source.address
    return ""


def _list_plan_sources(plan: Plan, proposal: Proposal, options: str) -> list[Source]:
    """Return the sources of an export that was read already, where it was read whole."""
    whole = all((sheet.rows or sheet.height) == sheet.height for sheet in proposal.export)
    export: Sequence[ExportSheet] = proposal.export
    if not whole:
        again = read_export(proposal.path, proposal.profile)
        export = (*again, *read_beside(proposal.path, proposal.profile))
    told = parse_options(options, proposal.path.name)
    return [
        Source(
            table.table,
            str(proposal.path),
            options=told,
            profile=write_profile(proposal.profile),
            export=tuple(export),
            replaces=find_replaced(plan, proposal, table.table),
        )
        for table in {table.table: table for table in proposal.tables}.values()
    ]


@contextmanager
def _keep_given_profile(plan: Plan, profile: str | Path) -> Iterator[str]:
    """Write the profile to the file that was named, where it is not there; give how Sources names it."""
    text = str(profile)
    if not text or text in list_ready_profiles():
        yield text
        return
    path = Path(text)
    named = _write_path(path, plan.output)
    if path.exists():
        await_release(path)  # of an import that has just made it, and takes it away again where it fails
    if path.exists():
        yield named
        return
    refuse_unwritable_folder(path)
    with lock_workbook(path), _make_profile(path, plan):
        yield named


@contextmanager
def _make_profile(path: Path, plan: Plan) -> Iterator[None]:
    """Write the profile of a plan; where the block fails it goes again, since nothing was written then.

    Whoever holds its lock meanwhile knows that nobody else has taken it up.
    """
    rules = tuple(rule for proposal in plan.proposals for rule in proposal.profile.tables)
    first = plan.proposals[0].profile
    whole = replace(first, tables=rules, name=first.name or plan.proposals[0].path.stem)
    with replace_files([path], fresh=True) as (beside,):
        beside.write_text(write_profile(whole), encoding="utf-8")
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _with_sources_sheet(book: Path, folder: Path) -> Path:
    """Return a workbook that has a sheet Sources: the one given, or a copy with an empty one."""
    host = FileHost(book)
    if "Sources" in host.read_tables():
        return book
    headers = [column.name for column in TABLES["Sources"].columns]
    cells = tuple(Cell(1, at, header, meaning=Meaning.HEADER) for at, header in enumerate(headers, 1))
    copy = folder / f"with-sources{book.suffix}"
    FileHost(book, copy).put_sheets([Sheet(find_workbook_name("Sources"), cells=cells)], keep=False)
    return copy


def _list_export_settings(plan: Plan) -> pd.DataFrame:
    """Return the settings of an export that has them; else a blank currency, so that the one of the export is taken."""
    for proposal in plan.proposals:
        if any(table_meant(sheet.sheet) == "Settings" for sheet in proposal.export if not sheet.text):
            return FileHost(proposal.path).read_tables()["Settings"].frame
    return pd.DataFrame({"setting": ["currency"], "value": [None]})

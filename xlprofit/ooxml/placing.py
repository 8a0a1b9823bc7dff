"""Result sheets placed into the user's package: which parts are new, which change, and which go.

Every part that is not named here goes over as it is, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from zipfile import ZipFile

from xlprofit.languages import list_terms
from xlprofit.ooxml import recalculation, renaming
from xlprofit.ooxml.archive import Content
from xlprofit.ooxml.drawn import Drawn, draw_sheet_package, find_free_part_name, write_sheet_xml
from xlprofit.ooxml.guide import NAME as GUIDE
from xlprofit.ooxml.listing import Listed, Listing, extend_sheet_list, read_sheet_list
from xlprofit.ooxml.manifest import (
    SIGNATURE,
    build_relations_part,
    find_free_relation_id,
    find_reached_parts,
    name_relations_part,
    update_content_types,
    update_relations,
)
from xlprofit.ooxml.numbering import TABLE_TYPE, TakenNumbers, read_taken_numbers, renumber_table
from xlprofit.ooxml.package import (
    TYPES,
    Relation,
    find_part_spelling,
    read_part,
    read_part_beginning,
    read_part_pieces,
    read_relations,
    refuse_foreign_xml,
)
from xlprofit.ooxml.splice import remove_tag_attribute
from xlprofit.ooxml.styles import NONE, Styles, merge_style_parts
from xlprofit.ooxml.tags import match_tags, read_attribute
from xlprofit.sheets.names import list_former_names
from xlprofit.sheets.parts import Sheet

_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_BEGINNING = 1 << 16
"""How a sheet is viewed stands within so many bytes."""

_ENDINGS = {"vml": "application/vnd.openxmlformats-officedocument.vmlDrawing"}


@dataclass
class Placing:
    """What is to be written anew: contents by part, the parts that are dropped, types and arrows to come."""

    contents: dict[str, Content] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    types: dict[str, str] = field(default_factory=dict)
    arrows: dict[str, Relation] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    """The workbook's arrows that are left out."""
    taken: TakenNumbers = field(default_factory=TakenNumbers)
    """What tables of the user's, and those placed so far, are called."""
    stale: bool = False
    """Whether formulas of the user's that show results keep their old values on opening."""


@dataclass(frozen=True)
class _Site:
    """The user's package, its list of sheets, those of ours in it by lower-case name, and what is drawn.

    ``ours`` has a sheet that is named in another language under its new name; ``renamed`` says which those are.
    """

    book: ZipFile
    listing: Listing
    ours: Mapping[str, Listed]
    drawn: Drawn
    renamed: Mapping[str, str]
    front: str = ""
    """The new sheet that is shown on opening, if any."""


def place_result_sheets(book: ZipFile, sheets: Sequence[Sheet]) -> Placing:
    """Return how result sheets go into a package: in place of those of ours that are there, others at the end.

    Of the user's, these parts change: the list of sheets with its arrows, the types, the styles (to
    which ours are added); the calculation chain, which Excel makes again, is dropped, and so is
    what only the old result sheets led to. A signature of the package is dropped, for it would not hold.

    :raises FileError: a part of the package is damaged.
    """
    old = read_sheet_list(book)
    own = {s.name.casefold(): s for s in old.sheets if s.ours}
    renamed = _find_renamed_sheets(sheets, own)
    ours = own | {new.casefold(): own[former.casefold()] for former, new in renamed.items()}
    with ThreadPoolExecutor(max_workers=1) as beside:  # unpacking the user's sheets takes the other core
        decided = beside.submit(copy_context().run, recalculation.plan_recalculation, book, old, sheets)
        front = sheets[0].name if _is_made_here(old) else ""
        site = _Site(book, old, ours, draw_sheet_package(sheets), renamed, front)
    placing = Placing()
    _drop_old_parts(site, placing)
    placing.taken = read_taken_numbers(book, placing.dropped, old)
    styles = _place_styles(site, placing)
    new = _place_sheets(site, placing, sheets, styles)
    hidden = [s.name for s in sheets if s.hidden]
    names = [replace(n, sheet=_find_listed_name(site, n.sheet)) for n in site.drawn.names()]
    opening = decided.result()
    placing.stale = opening.stale
    leading = [name for name in new if name not in hidden] if _is_made_here(old) else []
    placing.contents[old.part] = extend_sheet_list(
        old, new, hidden, names, renamed, calculation=opening.attributes, leading=leading
    )
    if leading:
        placing.contents.update(_deselect_sheets(site, placing))
    left = _list_drawn_parts(site) | set(placing.contents) | placing.dropped
    placing.contents.update(renaming.redirect_parts(book, renamed, left) if renamed else ())
    _place_lists(site, placing)
    return placing


def _is_made_here(old: Listing) -> bool:
    """Whether a workbook was made by xlprofit and has no result sheet yet: it begins with the Guide."""
    return (
        bool(old.sheets)
        and not any(sheet.ours for sheet in old.sheets)
        and (old.sheets[0].name in list_terms("sheet", GUIDE))
    )


def _deselect_sheets(site: _Site, placing: Placing) -> Iterator[tuple[str, bytes]]:
    """Yield the sheets that are selected as they are when none is: what one types goes to all that are selected."""
    views = match_tags("sheetView")
    for sheet in site.listing.sheets:
        if sheet.part in placing.contents or sheet.part not in site.book.NameToInfo:
            continue
        head = read_part_beginning(site.book, sheet.part, _BEGINNING)
        if any(read_attribute(view[1], "tabSelected") for view in views.finditer(head)):
            xml = read_part(site.book, sheet.part)
            yield sheet.part, views.sub(lambda view: remove_tag_attribute(view[0], "tabSelected"), xml)


def _find_renamed_sheets(sheets: Sequence[Sheet], own: Mapping[str, Listed]) -> dict[str, str]:
    """Return the new names of our sheets that are named in another language, by the names that they have."""
    return {
        own[former.casefold()].name: sheet.name
        for sheet in sheets
        if sheet.name.casefold() not in own
        for former in list_former_names(sheet.name)
        if former.casefold() in own
    }


def _find_listed_name(site: _Site, sheet: str) -> str:
    known = site.ours.get(sheet.casefold())
    return site.renamed.get(known.name, known.name) if known else sheet


def _list_taken_names(site: _Site, placing: Placing) -> set[str]:
    """Return the names that parts have, of the user's and of ours."""
    return (set(site.book.namelist()) - placing.dropped) | set(placing.contents)


# --- what goes -------------------------------------------------------------------------------------


def _list_drawn_parts(site: _Site) -> set[str]:
    """Return the parts of our sheets that are drawn anew; others of ours stay as they are, with all they have."""
    drawn = {name.casefold() for name in site.drawn.outlines}
    return {sheet.part for name, sheet in site.ours.items() if name in drawn}


def _drop_old_parts(site: _Site, placing: Placing) -> None:
    """Drop what only the old result sheets lead to, the calculation chain, and signatures of the package."""
    book, own = site.book, _list_drawn_parts(site)
    chains = {i: a.target for i, a in site.listing.relations.items() if a.kind == "calcChain"}
    signed = {a.target for a in read_relations(book, "").values() if a.kind == SIGNATURE}
    orphans = find_reached_parts(book, own) - find_reached_parts(book, [""], own) - own
    dropped = {*orphans, *chains.values(), *signed, *find_reached_parts(book, signed)}
    placing.gone |= set(chains)
    placing.dropped |= dropped | {
        find_part_spelling(book, name_relations_part(name)) for name in dropped | own
    }
    placing.dropped &= set(book.namelist())


# --- what comes ------------------------------------------------------------------------------------


def _place_styles(site: _Site, placing: Placing) -> Styles:
    """Add our styles to the user's."""
    name = next((a.target for a in site.listing.relations.values() if a.kind == "styles"), "")
    theirs = read_part(site.book, name) if name else NONE
    if name:
        refuse_foreign_xml(site.book, name, theirs)
    styles = merge_style_parts(theirs, site.drawn.styles)
    if not name:
        name = "xl/styles.xml"
        placing.arrows[find_free_relation_id(site.listing.relations)] = Relation("styles", name)
        placing.types[name] = f"{_SPREADSHEET}.styles+xml"
    if styles.xml != theirs or name not in site.book.NameToInfo:
        placing.contents[name] = styles.xml
    return styles


def _place_sheets(site: _Site, placing: Placing, sheets: Sequence[Sheet], styles: Styles) -> dict[str, str]:
    """Put in all sheets; return the relations of those that are new, by their names."""
    new: dict[str, str] = {}
    for sheet in sheets:
        known = site.ours.get(sheet.name.casefold())
        if known is None:
            new[sheet.name] = find_free_relation_id({*site.listing.relations, *placing.arrows})
            name = find_free_part_name(site.drawn.parts[sheet.name], _list_taken_names(site, placing))
            placing.arrows[new[sheet.name]] = Relation("worksheet", name)
        _place_sheet(site, placing, sheet, styles, known.part if known else name)
    return new


def _place_sheet(site: _Site, placing: Placing, sheet: Sheet, styles: Styles, name: str) -> None:
    """Put in a sheet under its part's name, and all that it leads to under names that are free."""
    book, kinds = site.drawn, site.drawn.types()
    names = {book.parts[sheet.name]: name}
    for old, leads in book.around(sheet.name):
        for arrow in leads.values():
            names[arrow.target] = find_free_part_name(
                arrow.target, _list_taken_names(site, placing) | set(names.values())
            )
        if old == book.parts[sheet.name]:
            placing.contents[name] = _write_placed_cells(site, sheet.name, styles)
        else:
            content = read_part(book.package, old)
            if kinds.get(old) == TABLE_TYPE:
                content = renumber_table(content, placing.taken)
            placing.contents[names[old]] = content
        if leads:
            moved = {i: replace(arrow, target=names[arrow.target]) for i, arrow in leads.items()}
            arrows_part = find_part_spelling(site.book, name_relations_part(names[old]))
            placing.contents[arrows_part] = build_relations_part(names[old], moved)
            placing.dropped.discard(arrows_part)
        if old in kinds:
            placing.types[names[old]] = kinds[old]
        placing.dropped.discard(names[old])


def _write_placed_cells(site: _Site, name: str, styles: Styles) -> Iterator[bytes]:
    known = site.ours.get(name.casefold())
    head = next(read_part_pieces(site.book, known.part), b"") if known else b""
    properties = match_tags("sheetPr").search(head)
    code_name = read_attribute(properties[1], "codeName") if properties else None
    return write_sheet_xml(
        site.drawn,
        name,
        styles,
        code_name=(code_name or b"").decode(),
        selected=known.selected if known is not None else name == site.front,
        since_1904=site.listing.since_1904,
    )


def _place_lists(site: _Site, placing: Placing) -> None:
    """Say in the package what is new and what is gone."""
    book, main = site.book, site.listing.part
    placing.dropped -= set(placing.contents)
    name = find_part_spelling(book, name_relations_part(main))
    placing.contents[name] = update_relations(main, read_part(book, name), placing.gone, placing.arrows)
    used = {n.rpartition(".")[2] for n in placing.contents}
    endings = {ending: kind for ending, kind in _ENDINGS.items() if ending in used}
    types = find_part_spelling(book, TYPES)
    placing.contents[types] = update_content_types(
        read_part(book, types), placing.dropped, placing.types, endings
    )
    signed = {i for i, arrow in read_relations(book, "").items() if arrow.kind == SIGNATURE}
    if signed:
        package = find_part_spelling(book, name_relations_part(""))
        placing.contents[package] = update_relations("", read_part(book, package), signed, {})

"""The list of a workbook's sheets: which are ours, and the list with ours in it, all else as it stood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from xlprofit.addresses import parse_whole_number
from xlprofit.markup import escape_markup, quote_attribute
from xlprofit.messages import _
from xlprofit.ooxml.manifest import RELATIONS
from xlprofit.ooxml.package import Relation, find_main_part, read_part, read_relations
from xlprofit.ooxml.renaming import redirect_formula_xml
from xlprofit.ooxml.splice import (
    Edit,
    Element,
    build_append_edits,
    encode_ascii_xml,
    find_element_places,
    set_tag_attribute,
    splice_edits,
    visit_elements,
)

MARK = "_xlprofit_sheet"
"""The hidden name on each sheet of ours that says so; it holds the sheet's name.

A sheet is ours if it bears the mark and the name that the mark holds: a copy of a result sheet, or one that
was given another name, is the user's.
"""

CALCULATED: Mapping[str, str] = MappingProxyType({"fullCalcOnLoad": "1"})
"""What says that Excel calculates the whole workbook when it opens it."""

_REPLACED = ("_xlnm.Print_Area", "_xlnm.Print_Titles", "_xlnm._FilterDatabase", MARK)
_BEFORE_NAMES = ("sheets", "functionGroups", "externalReferences")
_BEFORE_CALCULATION = (*_BEFORE_NAMES, "definedNames")


@dataclass(frozen=True)
class Listed:
    """A sheet in the list: its name, its relation and part, and whether it is ours."""

    name: str
    number: int
    relation: str
    part: str
    ours: bool
    selected: bool


@dataclass(frozen=True)
class LocalName:
    """A name that belongs to one sheet: its attributes but for the sheet's place, and what it stands for."""

    sheet: str
    attributes: Mapping[str, str]
    text: str


@dataclass(frozen=True)
class Listing:
    """The part that lists the sheets, taken apart."""

    part: str
    xml: bytes
    places: tuple[Element, ...]
    sheets: tuple[Listed, ...]
    relations: Mapping[str, Relation]

    @property
    def since_1904(self) -> bool:
        """Whether the workbook counts its days from 1904."""
        found = (p.attribute("date1904") for p in self.places if p.name == "workbookPr")
        return next(found, "") in ("1", "true")

    @property
    def locked(self) -> bool:
        """Whether the structure is protected: Excel lets nobody add, rename or remove a sheet then."""
        found = (p.attribute("lockStructure") for p in self.places if p.name == "workbookProtection")
        return next(found, "") in ("1", "true")

    def place(self, name: str) -> Element | None:
        """Return where an element of the first level stands, if it is there."""
        return next((p for p in self.places if p.depth == 1 and p.name == name), None)


def read_sheet_list(book: ZipFile) -> Listing:
    """Return a workbook's list of sheets, hidden ones and those of charts too.

    Of the defined names, of which there may be very many, only those that ours take the place of are among its places.

    :raises FileError: the part that lists them is damaged.
    """
    main = find_main_part(book)
    xml, arrows = read_part(book, main), read_relations(book, main)
    found = tuple(find_element_places(xml, wanted=_is_kept_place))
    marks = _read_sheet_marks(xml, found)
    active = _read_active_index(found)
    sheets = []
    for index, place in enumerate(p for p in found if p.depth == 2 and p.name == "sheet"):
        name, relation = place.attribute("name"), place.attribute("id")
        arrow = arrows.get(relation)
        ours = marks.get(str(index), "").casefold() == name.casefold()
        number = place.attribute("sheetId")
        target = arrow.target if arrow else ""
        sheets.append(
            Listed(name, parse_whole_number(number) or 0, relation, target, ours, str(index) == active)
        )
    return Listing(main, xml, found, tuple(sheets), arrows)


def _is_kept_place(tag: str, attributes: Mapping[str, str]) -> bool:
    return not tag.endswith("definedName") or attributes.get("name") in _REPLACED


def visit_defined_names(old: Listing, visit: Callable[[Element], None]) -> None:
    """Call ``visit`` with every defined name of a workbook, in their order; none is kept."""
    visit_elements(
        old.xml,
        lambda place: visit(place) if place.depth == 2 else None,
        wanted=lambda tag, attributes: tag.rpartition(":")[2] == "definedName",
    )


def _read_active_index(places: Sequence[Element]) -> str:
    """Return the index of the sheet that is shown on opening, as it is written."""
    view = next((p for p in places if p.name == "workbookView"), None)
    return view.attribute("activeTab") or "0" if view else "0"


def _read_sheet_marks(xml: bytes, places: Sequence[Element]) -> dict[str, str]:
    """Return what the hidden names say by which we know our sheets, by the index of the sheet that bears one."""
    return {
        p.attribute("localSheetId"): _read_element_text(xml, p).strip('"').replace('""', '"')
        for p in places
        if p.depth == 2 and p.name == "definedName" and p.attribute("name") == MARK
    }


def extend_sheet_list(
    old: Listing,
    new: Mapping[str, str],
    hidden: Sequence[str],
    names: Sequence[LocalName],
    renamed: Mapping[str, str],
    *,
    calculation: Mapping[str, str] = CALCULATED,
    leading: Sequence[str] = (),
) -> bytes:
    """Return the part that lists the sheets with new ones at its end, and told whether to calculate on opening.

    Args:
        old: the list as it is.
        new: the relation of each new sheet, by its name.
        hidden: those of them that are not to be seen.
        names: the names of all sheets of ours, which take the place of those that they had.
        renamed: the new names of sheets, by their names in the list.
        calculation: the attributes that say whether it is calculated on opening; none where that stays as it is.
        leading: the new sheets that stand before all that are there instead; the first of them is shown on opening.
    """
    xml, sheets = old.xml, old.place("sheets")
    if sheets is None:
        raise BadZipFile(_("it lists no sheets"))
    first = next(p for p in old.places if p.depth == 2 and p.name == "sheet")
    link = _find_relation_attribute(old)
    number = max((s.number for s in old.sheets), default=0)
    states = dict.fromkeys(hidden, ' state="veryHidden"')
    tags = {
        name: f'<{first.tag} name={quote_attribute(name)} sheetId="{i}"{states.get(name, "")} '
        f"{link}={quote_attribute(relation)}/>"
        for i, (name, relation) in enumerate(new.items(), number + 1)
    }
    behind = [name for name in new if name not in leading]
    edits = build_append_edits(xml, sheets, "".join(tags[name] for name in behind)) if behind else []
    order = [*leading, *(renamed.get(s.name, s.name) for s in old.sheets), *behind]
    if leading:
        edits.append(
            Edit(first.start, first.start, encode_ascii_xml("".join(tags[name] for name in leading)))
        )
        edits += _show_first_sheet(old)
        edits += _move_local_names(old, len(leading))
    edits += _build_name_edits(old, order, names, sheets.prefix, renamed)
    edits += _build_sheet_name_edits(old, renamed)
    edits += _build_calculation_edits(old, calculation, sheets.prefix)
    return splice_edits(xml, edits)


def _show_first_sheet(old: Listing) -> Iterator[Edit]:
    """Yield the edits by which the first sheet is the one that is shown on opening, in every window."""
    for place in (p for p in old.places if p.name == "workbookView"):
        tag = set_tag_attribute(old.xml[place.start : place.inner], "activeTab", "0")
        yield Edit(place.start, place.inner, set_tag_attribute(tag, "firstSheet", "0"))


def _move_local_names(old: Listing, by: int) -> list[Edit]:
    """Return the edits by which names that belong to a sheet still do when so many sheets stand before it."""
    edits: list[Edit] = []

    def move(place: Element) -> None:
        index = parse_whole_number(place.attribute("localSheetId"))
        if index is not None:
            tag = set_tag_attribute(old.xml[place.start : place.inner], "localSheetId", str(index + by))
            edits.append(Edit(place.start, place.inner, tag))

    visit_defined_names(old, move)
    return edits


def _build_sheet_name_edits(old: Listing, renamed: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edits that give sheets their new names."""
    for place in (p for p in old.places if p.depth == 2 and p.name == "sheet"):
        called = renamed.get(place.attribute("name"))
        if called is not None:
            tag = set_tag_attribute(old.xml[place.start : place.inner], "name", called)
            yield Edit(place.start, place.inner, tag)


def _build_calculation_edits(old: Listing, calculation: Mapping[str, str], prefix: str) -> Iterator[Edit]:
    """Yield the edit that says whether the workbook is calculated on opening, where anything is to be said."""
    there = old.place("calcPr")
    if there is not None:
        tag = old.xml[there.start : there.inner]
        for name, value in calculation.items():
            tag = set_tag_attribute(tag, name, value)
        yield Edit(there.start, there.inner, tag)
    elif calculation:
        at = _find_end_of_elements(old, _BEFORE_CALCULATION)
        yield Edit(at, at, f"<{prefix}calcPr{_render_attributes(calculation)}/>".encode())


def _find_relation_attribute(old: Listing) -> str:
    """Return the name of the attribute for a sheet's relation, with its prefix declared where it is not."""
    root = old.places[0]
    known = (
        k.partition(":")[2] for k, v in root.attributes.items() if k.startswith("xmlns:") and v == RELATIONS
    )
    prefix = next(known, "")
    return f"{prefix}:id" if prefix else f'xmlns:r="{RELATIONS}" r:id'


def build_sheet_mark(sheet: str) -> LocalName:
    """Return the name that marks a sheet as ours."""
    return LocalName(sheet, {"name": MARK, "hidden": "1"}, '"' + sheet.replace('"', '""') + '"')


def _render_local_names(tag: str, names: Sequence[LocalName], index: Mapping[str, int]) -> str:
    """Return names of sheets as XML; ``index`` is the place of each sheet in the workbook, from 0."""
    return "".join(
        f"<{tag}{_render_attributes({**name.attributes, 'localSheetId': str(index[name.sheet])})}>"
        f"{escape_markup(name.text)}</{tag}>"
        for name in names
    )


def _build_name_edits(
    old: Listing,
    order: Sequence[str],
    names: Sequence[LocalName],
    prefix: str,
    renamed: Mapping[str, str],
) -> list[Edit]:
    """Return the edits that put names in, in place of those of their kind that our sheets had.

    The user's own names that point at a renamed sheet point at it under its new name.
    """
    tag = f"{prefix}definedName"
    index = {sheet: number for number, sheet in reversed(list(enumerate(order)))}
    content = _render_local_names(tag, names, index)
    group = old.place("definedNames")
    if group is None:
        at = _find_end_of_elements(old, _BEFORE_NAMES)
        return [Edit(at, at, encode_ascii_xml(f"<{tag}s>{content}</{tag}s>"))]
    there = [p for p in old.places if p.depth == 2 and p.name == "definedName"]
    before = [renamed.get(sheet.name, sheet.name) for sheet in old.sheets]
    gone = _list_replaced_names(before, there, {name.sheet for name in names})
    edits = [Edit(place.start, place.end, b"") for place in gone]
    edits += _redirect_names(old, {place.start for place in gone}, renamed)
    return [*edits, *build_append_edits(old.xml, group, content)]


def _list_replaced_names(
    order: Sequence[str], names: Sequence[Element], drawn: Collection[str]
) -> list[Element]:
    """Return the names that new ones take the place of: those of sheets that are drawn, not of others of ours."""
    places = {str(index) for index, sheet in enumerate(order) if sheet in drawn}
    return [p for p in names if p.attribute("localSheetId") in places and p.attribute("name") in _REPLACED]


def _redirect_names(old: Listing, gone: Collection[int], renamed: Mapping[str, str]) -> list[Edit]:
    """Return the edits by which names that point at a renamed sheet point at it under its new name."""
    edits: list[Edit] = []

    def redirect(place: Element) -> None:
        text = old.xml[place.inner : place.outer]
        pointed = redirect_formula_xml(text, renamed)
        if pointed != text and place.start not in gone:
            edits.append(Edit(place.inner, place.outer, pointed))

    if renamed:
        visit_defined_names(old, redirect)
    return edits


def _render_attributes(attributes: Mapping[str, str]) -> str:
    return "".join(f" {name}={quote_attribute(value)}" for name, value in attributes.items())


def _find_end_of_elements(old: Listing, names: Sequence[str]) -> int:
    return max(p.end for p in old.places if p.depth == 1 and p.name in names)


def _read_element_text(xml: bytes, place: Element) -> str:
    """Return the text of an element, with what stands in it by a number or a word (``&#228;``, ``&amp;``) read."""
    texts: list[str] = []
    parser = expat.ParserCreate()
    parser.CharacterDataHandler = texts.append
    parser.Parse(b"<text>" + xml[place.inner : place.outer] + b"</text>", True)
    return "".join(texts)

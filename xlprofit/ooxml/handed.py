"""What the readers of cells are handed: the file itself, or a plain copy of it in memory.

calamine takes the list of sheets, the texts and the styles from where Excel puts them, whatever the arrows of the
package say, and gives up a sheet at what it does not know. A workbook in which that matters is copied: the same
sheets, texts and styles, each under the name that Excel gives it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from xlprofit.addresses import parse_whole_number
from xlprofit.markup import quote_attribute
from xlprofit.messages import _
from xlprofit.ooxml.formats import read_number_formats
from xlprofit.ooxml.manifest import RELATIONS, build_relations_part, name_relations_part
from xlprofit.ooxml.marks import Marks, SheetPatterns, find_opened_cells, find_sheet_patterns
from xlprofit.ooxml.package import (
    TYPES,
    Relation,
    SheetPart,
    build_damage_error,
    find_main_part,
    find_part_spelling,
    list_sheet_parts,
    read_main_tree,
    read_part,
    read_part_beginning,
    read_part_tree,
    read_relations,
    strip_namespace,
    verify_part_text,
)
from xlprofit.ooxml.splice import find_element_places, remove_tag_attribute
from xlprofit.ooxml.tags import match_tags, match_texts, read_attribute

if TYPE_CHECKING:  # where Python runs in a browser there is none, and no file to read
    from python_calamine import CalamineWorkbook

_BOOK, _TEXTS, _STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FOLDERS = ("worksheets", "chartsheets", "dialogsheets")
"""Where calamine knows what a sheet is; at one of Excel 4 macros it gives up the whole workbook."""

_BEGINNING, _LEAST_TEXT, _LONGEST_COUNT = 4_096, 5, 10
"""In so many bytes the texts begin; ``<si/>`` is the shortest of them; the digits of what a part may say to hold."""


def refuse_unsound_parts(book: ZipFile) -> None:
    """Unpack what all sheets share, before a reader of cells does.

    :raises FileError: a part of it is not sound, or is there and no arrow leads to it.
    """
    led = _find_shared_parts(book)
    for kind, usual in (("sharedStrings", _TEXTS), ("styles", _STYLES)):
        name = led.get(kind, "")
        if not name and find_part_spelling(book, usual) in book.NameToInfo:
            lost = _("no relationship leads to its part {name}", name=find_part_spelling(book, usual))
            raise build_damage_error(book.filename, BadZipFile(lost))
        if kind == "styles" and name:
            read_part_tree(
                book, name
            )  # one reader gives up a broken one, another takes what comes before the break
        elif name:
            verify_part_text(book, name)
    verify_part_text(book, find_main_part(book))


def is_usual(book: ZipFile) -> bool:
    """Whether every part that a reader of cells looks for stands where it looks."""
    main, led = find_main_part(book), _find_shared_parts(book)
    usual = {_BOOK: main, _TEXTS: led.get("sharedStrings", _TEXTS), _STYLES: led.get("styles", _STYLES)}
    if any(name != found for name, found in usual.items()):
        return False
    said = name_relations_part(main)
    parts = [sheet.part for sheet in list_sheet_parts(book)]
    entries = [book.NameToInfo.get(name) for name in (main, said, *led.values(), *parts)]
    if any(entry is None or entry.filename != entry.orig_filename for entry in entries):
        return False
    if "sharedStrings" in led and _states_false_count(book, led["sharedStrings"]):
        return False
    return _has_usual_sheet_parts(book, said, parts)


def _states_false_count(book: ZipFile, name: str) -> bool:
    """Whether the part of the texts says that it holds more of them than its bytes have room for.

    calamine takes memory for as many as its ``uniqueCount`` says, before it reads one.
    """
    tag = match_tags("sst").search(read_part_beginning(book, name, _BEGINNING))
    if tag is None:  # it begins with a long remark: nobody writes that
        return True
    room = book.NameToInfo[name].file_size // _LEAST_TEXT
    said = read_attribute(tag[1], "uniqueCount")
    return said is not None and (not said.isdigit() or len(said) > _LONGEST_COUNT or int(said) > room)


def _has_usual_sheet_parts(book: ZipFile, said: str, parts: Collection[str]) -> bool:
    """Whether the sheets stand in their usual folders, and the relations in ``said`` lead there from ``xl``."""
    targets = {element.get("Target", "") for element in read_part_tree(book, said)}
    return all(
        name.startswith(tuple(f"xl/{folder}/" for folder in _FOLDERS))
        and (f"/{name}" in targets or name.removeprefix("xl/") in targets)
        for name in parts
    )


def _find_shared_parts(book: ZipFile) -> dict[str, str]:
    """Return the part of the texts and that of the styles, by the kind of the arrow that leads there."""
    found = read_relations(book, find_main_part(book)).values()
    return {a.kind: a.target for a in found if a.kind in ("sharedStrings", "styles") and not a.external}


def copy_plain_workbook(book: ZipFile, found: Mapping[str, Marks]) -> IO[bytes] | None:
    """Return a copy of the workbook that calamine reads, or ``None`` where it reads the file itself.

    ``found`` has the marks of the sheets to be read, by part; the copy holds no others. In it the errors of
    newer Excels are ``#N/A`` (:attr:`Marks.texts` says what they are), numbers too large to be dates are not
    shown as such, no sheet says how far it reaches, and the texts do not say how many they are.
    """
    dated = _find_dated_styles(book) if any(m.large_styles for m in found.values()) else frozenset()
    wild = _find_wild_sheets(found, dated)
    if not wild and is_usual(book):
        return None
    copy = BytesIO()
    held = [sheet for sheet in list_sheet_parts(book) if sheet.part in found]
    with ZipFile(copy, "w", ZIP_DEFLATED, compresslevel=1) as target:
        _write_shared_parts(book, target, held)
        for i, sheet in enumerate(held, 1):
            content = read_part(book, sheet.part)
            target.writestr(
                _name_sheet_part(i), _simplify_sheet_xml(content, dated) if sheet.part in wild else content
            )
    copy.seek(0)
    return copy


def _find_wild_sheets(found: Mapping[str, Marks], dated: frozenset[bytes]) -> set[str]:
    """Return the parts of the sheets that hold what calamine stumbles on."""
    return {n for n, m in found.items() if m.newer_errors or m.odd_extent or m.large_styles & dated}


def _name_sheet_part(number: int) -> str:
    """Return the name of a copied sheet's part; sheets count from 1."""
    return f"xl/worksheets/sheet{number}.xml"


def _write_shared_parts(book: ZipFile, target: ZipFile, held: Sequence[SheetPart]) -> None:
    """Write what the sheets of a copy share: their list, the arrows to them, the texts and the styles."""
    led = {f"rId{i}": Relation("worksheet", _name_sheet_part(i)) for i in range(1, len(held) + 1)}
    listed = "".join(
        f'<sheet name={quote_attribute(sheet.name)} sheetId="{i}" r:id="rId{i}"/>'
        for i, sheet in enumerate(held, 1)
    )
    shared = {"sharedStrings": _TEXTS, "styles": _STYLES}
    target.writestr(TYPES, f'<Types xmlns="{_PACKAGE}/content-types"/>')
    target.writestr(
        name_relations_part(""), build_relations_part("", {"rId1": Relation("officeDocument", _BOOK)})
    )
    target.writestr(
        _BOOK,
        f'<workbook xmlns="{_MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="{_read_date_system(book)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
    )
    for kind, name in _find_shared_parts(book).items():
        content = read_part(book, name)
        if kind == "sharedStrings":
            content = _drop_count(book, content)
        target.writestr(shared[kind], content)
        led[kind] = Relation(kind, shared[kind])
    target.writestr(name_relations_part(_BOOK), build_relations_part(_BOOK, led))


def _drop_count(book: ZipFile, texts: bytes) -> bytes:
    """Return the part of the texts without what it says of their number.

    :raises FileError: it is no sound XML.
    """
    try:
        root = find_element_places(texts, 0)[0]
    except ExpatError as error:
        raise build_damage_error(book.filename, error) from error
    return b"".join(
        (
            texts[: root.start],
            remove_tag_attribute(texts[root.start : root.inner], "uniqueCount"),
            texts[root.inner :],
        )
    )


def open_cells(book: ZipFile, found: Mapping[str, Marks]) -> CalamineWorkbook:
    """Return a reader of the cells of some sheets, given their marks by part."""
    from python_calamine import CalamineWorkbook

    copy = copy_plain_workbook(book, found)
    if copy is not None:
        return CalamineWorkbook.from_filelike(copy)
    if isinstance(book.fp, BytesIO):
        return CalamineWorkbook.from_filelike(BytesIO(book.fp.getbuffer()))
    path = str(book.filename)
    if is_utf_8(path):
        return CalamineWorkbook.from_path(path)
    return CalamineWorkbook.from_filelike(BytesIO(Path(path).read_bytes()))


def is_utf_8(path: str) -> bool:
    """Whether a path can be handed to a reader that knows names in UTF-8 alone."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def guard_cell_reader(path: object) -> Iterator[None]:
    """Make one refusal of whatever calamine raises within the block.

    :raises FileError: a sheet could not be read.
    """
    from python_calamine import CalamineError

    try:
        yield
    except (CalamineError, OSError) as error:
        raise build_damage_error(path, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what calamine raises instead of an Exception
            raise
        raise build_damage_error(path, error) from error


def _read_date_system(book: ZipFile) -> int:
    said = next(
        (e.get("date1904", "") for e in read_main_tree(book) if strip_namespace(e) == "workbookPr"),
        "",
    )
    return int(said in ("1", "true"))


def _simplify_sheet_xml(sheet: bytes, dated: Collection[bytes]) -> bytes:
    patterns = find_sheet_patterns(sheet)

    def plain(cell: re.Match[bytes]) -> bytes:
        end = cell.end(1) - cell.start()
        shown = read_attribute(cell[1], "s") in dated
        return remove_tag_attribute(cell[0][:end], "s") + cell[0][end:] if shown else cell[0]

    sheet = _blank_newer_errors(sheet, patterns)
    sheet = patterns.large_cell.sub(plain, sheet)
    return match_texts("dimension").sub(b"", sheet, count=1)


def _blank_newer_errors(sheet: bytes, patterns: SheetPatterns) -> bytes:
    """Return a sheet whose errors are all ``#N/A``."""
    out, at = [], 0
    for _attributes, start, end in find_opened_cells(patterns.error, patterns, sheet):
        out += [sheet[at:start], patterns.value.sub(lambda value: value[1] + b"#N/A", sheet[start:end])]
        at = end
    return b"".join((*out, sheet[at:]))


def _find_dated_styles(book: ZipFile) -> frozenset[bytes]:
    """Return the numbers of the styles that show a number as a date or a time."""
    codes, formats = read_number_formats(book)
    return frozenset(
        str(number).encode() for number, used in enumerate(formats) if _is_dated_format(used, codes)
    )


def _is_dated_format(number: str, codes: Mapping[str, str]) -> bool:
    if number not in codes:  # a format of Excel's own, by number
        own = parse_whole_number(number) or 0
        return 14 <= own <= 22 or 27 <= own <= 58
    return re.search("[dmyhs]", re.sub(r'"[^"]*"|\\.|_.', "", codes[number].lower())) is not None

"""An .xlsx file as what it is: a zip of parts that point at each other. Opened with care, never changed.

Whatever is wrong with a file comes out as one :class:`~xlprofit.errors.FileError` with the fix.
"""

from __future__ import annotations

import posixpath
import struct
import zlib
from codecs import getincrementaldecoder
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import IO
from urllib.parse import unquote
from weakref import WeakKeyDictionary
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile, ZipInfo

from xlprofit.errors import FileError, find_nearest_names
from xlprofit.messages import N_, _
from xlprofit.ooxml.tags import read_attribute

ENDINGS = (".xlsx", ".xlsm")
"""The kinds of file that are read and written."""

MACRO_SHEETS = ("xlMacrosheet", "xlIntlMacrosheet")
"""The kinds of sheets that hold Excel 4 macros, the second in the language of an old Excel (MS-OFFMACRO2)."""

LARGEST_PART = 2 << 30
"""No part of a workbook is read that unpacks to more bytes than this."""

SUSPECT_RATIO, SUSPECT_SIZE = 1000, 100 << 20
"""A part over the size that packs tighter than the ratio is no sheet but an attack on the memory."""

MOST_TAGS = 2_000_000
"""The most tags of a part that is read as a whole: the styles and names of the largest workbooks are a tenth of it."""

DEEPEST = 200
"""The most elements within each other of a part that is read as a whole: Excel writes no thirty."""

PROLOG = 1 << 16
"""Within so many bytes the first element of a part must begin."""

_LEAST_HEADER = 30
"""The bytes before the name of an entry of a zip file."""

TYPES = "[Content_Types].xml"
"""The part that holds the types of all others."""

_DAMAGES = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    UnicodeDecodeError,
    ValueError,
    struct.error,
    zlib.error,
)
"""What reading a damaged zip file has been seen to raise."""

_ASIDES = ((b"<?", b"?>"), (b"<!--", b"-->"))
"""What may stand before the root of XML: how it begins and how it ends."""

_SAVE_AS = N_("Open it in Excel and save it as .xlsx: File > Save As > Excel Workbook")
_AGAIN = N_("Open it in Excel, let Excel repair and save it, or take the last good copy")
_DISTRUST = N_("Do not trust this file; ask its sender for one saved by Excel")

_MENDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        ".xls": (N_("{path} is in the old .xls format"), _SAVE_AS),
        ".xlsb": (N_("{path} is a binary workbook (.xlsb)"), _SAVE_AS),
        ".xltx": (
            N_("{path} is a template (.xltx)"),
            N_("Open it in Excel and save the workbook it makes as .xlsx"),
        ),
        ".xltm": (
            N_("{path} is a template (.xltm)"),
            N_("Open it in Excel and save the workbook it makes as .xlsm"),
        ),
        ".xlam": (
            N_("{path} is an add-in (.xlam), not a workbook"),
            N_("Give the workbook that holds the tables"),
        ),
        ".ods": (
            N_("{path} is an OpenDocument sheet (.ods)"),
            N_("Save it as .xlsx: File > Save As > Excel 2007-365"),
        ),
        ".numbers": (N_("{path} is a Numbers document"), N_("Export it to .xlsx: File > Export To > Excel")),
        **dict.fromkeys(
            (".csv", ".tsv", ".txt"),
            (
                N_("{path} is a text file, not a workbook"),
                N_(
                    "Make a workbook with `xlprofit new BOOK.xlsx` and paste the rows into its sheet, "
                    "or give xlprofit.analyze a DataFrame for each table"
                ),
            ),
        ),
    }
)


@dataclass(frozen=True)
class Relation:
    """An arrow from one part to another: its type, an address, and where it points.

    ``target`` is a part's name without the leading slash; of an ``external`` one it is an address.
    """

    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of the type, such as ``table`` or ``drawing``."""
        return self.type.rpartition("/")[2]


@dataclass(frozen=True)
class SheetPart:
    """A sheet: its name on the tab, its part, its kind (``worksheet``, ``chartsheet``, …), and whether it is hidden."""

    name: str
    part: str
    kind: str
    hidden: bool = False


# --- opening ---------------------------------------------------------------------------------------


@contextmanager
def open_package(path: Path, content: BytesIO | None = None) -> Iterator[ZipFile]:
    """Open a workbook for reading its parts, or say in one line why that cannot be; ``content`` was read already.

    :raises FileError: not there, a folder, another kind of file, empty, half-written, password
        protected, no right to read it; also where a part turns out damaged while it is read.
    """
    _refuse_other_file(path)
    try:
        if content is None:
            _refuse_other_content(path)
        else:
            _refuse_other_beginning(path, content)
        book = ZipFile(content or path)
        book.filename = str(path)
    except PermissionError as error:
        raise FileError(
            _("{path} cannot be read: permission denied", path=path),
            _("Ask for the right to read it, or copy it to a folder of yours"),
        ) from error
    except _DAMAGES as error:
        raise build_damage_error(path, error) from error
    with book:
        _name_parts(book)
        _refuse_other_package(path, book)
        yield book


def find_file_ending(path: Path) -> str:
    """Return the file's ending in lower case, such as ``.xlsx``."""
    return path.suffix.lower()


def _refuse_other_file(path: Path) -> None:
    try:
        is_folder, is_there = path.is_dir(), path.exists()
    except (
        OSError,
        ValueError,
    ) as error:  # a name too long, a folder that may not be entered, a zero in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FileError(
            _("{path} cannot be read ({reason})", path=path, reason=reason),
            _("Ask for the right to read it, or copy it to a folder of yours"),
        ) from error
    if is_folder:
        raise FileError(_("{path} is a folder", path=path), _("Give the workbook's own name"))
    if not is_there:
        raise FileError(_("There is no file {path}", path=path), _suggest_near_workbook(path))
    if not path.is_file():  # a pipe would never come to its end
        raise FileError(
            _("{path} is no ordinary file", path=path),
            _("Copy the workbook to a folder, and give that file"),
        )
    if path.name.startswith("~$"):
        raise FileError(
            _("{path} is the mark that Excel leaves while a workbook is open", path=path),
            _("Give the workbook itself"),
        )
    if find_file_ending(path) in _MENDS:
        what, fix = _MENDS[find_file_ending(path)]
        raise FileError(_(what, path=path), _(fix))
    if find_file_ending(path) not in ENDINGS:
        raise FileError(
            _("{path} is not an Excel workbook: its name does not end in .xlsx or .xlsm", path=path),
            _(_SAVE_AS),
        )


def _suggest_near_workbook(path: Path) -> str:
    folder = path.parent
    if not folder.is_dir():  # whether it may be entered was seen
        return _("There is no folder {folder} either", folder=folder)
    try:
        books = {
            p.stem: p
            for p in folder.iterdir()
            if find_file_ending(p) in ENDINGS and not p.name.startswith("~$") and p != path
        }
    except OSError:
        books = {}
    near = find_nearest_names(path.stem, sorted(books), most=1)
    if near:
        return _("Did you mean {names}?", names=books[near[0]])
    return _("Check the name and the folder")


def _refuse_other_content(path: Path) -> None:
    with path.open("rb") as file:
        _refuse_other_beginning(path, file)


def _refuse_other_beginning(path: Path, file: IO[bytes]) -> None:
    """Refuse a file by its first bytes, and leave it at its beginning."""
    head = file.read(8)
    if not head:
        raise FileError(_("{path} is empty (0 bytes)", path=path), _("Fetch it again from where it came"))
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        content = head + file.read()
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise FileError(
                _("{path} is protected with a password", path=path),
                _("In Excel take the password off: File > Info > Protect Workbook > Encrypt with Password"),
            )
        raise FileError(_("{path} is in the old .xls format under a new name", path=path), _(_SAVE_AS))
    if not head.startswith(b"PK"):
        raise FileError(_("{path} is not an Excel workbook, whatever its name says", path=path), _(_SAVE_AS))
    file.seek(0)


def _refuse_other_package(path: Path, book: ZipFile) -> None:
    _refuse_overlapping_entries(path, book)
    if any(entry.flag_bits & 1 for entry in book.infolist()):
        raise FileError(
            _("{path} is a zip file protected with a password", path=path),
            _("Give the workbook itself, unpacked"),
        )
    main = find_main_part(book)
    if main.endswith(".bin"):
        raise FileError(_("{path} is a binary workbook (.xlsb) under another name", path=path), _(_SAVE_AS))
    if main not in book.NameToInfo:
        raise FileError(
            _("{path} is a zip file but not a workbook", path=path),
            _("Give the workbook itself; if it is inside, unpack it"),
        )
    _refuse_duplicate_parts(path, book)
    _refuse_other_type(path, book, main)
    list_sheet_parts(book)
    if "purl.oclc.org" in read_main_tree(book).tag:
        raise FileError(
            _("{path} is a Strict Open XML workbook", path=path),
            _("Open it in Excel and save it as an ordinary one: File > Save As > Excel Workbook"),
        )


def _refuse_overlapping_entries(path: Path, book: ZipFile) -> None:
    """Refuse a zip file two entries of which share bytes: a few of them may stand for any number, each copied whole."""
    end = 0
    for entry in sorted(book.infolist(), key=lambda e: e.header_offset):
        if entry.header_offset < end:
            shared = _("its entry {name} shares bytes with another one", name=entry.filename)
            raise build_damage_error(path, BadZipFile(shared))
        end = entry.header_offset + _LEAST_HEADER + len(entry.orig_filename) + entry.compress_size
    if end > book.start_dir:
        raise build_damage_error(path, BadZipFile(_("an entry reaches into the list of entries")))


def _refuse_duplicate_parts(path: Path, book: ZipFile) -> None:
    """Refuse a package with two parts of one name, whatever its case: one reader takes the first, another the last."""
    seen: set[str] = set()
    for name in book.namelist():
        if _fold_part_name(name) in seen:
            raise build_damage_error(path, BadZipFile(_("it has two parts called {name}", name=name)))
        seen.add(_fold_part_name(name))


def _refuse_other_type(path: Path, book: ZipFile, main: str) -> None:
    """Refuse what Excel does not open by such a name: a template, an add-in, an .xlsx with macros, an .xlsm without."""
    said = {
        e.get("PartName", "").casefold(): e.get("ContentType", "")
        for e in read_part_tree(book, find_part_spelling(book, TYPES))
    }
    kind = said.get(f"/{main}".casefold(), "").lower()
    for word, ends in (("template", (".xltx", ".xltm")), ("addin", (".xlam",))):
        if word in kind:
            what, fix = _MENDS[ends["macroenabled" in kind and len(ends) > 1]]
            raise FileError(_("{what} under another name", what=_(what, path=path)), _(fix))
    if kind and ("macroenabled" in kind) != (find_file_ending(path) == ".xlsm"):
        right = ".xlsm" if "macroenabled" in kind else ".xlsx"
        raise FileError(
            _("{path} is an {right} under another name, which Excel refuses to open", path=path, right=right),
            _("Rename it {name}", name=f"{path.stem}{right}"),
        )


def find_main_part(book: ZipFile) -> str:
    """Return the name of the part that lists the sheets, usually ``xl/workbook.xml``."""
    return next((r.target for r in read_relations(book, "").values() if r.kind == "officeDocument"), "")


def build_damage_error(path: object, error: BaseException) -> FileError:
    """Return the error that says that a workbook is not sound."""
    said = str(error).rstrip(".") or type(error).__name__
    return FileError(_("{path} is damaged or half-written ({said})", path=path, said=said), _(_AGAIN))


# --- names of parts --------------------------------------------------------------------------------

_Spellings = WeakKeyDictionary[ZipFile, dict[str, str]]
_spellings: _Spellings = WeakKeyDictionary()


def find_part_spelling(book: ZipFile, name: str) -> str:
    """Return a part's name as the package spells it; as it was given where there is no such part.

    Names are the same whatever their case, and whether a letter stands for itself or as ``%C3%A4``
    (ECMA-376, part 2: equivalence of part names).
    """
    if name in book.NameToInfo:
        return name
    known = _spellings.get(book)
    if known is None or len(known) != len(book.NameToInfo):
        known = _spellings[book] = {_fold_part_name(entry): entry for entry in book.NameToInfo}
    return known.get(_fold_part_name(name), name)


def _fold_part_name(name: str) -> str:
    return unquote(name).casefold()


def _name_parts(book: ZipFile) -> None:
    r"""Give the entries of a package the names that their parts have, where a program wrote those of files.

    ``xl\workbook.xml`` and ``/xl/workbook.xml`` are ``xl/workbook.xml``; a name that climbs out of its
    folder is left as it is, and no part's.
    """
    for entry in book.infolist():
        steps = entry.filename.replace("\\", "/").split("/")
        if (entry.filename != "/".join(steps) or steps[0] in ("", ".")) and ".." not in steps:
            entry.filename = "/".join(steps).removeprefix(".").lstrip("/")
    book.NameToInfo = {entry.filename: entry for entry in book.infolist()}


# --- parts -----------------------------------------------------------------------------------------


def read_part(book: ZipFile, name: str) -> bytes:
    """Return a part's bytes.

    :raises FileError: the part is missing or damaged, or unpacks to more than a workbook's part ever does.
    """
    # Piece by piece: read at once, a part that is longer than it says would be unpacked to its end.
    return b"".join(_read_part_blocks(book, name, 1 << 22))


def read_part_beginning(book: ZipFile, name: str, size: int) -> bytes:
    """Return the first bytes of a part, so many at most; errors as for :func:`read_part`."""
    return next(_read_part_blocks(book, name, size), b"")


def read_part_pieces(book: ZipFile, name: str, size: int = 1 << 22) -> Iterator[bytes]:
    """Give a sheet's bytes piece by piece, never cutting the element of a cell in two.

    Reading one to its end checks that the whole part is sound.
    """
    rest = b""
    for at, block in enumerate(_read_part_blocks(book, name, size)):
        if at == 0:
            refuse_foreign_xml(book, name, block)
        held = rest + block
        cut = _find_last_cell_end(held)
        if not cut and len(held) < 4 * size:
            rest = held
            continue
        cut = cut or len(held)
        rest = held[cut:]
        yield held[:cut]
    if rest:
        yield rest


def _find_last_cell_end(held: bytes) -> int:
    """Return where the last end tag of a cell in some bytes ends, 0 where there is none.

    Neither the beginning of a cell without attributes is one, nor a text that ends so.

    >>> [_find_last_cell_end(held) for held in (b"<c>1</c><c>", b"<x:c/></x:c><x:v>1", b"<t>abc></t>", b"<c/>")]
    [8, 12, 0, 0]
    """
    at = held.rfind(b"c>")
    while at >= 0:
        start = max(held.rfind(b"<", 0, at), 0)
        if held.startswith(b"</", start) and held[start + 2 : at + 1].rpartition(b":")[2] == b"c":
            return at + 2
        at = held.rfind(b"c>", 0, start)
    return 0


def _read_part_blocks(book: ZipFile, name: str, size: int) -> Iterator[bytes]:
    entry = _find_part_entry(book, name)
    try:
        with book.open(entry) as file:
            while block := file.read(size):
                yield block
    except _DAMAGES as error:
        raise build_damage_error(book.filename, error) from error


def read_part_tree(book: ZipFile, name: str) -> ElementTree.Element:
    """Return a part as XML.

    :raises FileError: it is no XML, or declares a document type or entities, which Excel never writes.
    """
    return parse_part_xml(book, name, read_part(book, name))


_main_trees: WeakKeyDictionary[ZipFile, ElementTree.Element] = WeakKeyDictionary()


def read_main_tree(book: ZipFile) -> ElementTree.Element:
    """Return the part that lists the sheets as XML, which is read once; errors as for :func:`read_part_tree`.

    The defined names are not in it: there may be very many, and it is kept as long as the workbook is open.
    """
    if book not in _main_trees:
        tree = read_part_tree(book, find_main_part(book))
        for element in tree:
            if strip_namespace(element) == "definedNames":
                element.clear()
        _main_trees[book] = tree
    return _main_trees[book]


def parse_part_xml(book: ZipFile, name: str, xml: bytes) -> ElementTree.Element:
    """Return the XML that was read from a part; errors as for :func:`read_part_tree`."""
    refuse_foreign_xml(book, name, xml)
    if xml.count(b"<") > MOST_TAGS:
        raise FileError(
            _(
                "{path} holds a part of more than {n:,} tags ({name}), which no Excel wrote",
                path=book.filename,
                n=MOST_TAGS,
                name=name,
            ),
            _(_DISTRUST),
        )
    try:
        root = ElementTree.fromstring(xml)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise build_damage_error(book.filename, error) from error
    if _is_deeper(root, DEEPEST):
        deep = _("{name} has elements within elements, more than {n} deep", name=name, n=DEEPEST)
        raise build_damage_error(book.filename, BadZipFile(deep))
    return root


def _is_deeper(root: ElementTree.Element, most: int) -> bool:
    """Whether any element stands within more than so many others."""
    level = [root]
    for _depth in range(most):
        level = [child for element in level for child in element]
        if not level:
            return False
    return True


def refuse_foreign_xml(book: ZipFile, name: str, xml: bytes) -> None:
    """Refuse XML with a document type, entities or letters not in UTF-8, which Excel never writes; and no XML.

    :raises FileError: ``xml``, a part or its beginning, is such.
    """
    head = _strip_asides(xml[:PROLOG])
    what = _describe_foreign_xml(name, xml, head)
    if what:
        raise FileError(
            _("{path} holds a part that no Excel wrote ({what})", path=book.filename, what=what), _(_DISTRUST)
        )
    if head[:1] != b"<" or head[1:2] in (b"", b"!", b"?"):
        raise build_damage_error(book.filename, BadZipFile(_("{name} is no XML", name=name)))


def _strip_asides(head: bytes) -> bytes:
    """Return the beginning of a part without the declaration and the remarks that stand before its root."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    at = 0
    while True:
        while head[at : at + 1].isspace():
            at += 1
        ends = next((end for begin, end in _ASIDES if head.startswith(begin, at)), None)
        found = -1 if ends is None else head.find(ends, at + 2)
        if ends is None or found < 0:
            return head[at:]
        at = found + len(ends)


def _describe_foreign_xml(name: str, xml: bytes, root: bytes) -> str:
    """Return what of XML Excel never writes, given what its root begins with; an empty text where it could."""
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in xml[:4].strip(b"\0"):
        return _("{name} has two bytes a character", name=name)
    declaration = xml[: xml.find(b"?>") + 1].removeprefix(b"\xef\xbb\xbf")
    letters = read_attribute(declaration, "encoding") if declaration.startswith(b"<?xml") else None
    if letters is not None and letters.lower() not in (b"utf-8", b"us-ascii"):
        return _("{name} is not in UTF-8", name=name)
    if b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or (root[:2] == b"<!" and root[:4] != b"<!--"):
        return _("{name} declares a document type", name=name)
    return ""


def verify_part_text(book: ZipFile, name: str) -> None:
    """Unpack a part that another reader will read, so that it is what it says: no longer, and plain XML in UTF-8.

    :raises FileError: as :func:`read_part` and :func:`refuse_foreign_xml`.
    """
    letters = getincrementaldecoder("utf-8")()
    try:
        for piece in read_part_pieces(book, name):
            letters.decode(piece)
        letters.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise build_damage_error(book.filename, error) from error


def strip_namespace(element: ElementTree.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


_Relations = WeakKeyDictionary[ZipFile, dict[str, dict[str, Relation]]]
_relations: _Relations = WeakKeyDictionary()


def read_relations(book: ZipFile, name: str) -> Mapping[str, Relation]:
    """Return where a part points, by relation id; the empty name is the package itself."""
    known = _relations.setdefault(book, {})
    if name not in known:
        known[name] = _parse_relations(book, name)
    return known[name]


def _parse_relations(book: ZipFile, name: str) -> dict[str, Relation]:
    folder, base = posixpath.split(name)
    source = find_part_spelling(book, posixpath.join(folder, "_rels", f"{base}.rels"))
    if source not in book.NameToInfo:
        return {}
    found = {}
    for element in read_part_tree(book, source):
        external = element.get("TargetMode") == "External"
        target = element.get("Target", "")
        found[element.get("Id", "")] = Relation(
            element.get("Type", "").rpartition("/")[2],
            target if external else resolve_part_name(book, folder, target),
            external,
        )
    return found


_sheet_parts: WeakKeyDictionary[ZipFile, tuple[SheetPart, ...]] = WeakKeyDictionary()


def list_sheet_parts(book: ZipFile) -> tuple[SheetPart, ...]:
    """Return the workbook's sheets, hidden ones too, in the order of their tabs.

    :raises FileError: a sheet has no part, or one that another sheet has.
    """
    if book not in _sheet_parts:
        _sheet_parts[book] = _parse_sheet_parts(book)
    return _sheet_parts[book]


def _parse_sheet_parts(book: ZipFile) -> tuple[SheetPart, ...]:
    main = find_main_part(book)
    arrows = read_relations(book, main)
    found: dict[str, SheetPart] = {}
    for element in read_main_tree(book).iter():
        if not element.tag.endswith("sheet") or strip_namespace(element) != "sheet":
            continue
        arrow = next((arrows.get(v) for k, v in element.attrib.items() if k.endswith("}id")), None)
        if arrow is None or arrow.external:
            missing = _('its sheet "{sheet}" is missing', sheet=element.get("name", ""))
            raise build_damage_error(book.filename, BadZipFile(missing))
        _find_part_entry(book, arrow.target)
        if arrow.target in found:  # what is written on one would be lost on the other
            same = _("two of its sheets are the same part {name}", name=arrow.target)
            raise build_damage_error(book.filename, BadZipFile(same))
        found[arrow.target] = SheetPart(
            element.get("name", ""), arrow.target, arrow.kind, element.get("state", "visible") != "visible"
        )
    return tuple(found.values())


def resolve_part_name(book: ZipFile, folder: str, target: str) -> str:
    """Return the name of the part that an arrow points at from a part in a folder, as the package spells it."""
    path = target.partition("#")[0].replace("\\", "/")
    simple = path[:1] not in ("/", ".") and "//" not in path and "/." not in path and not path.endswith("/")
    if simple and path and folder:
        joined = f"{folder}/{path}"
    else:
        joined = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
    found = find_part_spelling(book, joined)
    return found if found in book.NameToInfo else unquote(joined)


def _find_part_entry(book: ZipFile, name: str) -> ZipInfo:
    entry = book.NameToInfo.get(name)
    if entry is None:
        raise FileError(
            _("{path} is damaged: its part {name} is missing", path=book.filename, name=name), _(_AGAIN)
        )
    swollen = entry.file_size > SUSPECT_SIZE and entry.file_size > SUSPECT_RATIO * max(entry.compress_size, 1)
    if entry.file_size > LARGEST_PART or swollen:
        raise FileError(
            _(
                "{path} holds a part that unpacks to {n:,} bytes ({name})",
                path=book.filename,
                n=entry.file_size,
                name=name,
            ),
            _("Do not trust this file; a sheet of a million rows is a tenth of that"),
        )
    return entry

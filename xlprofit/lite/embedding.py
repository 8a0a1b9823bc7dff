"""Putting the code into a workbook of any maker, with nothing else in it touched, and reading it out again."""

from __future__ import annotations

import base64
import json
import os
import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError
from zipfile import BadZipFile, ZipFile

from xlprofit import __version__
from xlprofit.errors import FileError, XlprofitError
from xlprofit.lite import extension
from xlprofit.lite.wheel import NAME, build_wheel
from xlprofit.ooxml.archive import Content, rewrite_archive
from xlprofit.ooxml.drawn import find_free_part_name
from xlprofit.ooxml.manifest import (
    SIGNATURE,
    build_relations_part,
    find_free_relation_id,
    name_relations_part,
    update_content_types,
    update_relations,
)
from xlprofit.ooxml.package import (
    TYPES,
    Relation,
    build_damage_error,
    find_file_ending,
    find_part_spelling,
    open_package,
    read_part,
    read_relations,
)
from xlprofit.ooxml.put import choose_written_file, rewrite_workbook
from xlprofit.ooxml.saving import make_folder, replace_files
from xlprofit.ooxml.splice import build_append_edits, find_element_places, splice_edits
from xlprofit.read_files import refuse_copy_over_source, refuse_read_files
from xlprofit.words.speech import _

PANES = extension.PANES_ARROW.rpartition("/")[2]
"""The kind of the arrow that leads to the task panes."""

MARK = "# Written by xlprofit lite embed"
"""The first line of code of ours; other code is the user's."""

REQUIREMENTS = ("xlwings", "numpy", "pandas")
"""What xlwings Lite is to install; in which version is left to it, for it has its own builds."""

_CODE = """{mark} {version}: a change made here is lost with the next one.
import base64, io, sys, tempfile, zipfile, zlib

WHEEL = "{wheel}"  # {name}
folder = tempfile.mkdtemp()
zipfile.ZipFile(io.BytesIO(zlib.decompress(base64.b64decode(WHEEL)))).extractall(folder)
sys.path.insert(0, folder)

from xlprofit.lite.exposed import *
"""
_VERSION = re.compile(rf"{re.escape(MARK)} (\S+):")


@dataclass(frozen=True)
class LiteCode:
    """What xlwings Lite finds in a workbook: its files by name, its other settings, and whose the code is.

    ``version`` is that of the xlprofit that wrote the code; empty where the code is the user's own.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    version: str = ""


def embed_lite_code(book: Path, output: Path | None = None) -> Path:
    """Put the code for xlwings Lite into a workbook, or into a copy of it; return what was written.

    Every other part stays byte for byte: task panes of other add-ins too. Code of ours that is there is replaced.

    Raises:
        FileError: no .xlsx workbook, or it cannot be read or written; it is signed.
        XlprofitError: the workbook carries code of the user's own.
    """
    _refuse_other_kind(book)
    refuse_copy_over_source(book, output)
    with rewrite_workbook(book, output) as beside:
        try:
            with open_package(book) as package:
                contents = _build_parts(book, package)
                with beside.open("wb") as file:
                    rewrite_archive(package, file, contents)
        except (BadZipFile, ExpatError, ParseError) as error:
            raise build_damage_error(book, error) from error
    return choose_written_file(book, output)


def read_lite_code(book: Path) -> LiteCode | None:
    """Return the code that a workbook carries for xlwings Lite; ``None`` where it carries none.

    Raises:
        FileError: it cannot be read.
    """
    try:
        with open_package(book) as package:
            found = _find_extension(package)
            raw = extension.read_properties(read_part(package, found)) if found else None
    except (BadZipFile, ExpatError, ParseError) as error:
        raise build_damage_error(book, error) from error
    if raw is None:
        return None
    kept = {name: extension.read_property_text(value) for name, value in raw.items()}
    files = {name: text for name, text in kept.items() if name.endswith((".py", ".txt", ".toml", ".json"))}
    written = _VERSION.match(files.get(extension.MAIN, ""))
    others = {name: value for name, value in kept.items() if name not in files}
    return LiteCode(files, others, written[1] if written else "")


def extract_lite_code(book: Path, folder: Path) -> tuple[Path, ...]:
    """Write the files of the code that a workbook carries into a folder; return them.

    Raises:
        FileError: the workbook cannot be read, or a file is there already.
        XlprofitError: the workbook carries no code.
    """
    code = read_lite_code(book)
    if code is None:
        raise _build_no_code_error(book)
    paths = {folder / Path(name).name: text for name, text in code.files.items()}
    for path in paths:
        if os.path.lexists(path):
            raise FileError(
                _("{path} is there already and is not overwritten", path=str(path)),
                _("Give another folder with -o"),
            )
    refuse_read_files(paths, book)
    with make_folder(folder), replace_files(list(paths), fresh=True) as beside:
        for file, text in zip(beside, paths.values(), strict=True):
            file.write_text(text, encoding="utf-8", errors="replace", newline="")
    return tuple(paths)


def _build_no_code_error(book: Path) -> XlprofitError:
    return XlprofitError(
        _("{path} carries no code for xlwings Lite", path=str(book)),
        _("Put it in with {command}", command=f"xlprofit lite embed {book.name}"),
    )


def write_main_code() -> str:
    """Return the text of ``main.py``: a few lines, with the package inside."""
    packed = base64.b64encode(zlib.compress(build_wheel(), 9)).decode()
    return _CODE.format(mark=MARK, version=__version__, wheel=packed, name=NAME)


def _refuse_other_kind(book: Path) -> None:
    if find_file_ending(book) == ".xlsm":
        raise FileError(
            _(
                "{path} has VBA macros, beside which xlwings Lite was seen to spoil the saving",
                path=str(book),
            ),
            _("Save it as .xlsx: File > Save As > Excel Workbook"),
        )


def _find_extension(package: ZipFile) -> str:
    """Return the part of the workbook's xlwings Lite; empty where there is none."""
    for arrow in read_relations(package, "").values():
        if arrow.kind == PANES:
            for inner in read_relations(package, arrow.target).values():
                if (
                    inner.target in package.NameToInfo
                    and extension.read_properties(read_part(package, inner.target)) is not None
                ):
                    return inner.target
    return ""


def _build_parts(book: Path, package: ZipFile) -> dict[str, Content]:
    """Return the parts that are new or changed."""
    arrows = read_relations(package, "")
    if any(arrow.kind == SIGNATURE for arrow in arrows.values()):
        raise FileError(
            _("{path} bears a digital signature, which would no longer hold", path=str(book)),
            _("Save a copy without the signature in Excel, and use that"),
        )
    there = _find_extension(package)
    if there:
        return {there: _renew_extension(book, read_part(package, there))}
    panes = next((a.target for a in arrows.values() if a.kind == PANES), "")
    return _add_extension(package, arrows, panes)


def _renew_extension(book: Path, old: bytes) -> bytes:
    kept = extension.read_properties(old) or {}
    code = extension.read_property_text(kept.get(extension.MAIN, ""))
    if code.strip() and not code.startswith(MARK):
        raise XlprofitError(
            _("{path} carries code for xlwings Lite that xlprofit did not write", path=str(book)),
            _(
                "Save it with {command}, empty main.py in the pane of xlwings Lite, save the workbook, and run "
                "it again",
                command=f"xlprofit lite extract {book.name}",
            ),
        )
    number = find_element_places(old, 0)[0].attribute("id")
    wanted = extension.read_property_text(kept.get(extension.REQUIREMENTS, ""))
    return extension.build_lite_extension(number, kept | _list_properties(wanted))


def _add_extension(package: ZipFile, arrows: Mapping[str, Relation], panes: str) -> dict[str, Content]:
    """Return the parts of an extension that is new in the workbook, with or without the panes of others."""
    taken = set(package.namelist())
    name = find_free_part_name(extension.EXTENSION.format(1), taken)
    listed = panes or find_part_spelling(package, extension.PANES)
    called = Path(package.filename or "").name.encode(errors="replace").decode()
    number = f"{{{uuid5(NAMESPACE_URL, f'{name} {called}')}}}".upper()
    contents: dict[str, Content] = {name: extension.build_lite_extension(number, _list_properties())}
    types = {name: extension.TYPES["extension"]}
    inner = name_relations_part(listed)
    if panes:
        old = read_part(package, panes)
        known = read_relations(package, panes)
        relation = find_free_relation_id(known)
        pane = extension.build_pane(relation, extension.count_panes(old) + 1)
        contents[panes] = splice_edits(old, build_append_edits(old, find_element_places(old, 0)[0], pane))
        leads = {relation: Relation(extension.EXTENSION_ARROW, name)}
        spelt = find_part_spelling(package, inner)
        contents[spelt] = (
            update_relations(panes, read_part(package, spelt), (), leads)
            if spelt in taken
            else build_relations_part(panes, leads)
        )
    else:
        contents[listed] = extension.build_panes(extension.build_pane("rId1", 1))
        contents[inner] = build_relations_part(listed, {"rId1": Relation(extension.EXTENSION_ARROW, name)})
        types[listed] = extension.TYPES["panes"]
        root = find_part_spelling(package, name_relations_part(""))
        new = {find_free_relation_id(arrows): Relation(extension.PANES_ARROW, listed)}
        contents[root] = update_relations("", read_part(package, root), (), new)
    typed = find_part_spelling(package, TYPES)
    contents[typed] = update_content_types(read_part(package, typed), (), types, {})
    return contents


def _list_properties(wanted: str = "") -> dict[str, str]:
    """Return what the extension is to keep of ours; ``wanted`` are the packages that the workbook asks for already."""
    named = {re.split(r"[^\w.-]", line, maxsplit=1)[0].casefold() for line in wanted.splitlines()}
    lines = [*wanted.splitlines(), *(name for name in REQUIREMENTS if name not in named)]
    kept = {
        extension.MAIN: write_main_code(),
        extension.REQUIREMENTS: "\n".join(lines) + "\n",
        extension.SETTINGS: {"startupBehavior": "taskpane"},
    }
    return {name: json.dumps(held, ensure_ascii=False) for name, held in kept.items()}

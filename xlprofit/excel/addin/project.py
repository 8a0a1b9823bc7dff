"""The VBA project of the add-in, made by pyOpenVBA without Excel and tidied as MS-OVBA has it."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyopenvba import ExcelFile, VBAModuleKind  # type: ignore[import-untyped]  # typed, but it does not say so
from pyopenvba.cfb import CFB  # type: ignore[import-untyped]
from pyopenvba.vba import VBAProject, compress, decompress  # type: ignore[import-untyped]

from xlprofit.errors import FileError
from xlprofit.excel.addin.machine import PROJECT, Machine
from xlprofit.excel.addin.vba import VbaSource
from xlprofit.words.speech import _

PART = "xl/vbaProject.bin"

_TERMINATOR = b"\x10\x00\x00\x00\x00\x00"
_SURPLUS = b"\x00\x00\x00\x00"
_NO_CACHE = bytes.fromhex("cc61ffff000100")
"""``_VBA_PROJECT`` as a writer must leave it: no version and no cache (MS-OVBA 2.3.4.1), as in xlwings' files."""

_RECORD = struct.Struct("<HI")
_VERSION, _VERSION_SIZE = 0x0009, 6
"""The one record whose size field is not its size (MS-OVBA 2.3.4.2.1.11)."""

_STREAM_NAME, _TEXT_OFFSET = 0x001A, 0x0031

_COOKIE = 0xFFFF
"""What a writer puts for a module's cookie (MS-OVBA 2.3.4.2.3.2.7)."""

_DESCRIPTION = re.compile(r'^Attribute VB_Description = "(.*?)"\r?$', re.MULTILINE)


def read_xlwings_sources(machine: Machine) -> tuple[VbaSource, ...]:
    """Return the modules that the installed xlwings ships for an add-in of one's own.

    Their text is kept, licence headers included, but for the name of the project.

    Raises:
        FileError: one of them is not there.
    """
    standard = _read_shipped_source(machine.package / "xlwings_custom_addin.bas")
    dictionary = _read_shipped_source(machine.package / "addin" / "Dictionary.cls")
    return (
        VbaSource("xlwings", standard.replace('"myaddin"', f'"{PROJECT}"')),
        VbaSource("Dictionary", dictionary, "class"),
    )


def _read_shipped_source(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FileError(
            _("{path} of xlwings cannot be read ({reason})", path=path, reason=error.strerror or error),
            _("An antivirus program may have taken it: run xlprofit addin status, which says what to allow"),
        ) from error


def add_project(workbook: Path, sources: Iterable[VbaSource]) -> None:
    """Give a macro-enabled workbook without macros a VBA project with these modules, in place."""
    with ExcelFile(workbook) as file:
        project = file.add_vba_project()
        for source in sources:
            _add_module(project, source)
        file.save()


def tidy_project(project: bytes) -> bytes:
    """Return a ``vbaProject.bin`` without what pyOpenVBA leaves in it that MS-OVBA does not ask for.

    That is four zero bytes after the ``dir`` stream's terminator, which Excel does not write, the zeroed
    performance cache of its template, and the compiled code (p-code) of the template's sheet, which is that of
    another Excel.
    """
    file = CFB.from_bytes(project)
    directory = decompress(file.get_stream_in_storage("VBA", "dir"))
    if directory.endswith(_TERMINATOR + _SURPLUS):
        directory = directory[: -len(_SURPLUS)]
    for stream, at, offset in _list_text_offsets(directory):
        source = file.get_stream_in_storage("VBA", stream)
        file.write_stream_in_storage("VBA", stream, source[offset:])
        directory = directory[:at] + bytes(4) + directory[at + 4 :]
    file.write_stream_in_storage("VBA", "dir", compress(directory))
    file.write_stream_in_storage("VBA", "_VBA_PROJECT", _NO_CACHE)
    return bytes(file.to_bytes())


def _list_text_offsets(directory: bytes) -> Iterator[tuple[str, int, int]]:
    """Yield the modules that have compiled code before their text: stream, place of the offset, and the offset.

    The directory is a row of records: number, size and content (MS-OVBA 2.3.4.2).
    """
    at, stream = 0, ""
    while at + _RECORD.size <= len(directory):
        number, size = _RECORD.unpack_from(directory, at)
        size = _VERSION_SIZE if number == _VERSION else size
        at += _RECORD.size
        if number == _STREAM_NAME:
            stream = directory[at : at + size].decode("cp1252")
        elif number == _TEXT_OFFSET and any(directory[at : at + size]):
            yield stream, at, int.from_bytes(directory[at : at + size], "little")
        at += size


def _add_module(project: VBAProject, source: VbaSource) -> None:
    text = _convert_line_ends(source.text)
    if source.kind == "document":
        project.get_module(source.name).body = text
        return
    kind = VBAModuleKind.standard if source.kind == "standard" else VBAModuleKind.other
    module = project.add_module(source.name, text, kind=kind)
    module.cookie = _COOKIE
    described = _DESCRIPTION.search(text)
    if described:  # the directory repeats what the module says of itself
        module.doc_string = described[1].replace("\\r\\n", "\r\n").replace('""', '"')
        module.doc_string_unicode = module.doc_string


def _convert_line_ends(text: str) -> str:
    return "\r\n".join(text.splitlines()) + "\r\n"

"""Reads the VBA of a built file back with olevba, which shares no code with what wrote it."""

from __future__ import annotations

import struct
import warnings
import zipfile
from pathlib import Path

import olefile  # type: ignore[import-untyped]  # it ships no types

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its parser calls old names of another package
    from oletools.olevba import VBA_Parser, decompress_stream  # type: ignore[import-untyped]

VERSION_RECORD = 0x0009
"""The one record of the directory whose size field is not its size (MS-OVBA 2.3.4.2.1.11)."""


def modules(path: Path) -> dict[str, str]:
    """Return the text of every module by name, as olevba extracts it."""
    parser = VBA_Parser(str(path))
    try:
        return {name.rpartition(".")[0]: code for _, _, name, code in parser.extract_macros()}
    finally:
        parser.close()


def stream(path: Path, name: str) -> bytes:
    """Return a stream of the VBA project."""
    with zipfile.ZipFile(path) as package, package.open("xl/vbaProject.bin") as project:
        return bytes(olefile.OleFileIO(project.read()).openstream(name).read())


def text(path: Path, module: str) -> str:
    """Return the whole text of a module whose stream holds nothing else, attributes included."""
    return bytes(decompress_stream(bytearray(stream(path, f"VBA/{module}")))).decode("cp1252")


def raw_directory(path: Path) -> bytes:
    """Return the project's directory as it stands."""
    return bytes(decompress_stream(bytearray(stream(path, "VBA/dir"))))


def directory(path: Path) -> list[tuple[int, bytes]]:
    """Return the records of the project's directory: number and content."""
    raw = raw_directory(path)
    records = []
    at = 0
    while at < len(raw):
        number, size = struct.unpack_from("<HI", raw, at)
        size = 6 if number == VERSION_RECORD else size
        records.append((number, raw[at + 6 : at + 6 + size]))
        at += 6 + size
    return records

"""Building ``xlprofit.xlam`` without Excel.

It is built on the user's own computer, because xlwings' VBA names the DLL of its exact version, and
because Windows marks a file that was downloaded and then blocks its macros.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Literal

from openpyxl import Workbook

from xlprofit.errors import FileError
from xlprofit.excel.addin import ribbon
from xlprofit.excel.addin.machine import ADDIN, PROJECT, Machine, choose_interpreter_key
from xlprofit.excel.addin.project import PART as PROJECT_PART
from xlprofit.excel.addin.project import add_project, read_xlwings_sources, tidy_project
from xlprofit.excel.addin.vba import (
    LAST_ERROR,
    LAST_ERROR_CELL,
    PYTHON_MODULE,
    VbaSource,
    build_vba_sources,
    name_vba_parameter,
)
from xlprofit.formulas import REGISTRY, Function
from xlprofit.ooxml.dateless import save_dateless_workbook
from xlprofit.ooxml.saving import make_folder, replace_files
from xlprofit.ooxml.splice import Edit, find_element_places, splice_edits
from xlprofit.scratch import open_scratch_folder
from xlprofit.words.speech import _

SETTINGS_SHEET = f"{PROJECT}.conf"
HELP_SHEET = "_IntelliSense_"

CONTENT_TYPES = "[Content_Types].xml"
_ROOT_RELATIONSHIPS = "_rels/.rels"
_MAIN_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACRO_TYPES = {
    "xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
    "xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}
_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of every part: two builds of the same versions are the same bytes."""


def build_addin(
    output: Path,
    *,
    minimal: bool = False,
    machine: Machine | None = None,
    settings: Mapping[str, str] | None = None,
) -> Path:
    """Write the add-in and return where it is.

    ``output`` is the file, or a folder for ``xlprofit.xlam``. ``minimal`` takes the ribbon add-in that
    xlwings ships and patches only its ribbon: one button, *Refresh*, and no formulas. ``settings`` goes
    into the add-in's configuration sheet; by default it names this Python as the one that Excel calls.

    Raises:
        FileError: the file cannot be written, or ``minimal`` is to bear another name.
    """
    computer = machine or Machine.this()
    target = _resolve_addin_path(output)
    if minimal:
        _refuse_other_name(target)
        parts = build_minimal_parts(computer)
    else:
        given = build_interpreter_setting(computer) if settings is None else settings
        functions = tuple(REGISTRY.values())
        parts = build_addin_parts(
            (*read_xlwings_sources(computer), *build_vba_sources(functions)), functions, given
        )
    write_package(target, parts)
    return target


def build_interpreter_setting(machine: Machine) -> dict[str, str]:
    """Return the setting that names the Python that Excel calls; none where there is no Excel."""
    return {choose_interpreter_key(machine): str(machine.interpreter)} if machine.has_excel else {}


def build_addin_parts(
    modules: Sequence[VbaSource],
    functions: Iterable[Function],
    settings: Mapping[str, str],
    kind: Literal["xlam", "xlsm"] = "xlam",
) -> dict[str, bytes]:
    """Return the parts of the package: the sheets, the VBA project and the ribbon, by name.

    ``kind`` makes an ordinary workbook with macros of it, for programs that open no add-ins.
    """
    with open_scratch_folder() as folder:
        path = folder / "addin.xlsm"
        save_dateless_workbook(_build_addin_workbook(functions, settings), path)
        add_project(path, modules)
        parts = _read_addin_parts(path)
    parts[PROJECT_PART] = tidy_project(parts[PROJECT_PART])
    parts[CONTENT_TYPES] = parts[CONTENT_TYPES].replace(_MAIN_TYPE.encode(), MACRO_TYPES[kind].encode())
    parts["docProps/core.xml"] = _replace_property_dates(parts["docProps/core.xml"])
    parts[_ROOT_RELATIONSHIPS] = _add_ribbon_relation(parts[_ROOT_RELATIONSHIPS])
    parts[ribbon.PART] = ribbon.build_custom_ui().encode()
    return parts


def build_minimal_parts(machine: Machine) -> dict[str, bytes]:
    """Return the parts of the ribbon add-in that xlwings ships, its ribbon alone patched."""
    parts = _read_addin_parts(machine.package / "quickstart_addin_ribbon.xlam")
    parts[ribbon.PART] = ribbon.build_minimal_custom_ui().encode()
    return parts


def _build_addin_workbook(functions: Iterable[Function], settings: Mapping[str, str]) -> Workbook:
    workbook = Workbook()
    workbook.views[0].visibility = "hidden"  # as Excel saves the window of an add-in
    configuration = workbook.worksheets[0]
    configuration.title = SETTINGS_SHEET
    # A key without a value would hide the one in the user's file, so only keys with one are written.
    # The workbook's folder is not looked in for Python: xlprofit is installed, and on OneDrive, where
    # the folder is an address, the look itself would fail.
    fixed = {"ADD_WORKBOOK_TO_PYTHONPATH": "false", "UDF MODULES": PYTHON_MODULE}
    for row in {**fixed, **settings}.items():
        configuration.append(row)
    help_sheet = workbook.create_sheet(HELP_SHEET)
    help_sheet.sheet_state = "hidden"
    for line in _build_help_rows(functions):
        help_sheet.append(line)
    workbook.properties.creator = PROJECT
    return workbook


def _build_help_rows(functions: Iterable[Function]) -> list[list[str | None]]:
    """Return what the Excel-DNA IntelliSense add-in reads: name, summary, help topic, then the arguments."""
    rows: list[list[str | None]] = [["FunctionInfo"]]
    for function in functions:
        arguments = [text for a in function.arguments for text in (name_vba_parameter(a.name), a.help)]
        rows.append([function.name, function.summary, None, *arguments])
    return [*rows, ["XLPROFIT_LAST_ERROR", LAST_ERROR, None, "cell", LAST_ERROR_CELL]]


def _add_ribbon_relation(relationships: bytes) -> bytes:
    entry = f'<Relationship Id="rIdRibbon" Type="{ribbon.RELATIONSHIP}" Target="{ribbon.PART}"/>'
    return relationships.replace(b"</Relationships>", entry.encode() + b"</Relationships>")


def _replace_property_dates(properties: bytes) -> bytes:
    stamp = dt.datetime(*_DATE).strftime("%Y-%m-%dT%H:%M:%SZ")
    dated = find_element_places(
        properties, 1, lambda tag, _said: tag in ("dcterms:created", "dcterms:modified")
    )
    return splice_edits(properties, (Edit(place.inner, place.outer, stamp.encode()) for place in dated))


def _read_addin_parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def write_package(target: Path, parts: Mapping[str, bytes]) -> None:
    """Write the parts of a package to a file, whole or not at all.

    Raises:
        FileError: the file cannot be written.
    """
    # Whoever reads the package in a stream needs the content types first.
    ordered = sorted(parts, key=lambda name: (name != CONTENT_TYPES, name != _ROOT_RELATIONSHIPS, name))
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name in ordered:
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, parts[name])
    try:
        with make_folder(target.parent), replace_files([target]) as (beside,):
            beside.write_bytes(written.getvalue())
    except FileError as error:
        fix = _("If Excel has it open, quit Excel; else choose another place with -o")
        raise FileError(error.what, fix) from error


def _resolve_addin_path(output: Path) -> Path:
    if output.suffix.casefold() == Path(ADDIN).suffix:
        return output
    if output.is_dir() or not output.suffix:
        return output / ADDIN
    raise FileError(
        _("{path} is no name for an add-in", path=output),
        _("Call it {name}, or give a folder", name=f"{output.stem}.xlam"),
    )


def _refuse_other_name(target: Path) -> None:
    if target.name != ADDIN:
        raise FileError(
            _(
                "{name} cannot be a minimal add-in: its button runs the Python module of the file's name",
                name=target.name,
            ),
            _("Call it {name}", name=ADDIN),
        )

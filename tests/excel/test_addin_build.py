"""The built add-in, read back by programs that share no code with what wrote it."""

from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from lxml import etree  # type: ignore[import-untyped]  # it ships no types
from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]  # it ships no types

from tests.excel import read_back
from tests.needs import needs_shared
from tests.witness.linter import lint
from tests.witness.novelty import find_novelties
from tests.witness.schemas import find_violations
from xlprofit.errors import FileError
from xlprofit.excel.addin import build_addin
from xlprofit.excel.addin.built import read_built_addin
from xlprofit.excel.addin.machine import Machine
from xlprofit.excel.addin.project import read_xlwings_sources
from xlprofit.excel.addin.ribbon import PART, RELATIONSHIP
from xlprofit.excel.addin.vba import (
    VbaSource,
    build_function_module,
    build_function_wrapper,
    build_vba_sources,
    name_vba_parameter,
    quote_vba_text,
)
from xlprofit.formulas import REGISTRY, Argument, Function

OURS = ("ThisWorkbook", "RibbonXlprofit", "XlprofitFunctions")
CORE = "{http://schemas.openxmlformats.org/package/2006/content-types}"


def _written() -> dict[str, VbaSource]:
    return {s.name: s for s in (*read_xlwings_sources(Machine.this()), *build_vba_sources(REGISTRY.values()))}


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _without_attributes(lines: list[str]) -> list[str]:
    return [line for line in lines if not line.startswith("Attribute ")]


# The VBA ----------------------------------------------------------------------------------------------


def test_olevba_finds_every_module(addin: Path) -> None:
    found = read_back.modules(addin)
    assert list(found) == [
        "ThisWorkbook",
        "Sheet1",
        "Sheet2",
        "xlwings",
        "Dictionary",
        "RibbonXlprofit",
        "XlprofitFunctions",
    ]


@pytest.mark.parametrize("name", ["xlwings", "Dictionary", *OURS])
def test_each_module_reads_back_line_by_line(addin: Path, name: str) -> None:
    read = _without_attributes(_lines(read_back.modules(addin)[name]))
    written = _without_attributes(_lines(_written()[name].text))
    if written[0].startswith("VERSION "):  # the frame of an exported class, which a project does not store
        written = written[written.index("END") + 1 :]
    assert read == written


def test_xlwings_module_is_the_installed_one_but_for_the_projects_name(addin: Path) -> None:
    machine = Machine.this()
    shipped = _lines((machine.package / "xlwings_custom_addin.bas").read_text(encoding="utf-8"))
    read = _lines(read_back.text(addin, "xlwings"))
    changed = [(a, b) for a, b in zip(shipped, read, strict=True) if a != b]
    name = 'Public Const PROJECT_NAME As String = "{}"'
    assert changed == [(name.format("myaddin"), name.format("xlprofit"))]
    assert "'xlwings is distributed under a BSD 3-clause license." in read
    assert f'Public Const XLWINGS_VERSION As String = "{machine.version}"' in read


def test_help_of_each_formula_is_in_the_file(addin: Path) -> None:
    read = _lines(read_back.text(addin, "XlprofitFunctions"))
    for function in REGISTRY.values():
        assert f'Attribute {function.name}.VB_Description = "{quote_vba_text(function.summary)}"' in read
        assert f'Attribute {function.name}.VB_ProcData.VB_Invoke_Func = " \\n14"' in read


def test_our_modules_give_a_linter_nothing_to_say(addin: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pyvbaanalysis", str(addin), "--format", "json"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    found = {m["module"]: m["diagnostics"] for m in json.loads(done.stdout)[0]["modules"]}
    assert {name: found[name] for name in OURS} == {name: [] for name in OURS}
    assert not [d for d in found["xlwings"] if d["severity"] == "error"]


def test_vba_keeps_excels_limits_of_a_line() -> None:
    for source in build_vba_sources(REGISTRY.values()):
        lines = source.text.splitlines()
        assert max(map(len, lines)) <= 1023
        continued = 0
        for line in lines:
            continued = continued + 1 if line.endswith(" _") else 0
            assert continued <= 24
        source.text.encode("cp1252")


# The project's streams --------------------------------------------------------------------------------


def test_directory_has_the_records_of_the_one_that_xlwings_ships(addin: Path) -> None:
    ours = read_back.directory(addin)
    shipped = read_back.directory(Machine.this().package / "addin" / "xlwings.xlam")
    # the project's name and version are its own; the compatibility version is one of newer Excels
    own = {0x0004, 0x0009, 0x004A}
    assert [r for r in _head(ours) if r[0] not in own] == [r for r in _head(shipped) if r[0] not in own]
    assert {number for number, _ in _head(ours)} - {0x004A} == {number for number, _ in _head(shipped)}
    for module, theirs in (
        ("xlwings", "Main"),
        ("Dictionary", "Dictionary"),
        ("ThisWorkbook", "ThisWorkbook"),
    ):
        assert _module_records(ours, module) == _module_records(shipped, theirs)
    assert ours[-1] == shipped[-1] == (0x0010, b"")


def _head(records: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """Return what stands before the modules: the project's properties and references."""
    return records[: [number for number, _ in records].index(0x000F)]


def _module_records(records: list[tuple[int, bytes]], name: str) -> list[int]:
    start = records.index((0x0019, name.encode()))
    numbers = [number for number, _ in records[start:]]
    return numbers[: numbers.index(0x002B) + 1]


def test_directory_ends_with_its_terminator(addin: Path) -> None:
    raw = read_back.raw_directory(addin)
    assert raw.endswith(struct.pack("<HI", 0x002B, 0) + struct.pack("<HI", 0x0010, 0))
    assert struct.unpack("<H", dict(read_back.directory(addin))[0x000F]) == (7,)


def test_directory_says_what_each_module_says(addin: Path) -> None:
    records = read_back.directory(addin)
    start = records.index((0x0019, b"Dictionary"))
    said = dict(records[start : start + 12])
    shipped = read_back.directory(Machine.this().package / "addin" / "xlwings.xlam")
    at = shipped.index((0x0019, b"Dictionary"))
    theirs = dict(shipped[at : at + 12])
    assert said[0x001C] == theirs[0x001C]
    assert said[0x0048] == theirs[0x0048] == said[0x001C].decode("cp1252").encode("utf-16-le")
    assert said[0x0031] == bytes(4)  # the text begins at once: there is no compiled code before it


def test_project_has_no_compiled_code(addin: Path) -> None:
    shipped = Machine.this().package / "quickstart_addin_ribbon.xlam"
    assert read_back.stream(addin, "VBA/_VBA_PROJECT") == read_back.stream(shipped, "VBA/_VBA_PROJECT")


def test_project_stream_names_every_module_once(addin: Path) -> None:
    lines = read_back.stream(addin, "PROJECT").decode("cp1252").splitlines()
    named = [line for line in lines if re.match(r"(Document|Module|Class)=", line)]
    assert named == [
        "Document=ThisWorkbook/&H00000000",
        "Document=Sheet1/&H00000000",
        "Document=Sheet2/&H00000000",
        "Module=xlwings",
        "Class=Dictionary",
        "Module=RibbonXlprofit",
        "Module=XlprofitFunctions",
    ]


# The package ------------------------------------------------------------------------------------------


def test_package_is_an_add_in_with_a_ribbon(parts: dict[str, bytes]) -> None:
    types = etree.fromstring(parts["[Content_Types].xml"])
    kinds = {e.get("PartName"): e.get("ContentType") for e in types.iter(f"{CORE}Override")}
    defaults = {e.get("Extension"): e.get("ContentType") for e in types.iter(f"{CORE}Default")}
    assert kinds["/xl/workbook.xml"] == "application/vnd.ms-excel.addin.macroEnabled.main+xml"
    assert defaults["bin"] == "application/vnd.ms-office.vbaProject"
    relations = [(e.get("Type"), e.get("Target")) for e in etree.fromstring(parts["_rels/.rels"])]
    assert (RELATIONSHIP, PART) in relations
    assert len({e.get("Id") for e in etree.fromstring(parts["_rels/.rels"])}) == len(relations)
    assert next(iter(parts)) == "[Content_Types].xml"


def test_code_names_of_the_sheets_are_modules_of_the_project(parts: dict[str, bytes], addin: Path) -> None:
    names = re.findall(
        rb'codeName="(\w+)"', b"".join(parts[n] for n in sorted(parts) if n.startswith("xl/w"))
    )
    assert sorted(name.decode() for name in names) == ["Sheet1", "Sheet2", "ThisWorkbook"]
    assert {name.decode() for name in names} <= set(read_back.modules(addin))


def test_no_module_has_compiled_code_of_another_excel(addin: Path) -> None:
    offsets = [content for number, content in read_back.directory(addin) if number == 0x0031]
    assert offsets == [bytes(4)] * 7
    for name in ("Sheet1", "Sheet2", "ThisWorkbook"):
        assert "VB_Name" in read_back.text(addin, name)


def test_the_window_is_hidden_as_excel_saves_that_of_an_add_in(parts: dict[str, bytes]) -> None:
    assert b'visibility="hidden"' in parts["xl/workbook.xml"]


def test_no_cell_says_that_it_holds_a_text_and_holds_none(parts: dict[str, bytes]) -> None:
    sheets = b"".join(parts[name] for name in parts if name.startswith("xl/worksheets/"))
    assert b"inlineStr" in sheets
    assert re.findall(rb't="inlineStr"(?:/>|></c>|><is/>|><is><t/>)', sheets) == []


@needs_shared
def test_no_witness_sees_a_fault(addin: Path) -> None:
    new = [
        fault for fault in find_novelties(addin) if not fault.startswith(PART)
    ]  # which has a schema of its own
    assert lint(addin) == find_violations(addin) == new == []


def test_an_audit_finds_nothing_new(addin: Path, tmp_path: Path) -> None:
    plain = openpyxl.Workbook()
    for sheet in (plain.worksheets[0], plain.create_sheet()):
        sheet["A1"] = "text"
    plain.save(tmp_path / "plain.xlsx")
    assert _faults(addin) <= _faults(tmp_path / "plain.xlsx")


def _faults(path: Path) -> set[str]:
    found = OpenXmlValidator().validate(path).errors
    return {re.sub(r"\d+", "", f"{e.part_uri}: {e.description}") for e in found}


def test_sheets_hold_the_settings_and_the_help(addin: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(_as_workbook(addin, tmp_path))
    assert book.sheetnames == ["xlprofit.conf", "_IntelliSense_"]
    assert book["_IntelliSense_"].sheet_state == "hidden"
    settings = {row[0]: row[1] for row in book["xlprofit.conf"].iter_rows(max_col=2, values_only=True)}
    assert settings == {"ADD_WORKBOOK_TO_PYTHONPATH": "false", "UDF MODULES": "xlprofit.excel.functions"}
    rows = [[c for c in row if c is not None] for row in book["_IntelliSense_"].iter_rows(values_only=True)]
    assert rows[0] == ["FunctionInfo"]
    assert [row[0] for row in rows[1:]] == [*REGISTRY, "XLPROFIT_LAST_ERROR"]
    assert rows[-1][2:] == ["cell", "The cell that shows the error; blank: the last error of any formula"]
    for row, function in zip(rows[1:-1], REGISTRY.values(), strict=True):
        assert row[1] == function.summary
        helps = [text for a in function.arguments for text in (name_vba_parameter(a.name), a.help)]
        assert row[2:] == helps


def _as_workbook(addin: Path, folder: Path) -> Path:
    target = folder / "read.xlsm"
    with zipfile.ZipFile(addin) as package, zipfile.ZipFile(target, "w") as copy:
        for name in package.namelist():
            copy.writestr(name, package.read(name).replace(b"addin.macroEnabled", b"sheet.macroEnabled"))
    return target


def test_two_builds_are_the_same_bytes(addin: Path, tmp_path: Path) -> None:
    assert build_addin(tmp_path / "again").read_bytes() == addin.read_bytes()


# Building ---------------------------------------------------------------------------------------------


def test_an_add_in_names_the_python_of_the_computer_that_built_it(tmp_path: Path) -> None:
    for platform, key in (("win32", "INTERPRETER_WIN"), ("darwin", "INTERPRETER_MAC")):
        machine = replace(Machine.this(), platform=platform, interpreter=Path("/py/python.exe"))
        built = read_built_addin(build_addin(tmp_path / platform, machine=machine))
        assert built is not None
        assert built.settings[key] == str(Path("/py/python.exe"))
        assert built.version == machine.version


def test_minimal_changes_the_ribbon_alone(minimal: Path) -> None:
    shipped = Machine.this().package / "quickstart_addin_ribbon.xlam"
    with zipfile.ZipFile(minimal) as ours, zipfile.ZipFile(shipped) as theirs:
        assert sorted(ours.namelist()) == sorted(theirs.namelist())
        different = [name for name in ours.namelist() if ours.read(name) != theirs.read(name)]
    assert different == [PART]
    assert minimal.name == "xlprofit.xlam"
    assert _faults(minimal) <= _faults(shipped)


def test_output_may_be_a_folder_or_a_file(tmp_path: Path) -> None:
    assert build_addin(tmp_path) == tmp_path / "xlprofit.xlam"
    assert build_addin(tmp_path / "new" / "folder").parent == tmp_path / "new" / "folder"
    assert build_addin(tmp_path / "other.xlam") == tmp_path / "other.xlam"
    with pytest.raises(FileError, match=r"book\.xlsx .*\. Call it book\.xlam"):
        build_addin(tmp_path / "book.xlsx")
    with pytest.raises(FileError, match=r"Call it xlprofit\.xlam"):
        build_addin(tmp_path / "other.xlam", minimal=True)


def test_a_place_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "xlprofit.xlam").mkdir()
    with pytest.raises(FileError, match=r"xlprofit\.xlam is a folder\. .*quit Excel"):
        build_addin(tmp_path / "xlprofit.xlam")
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match=r"file cannot be made .*quit Excel"):
        build_addin(tmp_path / "file" / "xlprofit.xlam")


def test_an_add_in_that_is_not_written_to_its_end_leaves_the_one_that_is_there(
    addin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / addin.name
    target.write_bytes(b"the add-in of before")

    writing = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        if path.parent != tmp_path:
            return writing(path, content)
        writing(path, content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FileError, match="No space left on device"):
        build_addin(target)
    assert target.read_bytes() == b"the add-in of before"
    assert list(tmp_path.iterdir()) == [target]


# The wrappers' text -----------------------------------------------------------------------------------


def test_a_wrapper_is_written_from_the_registry() -> None:
    function = Function(
        name="RECEIVABLE_COST",
        summary='Says "so", and\nwhat − else',
        arguments=(Argument("date", "A day"), Argument("rate", "A rate", True)),
        errors=(),
        example="",
        call=lambda *_: "",
        lookup=False,
    )
    assert build_function_wrapper(function) == (
        "Public Function RECEIVABLE_COST(ByVal date_ As Variant, Optional ByVal rate As Variant) As Variant\n"
        'Attribute RECEIVABLE_COST.VB_Description = "Says ""so"", and what - else"\n'
        'Attribute RECEIVABLE_COST.VB_ProcData.VB_Invoke_Func = " \\n14"\n'
        '    RECEIVABLE_COST = Answer("RECEIVABLE_COST", Array(date_, rate))\n'
        "End Function\n"
    )


def test_formulas_are_not_compiled_on_a_mac() -> None:
    code = [
        line for line in build_function_module(REGISTRY.values()).splitlines() if not line.startswith("'")
    ]
    at = code.index("#If Mac Then")
    assert not any(code[2:at])  # nothing but the module's name and Option Explicit stands before it
    assert code[at + 1] == "#Else"
    assert [line for line in code if line][-1] == "#End If"


def test_no_name_can_be_taken_for_a_cell_or_a_word_of_vba() -> None:
    for function in REGISTRY.values():
        assert not re.fullmatch(r"[A-Z]{1,3}\d+|R\d*C\d*", function.name)
        for argument in function.arguments:
            assert name_vba_parameter(argument.name) == argument.name


def test_excel_keeps_every_help_text_whole() -> None:
    for function in REGISTRY.values():
        for text in (function.summary, *(a.help for a in function.arguments)):
            assert len(text) <= 255
            assert "?" not in quote_vba_text(text) or "?" in text

"""The ribbon: its markup, the callbacks it names, and what each of them runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree  # type: ignore[import-untyped]  # it ships no types

from tests.drawn import list_described_sheets
from tests.excel import read_back
from tests.excel.on_server import Office, Server
from tests.excel.vba_host import Excel
from xlprofit.excel import result_sheets
from xlprofit.excel.addin import ribbon
from xlprofit.excel.addin.vba import VbaSource, build_vba_sources
from xlprofit.formulas import REGISTRY, SHEET
from xlprofit.samples import demo
from xlprofit.sheets import names
from xlprofit.tables import TABLES

NS = {"ui": ribbon.NAMESPACE}
BUTTONS = ("Refresh", "Check", "Explain", "LookUp", "PutBack", "ImportExport", "NewFromTemplate", "About")


def _schema() -> Any:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("customui.xsd")))


def _markup(parts: dict[str, bytes]) -> Any:
    return etree.fromstring(parts[ribbon.PART])


def _pressed(callback: str, tag: str = "") -> list[str]:
    excel = Excel(build_vba_sources(REGISTRY.values()))
    excel.add_workbook()
    excel.press(callback, tag)
    return excel.server.commands


def test_the_markup_keeps_to_the_schema(parts: dict[str, bytes], minimal: Path) -> None:
    schema = _schema()
    assert schema.validate(_markup(parts)), schema.error_log
    assert schema.validate(etree.fromstring(ribbon.build_minimal_custom_ui().encode())), schema.error_log


@pytest.mark.parametrize(
    ("what", "right", "wrong"),
    [
        ("an attribute that no button has", 'imageMso="RefreshAll"', 'icon="RefreshAll"'),
        ("a keytip of four letters", 'keytip="R"', 'keytip="RRRR"'),
        ("a keytip with a blank", 'keytip="R"', 'keytip="R R"'),
        ("an id twice", 'id="xlprofitCheck"', 'id="xlprofitRefresh"'),
        ("an id with a blank", 'id="xlprofitCheck"', 'id="xlprofit Check"'),
        ("a size that there is not", 'size="large"', 'size="huge"'),
        ("a tip on the tab", 'label="Customer profit"', 'label="Customer profit" screentip="x"'),
        ("a button without a callback", 'onAction="RibbonXlprofit.Check"', ""),
        ("another namespace", "2006/01/customui", "2006/02/customui"),
        ("a menu in the tab", '<group id="xlprofitHelp" label="Help">', "<menu/><group>"),
    ],
)
def test_the_schema_refuses(what: str, right: str, wrong: str) -> None:
    text = ribbon.build_custom_ui()
    assert right in text
    broken = text.replace(right, wrong, 1)
    assert not _schema().validate(etree.fromstring(broken.encode())), what


def test_keytips_and_ids_are_unique(parts: dict[str, bytes]) -> None:
    markup = _markup(parts)
    ids = markup.xpath("//@id")
    assert len(ids) == len(set(ids)) == 1 + 3 + len(BUTTONS) + 1 + len(names.ALL)
    keytips = markup.xpath("//ui:group/*/@keytip", namespaces=NS)
    assert len(keytips) == len(set(keytips)) == len(BUTTONS) + 1


def test_every_button_has_an_icon_and_says_what_it_does(parts: dict[str, bytes]) -> None:
    for control in _markup(parts).xpath("//ui:group/*", namespaces=NS):
        for attribute in ("label", "imageMso", "screentip", "supertip", "keytip"):
            assert control.get(attribute), (control.get("id"), attribute)


def test_every_callback_is_a_sub_of_the_right_signature(addin: Path, parts: dict[str, bytes]) -> None:
    modules = read_back.modules(addin)
    callbacks = {str(name) for name in _markup(parts).xpath("//@onAction")}
    assert callbacks == {f"RibbonXlprofit.{name}" for name in (*BUTTONS, "GoToSheet")}
    for callback in callbacks:
        module, _, sub = callback.partition(".")
        found = re.findall(rf"^Public Sub {sub}\((.*)\)\s*$", modules[module], re.MULTILINE)
        assert found == ["ByVal control As IRibbonControl"], callback


def test_the_callback_of_the_minimal_add_in_is_the_one_that_xlwings_ships(minimal: Path) -> None:
    markup = etree.fromstring(ribbon.build_minimal_custom_ui().encode())
    assert markup.xpath("//@onAction") == ["RibbonMyAddin.RunMain"]
    assert "Sub RunMain(control As IRibbonControl)" in read_back.modules(minimal)["RibbonMyAddin"]


@pytest.mark.parametrize(
    ("button", "call"),
    [
        ("Refresh", "refresh()"),
        ("Check", "check()"),
        ("Explain", "explain()"),
        ("LookUp", "look_up()"),
        ("PutBack", "restore()"),
        ("ImportExport", "import_export()"),
        ("NewFromTemplate", "new()"),
        ("About", "about()"),
    ],
)
def test_a_button_runs_one_macro(button: str, call: str) -> None:
    expected = f"import xlprofit.excel.macros; xlprofit.excel.macros.{call}"
    assert _pressed(button) == [expected]


def test_the_menu_goes_to_every_result_sheet(parts: dict[str, bytes]) -> None:
    buttons = _markup(parts).xpath("//ui:menu/ui:button", namespaces=NS)
    went = []
    for button in buttons:
        (command,) = _pressed("GoToSheet", button.get("tag"))
        call = ast.parse(command).body[1]
        assert isinstance(call, ast.Expr)
        assert isinstance(call.value, ast.Call)
        assert ast.unparse(call.value.func) == "xlprofit.excel.macros.go_to_sheet"
        went.append(ast.literal_eval(call.value.args[0]))
        assert button.get("label").replace("&&", "&") == went[-1]
    assert tuple(went) == names.ALL


def test_no_command_has_a_mark_that_a_command_line_reads(parts: dict[str, bytes]) -> None:
    for tag in _markup(parts).xpath("//@tag"):
        (command,) = _pressed("GoToSheet", str(tag))
        assert not set(command) & set('&%^|<>"$`!*~'), command


def test_python_text_gives_back_any_text() -> None:
    for text in ("Customer P&L", "100 %", "it's", 'a "b"', "Länder", "$x`y`"):
        written = ribbon.escape_python_text(text)
        assert re.fullmatch(r"[A-Za-z0-9 \\]+", written)
        assert ast.literal_eval(f"'{written}'") == text


def test_every_button_does_its_work_on_a_workbook(parts: dict[str, bytes], server: Server) -> None:
    """From the click, through the add-in's VBA, to what Python does to the workbook that was in front."""
    tables = demo.tables(customers=15, sales_lines=120, activity_rows=200)
    given = {name: tables[name] for name in ("Settings", "Sales", "Resources", "Activities")}
    shown_sheets, office = list_described_sheets(given), Office(given)

    def press(button: str, tag: str = "") -> None:
        (command,) = _pressed(button, tag)
        office.run_python(server, command)

    press("Check")
    assert office.sheet_names[4:] == [names.CHECKS]
    office.select("Sales", "A1")
    press("Refresh")
    assert set(office.sheet_names[4:]) == {*shown_sheets, SHEET, result_sheets.PREVIOUS}
    assert office.sheet_names[office.active] == names.DASHBOARD
    shown = dict(office[names.CUSTOMER_PNL].values)
    office.select("Sales", "B2")
    press("Explain")
    assert office.sheet_names[office.active] == names.EXPLANATION
    press("LookUp")
    assert office.sheet_names[office.active] == names.CUSTOMER
    for button in _markup(parts).xpath("//ui:menu/ui:button", namespaces=NS):
        label = button.get("label").replace("&&", "&")
        press("GoToSheet", button.get("tag"))
        if label in office.sheet_names:
            assert office.sheet_names[office.active] == label
        else:
            assert [label in text for text in office.alerts] == [True]
            office.alerts.clear()
    press("Refresh")
    assert office.alerts == []
    office[names.CUSTOMER_PNL].values[7, 2] = -1.0
    press("PutBack")
    assert office[names.CUSTOMER_PNL].values == shown
    press("NewFromTemplate")
    assert len(office.sheet_names) == len(TABLES) + len(shown_sheets) + 3
    press("About")
    assert [text.split()[0] for text in office.alerts] == ["Last", "xlprofit"]


def test_the_button_of_the_minimal_add_in_refreshes(minimal: Path, server: Server) -> None:
    """Its VBA, which xlwings ships, runs ``import <file>;<file>.main()``; the file is called xlprofit."""
    text = read_back.modules(minimal)["RibbonMyAddin"].replace("ThisWorkbook.Name", f'"{minimal.name}"')
    excel = Excel([VbaSource("RibbonMyAddin", text)])
    excel.press("RunMain")
    (command,) = excel.server.commands
    assert command == "import xlprofit;xlprofit.main()"
    tables = demo.tables(customers=15, sales_lines=120, activity_rows=200)
    given = {"Sales": tables["Sales"]}
    office = Office(given)
    office.run_python(server, command)
    assert office.sheet_names[1:] == [*list_described_sheets(given), SHEET]


def test_refresh_recalculates_what_it_cannot_know_to_be_due() -> None:
    excel = Excel(build_vba_sources(REGISTRY.values()))
    excel.add_workbook()
    excel.press("Refresh")
    assert excel.application.recalculations == 1
    excel.press("Check")
    assert excel.application.recalculations == 1
    excel.press("LookUp")
    assert excel.application.recalculations == 2
    excel.application.calculation = -4135  # xlCalculationManual: the user chooses when
    excel.press("Refresh")
    assert excel.application.recalculations == 2


def test_without_a_workbook_a_button_says_so_and_runs_nothing() -> None:
    excel = Excel(build_vba_sources(REGISTRY.values()))
    for button in ("Refresh", "Check", "Explain", "LookUp", "PutBack"):
        excel.press(button)
    assert excel.server.commands == []
    said = [prompt for _, prompt, *_ in excel.dialogs]
    assert len(said) == 5
    assert all(text.startswith("Open a workbook first") for text in said)


def test_without_a_workbook_a_new_one_can_be_made() -> None:
    excel = Excel(build_vba_sources(REGISTRY.values()))
    excel.press("NewFromTemplate")
    assert excel.server.commands == ["import xlprofit.excel.macros; xlprofit.excel.macros.new()"]

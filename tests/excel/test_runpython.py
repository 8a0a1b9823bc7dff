"""A click on a button, through xlwings' own RunPython in VBA, to the command that it gives to Windows.

The interpreter reads no files and starts no programs, and it compares a text with a truth value in
another way than VBA; the text of xlwings' module is changed for it in those places only.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from xlwings import utils

from tests.excel.vba_host import Excel, understood
from xlprofit.excel.addin.machine import Machine
from xlprofit.excel.addin.package import build_addin_parts, write_package
from xlprofit.excel.addin.project import read_xlwings_sources
from xlprofit.excel.addin.vba import build_vba_sources
from xlprofit.formulas import REGISTRY

PYTHON = r"C:\py\python.exe"
CHANGES = (
    (r"(?m)^(\s*#.*?)\s*'.*$", r"\1"),  # a comment behind a condition for the compiler
    (r"\bGetAttr\(", "Windows.Attributes("),
    (r"\bEnviron\(", "Windows.Environment("),
    (r"(?m)^\s*Kill LOG_FILE$", ""),
    (r'GetConfig\("SHOW CONSOLE", False\) = True', 'CBool(GetConfig("SHOW CONSOLE", False))'),
)


@pytest.fixture(scope="module")
def excel(tmp_path_factory: pytest.TempPathFactory) -> Excel:
    """Return an Excel with the add-in open, its settings sheet as built, and all of its modules but one class."""
    xlwings, _ = read_xlwings_sources(Machine.this())
    text = understood(xlwings.text)
    for pattern, replacement in CHANGES:
        text, count = re.subn(pattern, replacement, text)
        assert count, pattern
    ours = build_vba_sources(REGISTRY.values())
    path = tmp_path_factory.mktemp("excel") / "book.xlsm"
    write_package(
        path, build_addin_parts((xlwings, *ours), REGISTRY.values(), {"INTERPRETER_WIN": PYTHON}, "xlsm")
    )
    made = Excel(ours, xlwings=text)
    made.open_workbook(path)
    made.windows.files = {PYTHON}
    return made


def _code(command: str) -> str:
    """Return the Python code of a command, as Windows hands it to the program: without the escapes."""
    found = re.search(r' -c "((?:[^"\\]|\\.)*)"', command)
    assert found
    return found[1].replace('\\"', '"')


def test_xlwings_finds_the_settings_in_our_sheet(excel: Excel) -> None:
    code = "\r\n".join(
        f'    Debug.Print GetConfig("{key}", "none")'
        for key in ("INTERPRETER_WIN", "UDF MODULES", "ADD_WORKBOOK_TO_PYTHONPATH", "PYTHONPATH")
    )
    excel.add_module(f"Sub Ask()\r\n{code}\r\nEnd Sub\r\n", name="Asking")
    excel.run("Ask")
    assert [line.strip() for line in excel.console[-4:]] == [
        PYTHON,
        "xlprofit.excel.functions",
        "false",
        "none",
    ]


@pytest.mark.parametrize(
    ("button", "tag", "call"),
    [
        ("Refresh", "", "refresh()"),
        ("GoToSheet", r"Customer P\u0026L", r"go_to_sheet('Customer P\u0026L')"),
    ],
)
def test_a_click_runs_the_macro_in_the_python_of_the_settings(
    excel: Excel, button: str, tag: str, call: str
) -> None:
    excel.windows.ran.clear()
    excel.press(button, tag)
    (command,) = excel.windows.ran
    assert command.startswith(rf'cmd.exe /C C: & cd "C:\py" & "{PYTHON}" -B -c "')
    assert ' --wb="book.xlsm" --from_xl=1 ' in command
    code = _code(command)
    assert code.endswith(f"; import xlprofit.excel.macros; xlprofit.excel.macros.{call}")
    compile(code, "<command>", "exec")


def test_the_command_that_windows_gets_runs(excel: Excel) -> None:
    excel.windows.ran.clear()
    excel.add_module('Sub Say()\r\n    RunPython "print(6 * 7)"\r\nEnd Sub\r\n', name="Saying")
    excel.run("Say")
    code = _code(excel.windows.ran[0])
    done = subprocess.run(
        [sys.executable, "-B", "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout) == (0, "42\n"), done.stderr


def test_a_workbook_on_onedrive_is_not_looked_for_on_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """xlwings would look for its folder and fail; our settings tell it not to."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    prepare_sys_path: Any = utils.prepare_sys_path
    address = "https://d.docs.live.net/1234/book.xlsx"
    prepare_sys_path(f"false;{address};{address};;;;")
    with pytest.raises(Exception, match="OneDrive"):
        prepare_sys_path(f"true;{address};{address};;;;")

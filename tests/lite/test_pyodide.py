"""A workbook's own code, run in the Python of a browser: Pyodide under Node, offline.

No registry that is asked here has a numpy for Pyodide, so that the formulas run in it, and the scripts are
only listed; they run in CPython with the same imports blocked (test_blocked.py).
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlwings

import xlprofit
from tests.bad_input.company import company
from tests.needs import takes_minutes
from tests.node import FOLDER, NODE, needs_node
from xlprofit.formulas import REGISTRY
from xlprofit.lite.embedding import embed_lite_code, read_lite_code

pytestmark = [needs_node("pyodide"), takes_minutes]

SCRIPT = Path(__file__).parent / "pyodide.mjs"
ASKED = """
import json, os, sys, types
os.environ.update(XLWINGS_ON_SERVER="true", XLWINGS_LICENSE_KEY="noncommercial")
module = types.ModuleType("main")
exec(compile(MAIN, "main.py", "exec"), vars(module))
from xlwings.server import custom_functions_meta, custom_scripts_meta
import xlprofit.excel.custom_functions as own
said = {
    "platform": sys.platform,
    "heavy": [name for name in HEAVY if name in sys.modules],
    "functions": [f["name"] for f in custom_functions_meta(module)["functions"]],
    "scripts": [s["function_name"] for s in custom_scripts_meta(module)],
    "one": own.ONE_WORKBOOK,
    "answers": {name: getattr(module, name)(*given) for name, given in CALLS},
}
print("SAID" + json.dumps(said, default=str))
"""
CALLS = {
    name: [[[cell]] for cell in given]
    for name, given in {
        "CAPACITY_RATE": (560_000.0, 700_000.0, 0.8),
        "RECEIVABLE_COST": (10_000.0, 45.0, 0.08),
        "LIFETIME_VALUE": (1000.0, 0.85, 0.1, 3.0, "start"),
        "PROSPECT_VALUE": (0.3, 20_000.0, 0.85, 0.1, 4000.0, 3.0),
    }.items()
}
"""Calculators and their arguments, as xlwings hands cells over."""


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The code that an embedded workbook carries."""
    path = xlprofit.new(tmp_path_factory.mktemp("lite") / "book.xlsx", company())
    found = read_lite_code(embed_lite_code(path))
    assert found is not None
    return found.files["main.py"]


def _pack_xlwings(folder: Path) -> Path:
    """Pack the Python files of the installed xlwings, which are all that its wheel for every platform has."""
    package = Path(xlwings.__file__).parent
    target = folder / "xlwings.whl"
    with ZipFile(target, "w") as wheel:
        for path in package.rglob("*.py"):
            wheel.write(path, path.relative_to(package.parent))
    return target


def _run_in_pyodide(code: Path, *wheels: Path) -> str:
    if NODE is None:
        pytest.fail("node is not installed, and XLPROFIT_REQUIRE_ALL is set")
    command = [NODE, str(SCRIPT), str(FOLDER / "node_modules" / "pyodide"), str(code), *map(str, wheels)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_code_runs_in_a_browsers_python_and_its_formulas_answer(code: str, tmp_path: Path) -> None:
    heavy = ("pandas", "numpy", "openpyxl", "typer", "fastexcel", "python_calamine")
    asked = tmp_path / "asked.py"
    asked.write_text(f"MAIN = {code!r}\nHEAVY = {heavy!r}\nCALLS = {list(CALLS.items())!r}\n{ASKED}")
    printed = _run_in_pyodide(asked, _pack_xlwings(tmp_path))
    said = json.loads(printed.partition("SAID")[2])
    assert said["platform"] == "emscripten"
    assert said["heavy"] == []
    assert sorted(said["functions"]) == sorted([*REGISTRY, "XLPROFIT_LAST_ERROR"])
    assert {"refresh_results", "check_inputs", "explain_cell"} <= set(said["scripts"])
    assert said["one"] is True
    for name, given in CALLS.items():
        here = REGISTRY[name].call(*given)
        assert said["answers"][name] == (here if isinstance(here, list) else [[here]])

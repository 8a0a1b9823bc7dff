"""What the extension is made of: our own modules as they stand, readable by the Python that LibreOffice brings."""

from __future__ import annotations

import ast
import json
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import xlprofit
from xlprofit.calc import package
from xlprofit.formulas import REGISTRY

INSIDE = "pythonpath/xlprofit/"
OFFICE = {"uno", "unohelper", "com", "org"}
"""What LibreOffice itself gives to its Python."""


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    with zipfile.ZipFile(package.build_extension(tmp_path_factory.mktemp("oxt"))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_nothing_is_written_twice(parts: dict[str, bytes]) -> None:
    own = Path(xlprofit.__file__).parent
    bundled = {
        name.removeprefix(INSIDE): content for name, content in parts.items() if name.startswith(INSIDE)
    }
    assert {"formulas/lookups.py", "formulas/calculators.py", "calc/extension/addin.py"} <= set(bundled)
    facts = {name: content for name, content in bundled.items() if name.endswith(".json")}
    assert {Path(name).stem: json.loads(content) for name, content in facts.items()} == {
        path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
        for path in (own / "languages").glob("*.toml")
    }
    assert {name: (own / name).read_bytes() for name in bundled if name not in facts} == {
        name: content for name, content in bundled.items() if name not in facts
    }


def test_every_module_is_of_python_3_8_and_needs_no_other_package(parts: dict[str, bytes]) -> None:
    for name, content in parts.items():
        if not name.endswith(".py"):
            continue
        tree = ast.parse(content, name, feature_version=(3, 8))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                imported = [str(node.module)]
            elif isinstance(node, ast.Import):
                imported = [alias.name for alias in node.names]
            else:
                continue
            for module in imported:
                assert module.split(".")[0] in {*sys.stdlib_module_names, *OFFICE, "xlprofit"}, (
                    f"{name}: {module}"
                )
                if module.startswith("xlprofit.") and not _only_for_types(tree, node):
                    file = INSIDE + module.removeprefix("xlprofit.").replace(".", "/")
                    assert {f"{file}.py", f"{file}/__init__.py"} & set(parts), f"{name} needs {module}"


def _only_for_types(tree: ast.AST, node: ast.AST) -> bool:
    """Whether an import stands under ``if TYPE_CHECKING:``."""
    guarded = (
        branch
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If)
        and isinstance(branch.test, ast.Name)
        and branch.test.id == "TYPE_CHECKING"
    )
    return any(node in ast.walk(branch) for branch in guarded)


def test_the_type_library_has_every_formula(parts: dict[str, bytes]) -> None:
    library = parts["xlprofit.rdb"]
    assert all(name.encode() in library for name in REGISTRY)


def test_it_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    one, other = (package.build_extension(tmp_path / name) for name in ("one.oxt", "other.oxt"))
    assert one.read_bytes() == other.read_bytes()

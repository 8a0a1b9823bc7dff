"""The workbooks that are handed out are those that the package makes, to the byte."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

import xlprofit
from tests.drawn import RESULT_SHEETS
from tests.needs import few
from tests.packages import parts_of, sheets_of

FOLDER = Path(__file__).resolve().parents[1] / "workbook_templates"
CLOCK = "docProps/core.xml"
"""The part that says when a workbook was saved."""


def _build() -> ModuleType:
    """Load the script that makes the workbooks; its folder is no package."""
    spec = importlib.util.spec_from_file_location("workbook_templates_build", FOLDER / "build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


BUILD = _build()


@pytest.mark.parametrize("name", few(BUILD.TEMPLATES, "empty.xlsx", "services.xlsx"))
def test_a_template_is_what_the_package_makes(name: str, tmp_path: Path) -> None:
    made = parts_of(BUILD.TEMPLATES[name](tmp_path / name))
    handed_out = parts_of(FOLDER / name)
    assert list(made) == list(handed_out)
    for part in made:
        if part != CLOCK:
            assert made[part] == handed_out[part], f"{name} is old: run {FOLDER.name}/build.py ({part})"


def test_every_workbook_of_the_folder_is_made_by_the_script() -> None:
    assert sorted(p.name for p in FOLDER.glob("*.xls*")) == sorted(BUILD.TEMPLATES)


def test_the_script_makes_them_in_place_of_old_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(BUILD, "TEMPLATES", {"empty.xlsx": BUILD.empty})
    (tmp_path / "empty.xlsx").write_bytes(b"an old one")
    BUILD.main(tmp_path)
    assert (tmp_path / "empty.xlsx").read_bytes() == (FOLDER / "empty.xlsx").read_bytes()


def test_the_example_is_small_and_shows_losses_and_warnings() -> None:
    path = FOLDER / "example.xlsx"
    assert path.stat().st_size < 800_000
    results = xlprofit.analyze(path)
    assert (results.customers["profit"] < 0).any()
    assert not [f for f in results.findings if f.severity in ("stop", "error")]
    assert set(RESULT_SHEETS) <= set(sheets_of(parts_of(path)))

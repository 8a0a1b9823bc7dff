"""A release: the version from one place, a wheel that holds all that is needed, at work outside the repository."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import xlprofit
from tests.needs import only_with_all

ROOT = Path(__file__).parents[2]
UV = shutil.which("uv")
pytestmark = only_with_all("uv, and the packages from the net", UV is not None)

SECONDS = 600


def ran(*command: str | Path, cwd: Path) -> str:
    """Return what a command says; the test fails where it does."""
    outside = ("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "UV_PROJECT_ENVIRONMENT")
    kept = {k: v for k, v in os.environ.items() if k not in outside} | {"LC_ALL": "C", "LANGUAGE": ""}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=kept,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    ran(UV or "uv", "build", "-q", "--out-dir", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    (source,) = folder.glob("*.tar.gz")
    assert source.name == f"xlprofit-{xlprofit.__version__}.tar.gz"
    return built


def test_the_version_stands_in_one_place(wheel: Path) -> None:
    assert wheel.name == f"xlprofit-{xlprofit.__version__}-py3-none-any.whl"
    assert re.fullmatch(r"\d+\.\d+\.\d+([ab]|rc)?\d*", xlprofit.__version__)
    said = re.escape(f'"{xlprofit.__version__}"')
    places = [p for p in (ROOT / "xlprofit").rglob("*.py") if re.search(said, p.read_text(encoding="utf-8"))]
    assert places == [ROOT / "xlprofit" / "__init__.py"]
    assert not re.search(said, (ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_the_wheel_holds_every_file_of_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as package:
        held = {name for name in package.namelist() if ".dist-info/" not in name}
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "xlprofit").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == there
    assert "xlprofit/locale/fi/LC_MESSAGES/xlprofit.mo" in held
    assert {"xlprofit/py.typed", "xlprofit/excel/vba/XlprofitFunctions.bas"} <= held


def test_it_is_installed_and_works_outside_the_repository(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "venv"
    ran(UV or "uv", "venv", "-q", "--python", sys.executable, place, cwd=tmp_path)
    programs = place / ("Scripts" if sys.platform == "win32" else "bin")
    python, command = programs / "python", programs / "xlprofit"
    ran(UV or "uv", "pip", "install", "-q", "--python", python, wheel, cwd=tmp_path)
    assert ran(command, "--version", cwd=tmp_path) == f"xlprofit {xlprofit.__version__}\n"
    where = ran(python, "-c", "import xlprofit; print(xlprofit.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(place)
    assert "The workbook is" in ran(command, "demo", cwd=tmp_path)
    assert "työkirja" in ran(python, "-c", FINNISH, cwd=tmp_path)
    ran(command, "calc", "build", cwd=tmp_path)
    ran(command, "addin", "build", cwd=tmp_path)
    assert {"xlprofit-demo.xlsx", "xlprofit.oxt", "xlprofit.xlam"} <= {p.name for p in tmp_path.iterdir()}


FINNISH = (
    "from xlprofit.words.speech import speaking, _\nwith speaking('fi'): print(_('Making the workbook'))"
)


def test_what_is_not_released_yet_stands_in_the_changelog() -> None:
    """In the form of Keep a Changelog: sections by version, the newest first, each with its kinds of change."""
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    sections = [line for line in lines if line.startswith("## ")]
    assert sections[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", line) for line in sections[1:])
    kinds = {line.removeprefix("### ") for line in lines if line.startswith("### ")}
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    released = [line for line in sections[1:] if f"[{xlprofit.__version__}]" in line]
    assert released == sections[1:2]  # the version in the code is the newest that was released, or none was

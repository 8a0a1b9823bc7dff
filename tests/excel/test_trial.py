"""The four workbooks of the trial in Excel are what its page says of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.needs import takes_minutes
from tests.packages import parts_of, sheets_of
from tests.witness.linter import lint
from xlprofit.cli import app
from xlprofit.errors import FileError
from xlprofit.excel import trial
from xlprofit.lite.embedding import read_lite_code
from xlprofit.sheets import names

pytestmark = takes_minutes

PAGE = Path(__file__).resolve().parents[2] / "docs" / "excel_trial.md"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The four workbooks, by name."""
    folder = tmp_path_factory.mktemp("trial")
    done = CliRunner().invoke(app, ["addin", "trial", "-o", str(folder)])
    assert done.exit_code == 0, done.output
    return {path.name: path for path in folder.iterdir()}


def test_there_are_four_and_the_page_names_each(made: dict[str, Path]) -> None:
    assert sorted(made) == [trial.RESULTS, trial.LOOK_UP, trial.BUTTONS, trial.LITE]
    page = PAGE.read_text(encoding="utf-8")
    assert all(f"`{name}`" in page for name in made)


def test_each_holds_what_is_looked_for_in_it(made: dict[str, Path]) -> None:
    sheets = {name: set(sheets_of(parts_of(path))) for name, path in made.items()}
    results = {names.DASHBOARD, names.CUSTOMER_PNL, names.CHECKS}
    assert results <= sheets[trial.RESULTS]
    assert {*results, names.CUSTOMER} <= sheets[trial.LOOK_UP]
    assert not results & (sheets[trial.BUTTONS] | sheets[trial.LITE])
    assert [name for name, path in made.items() if read_lite_code(path) is not None] == [trial.LITE]


def test_no_witness_sees_a_fault(made: dict[str, Path]) -> None:
    assert [lint(path) for path in made.values()] == [[], [], [], []]


def test_nothing_is_written_over(made: dict[str, Path]) -> None:
    folder = next(iter(made.values())).parent
    with pytest.raises(FileError, match="is there already"):
        trial.make_trial_files(folder)

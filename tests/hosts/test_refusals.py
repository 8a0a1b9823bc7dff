"""What hosts refuse before anything is read, and what they keep."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xlprofit.errors import UnknownNameError, XlprofitError
from xlprofit.hosts.frames import FramesHost
from xlprofit.hosts.host import require_selection
from xlprofit.hosts.template import create_input_workbook
from xlprofit.sheets.parts import Sheet


def test_frames_that_are_none_of_a_table_are_refused() -> None:
    with pytest.raises(UnknownNameError):
        FramesHost({"Salse": pd.DataFrame()}).read_tables()
    odd: Any = {"Sales": [1]}
    with pytest.raises(XlprofitError, match="list"):
        FramesHost(odd).read_tables()


def test_frames_keep_what_is_put() -> None:
    host = FramesHost({})
    host.put_sheets([Sheet("Mine")], keep=True)
    assert [sheet.name for sheet in host.sheets] == ["Mine"]


def test_no_cell_is_no_selection() -> None:
    with pytest.raises(XlprofitError):
        require_selection(None)


def test_no_workbook_is_made_in_a_language_that_there_is_not(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError):
        create_input_workbook(tmp_path / "book.xlsx", None, "xx")
    assert not list(tmp_path.iterdir())

"""Imported once, by the process whose copies refresh workbooks: a whole refresh, so that no copy imports anything."""

from __future__ import annotations

import tempfile
from pathlib import Path

import xlprofit
from tests.bad_input.plain import plain

with tempfile.TemporaryDirectory() as folder:
    xlprofit.refresh(plain(Path(folder) / "plain.xlsx"))

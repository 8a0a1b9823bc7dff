"""What exports come to when they are imported, without the workbook that remembers them."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import pandas as pd

import xlprofit
from xlprofit.importing import intake
from xlprofit.results import Results


def analyze_exports(*paths: Path) -> Results:
    """Return the results of exports of one folder as they are proposed, which an import would write into a workbook."""
    plan = intake.plan_import(paths, paths[0].with_name("book.xlsx"))
    intake._refuse_incomplete_plan(plan)
    rows = pd.DataFrame(intake.list_source_rows(plan))
    with chdir(paths[0].parent):
        return xlprofit.analyze({"Sources": rows, "Settings": intake._list_export_settings(plan)})

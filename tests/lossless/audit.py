"""What an audit of the file format finds in a workbook."""

from __future__ import annotations

import re
from pathlib import Path

from openxml_audit import OpenXmlValidator  # type: ignore[import-untyped]  # it ships no types


def faults(path: Path) -> set[str]:
    """Return the kinds of fault that an audit finds, by sheet of the user's or as ours."""
    found = OpenXmlValidator().validate(path).errors
    # That Excel will move texts from their cells to a list of them is no fault, and Excel's own affair.
    told = [e for e in found if "inline-string" not in e.description]
    return {re.sub(r"\d+|\[\d+\]", "", f"{e.part_uri}: {e.description}") for e in told}

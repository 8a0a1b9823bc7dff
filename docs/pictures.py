"""Make the pictures of the documentation from the demo company, through LibreOffice.

    uv run python docs/pictures.py              # of every sheet
    uv run python docs/pictures.py Dashboard    # of some

Needs `soffice`, `pdftoppm` and `convert` (Debian: libreoffice-calc, poppler-utils, imagemagick).
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles import Font

import xlprofit
from xlprofit.ooxml.guide import NAME as GUIDE
from xlprofit.ooxml.put import put_result_sheets
from xlprofit.samples import demo
from xlprofit.sheets import book, names, theme
from xlprofit.tables import TABLES
from xlprofit.words.sheets import say_sheets

IMAGES = Path(__file__).parent / "images"
SHEETS = (GUIDE, *names.ORDER)
"""The sheets that are pictured, each by its first printed page."""

DOTS = 120
"""Dots an inch: figures can be read."""

WIDTH, HEIGHT = 1310, 560
"""Of a sheet so many dots are shown at most, from its upper left corner."""

WHOLE = (GUIDE, names.DASHBOARD)
"""The sheets that are shown down to the foot of their page."""

COLOURS = 96
"""So many colours are enough for a sheet, and keep a picture small."""


def main() -> None:
    """Print the Guide and the result sheets and turn the first page of each into a picture."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = drawn(Path(folder))
        profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
        run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(path))
        pdf = path.with_suffix(".pdf")
        pages = run("pdftotext", "-layout", str(pdf), "-").split("\f")
        for name in sys.argv[1:] or SHEETS:
            # The footer of each page bears the name of its sheet; one with nothing to say has no page.
            footer = re.compile(rf"^\s*{re.escape(name)}\s+Page \d", re.MULTILINE)
            found = (i for i, page in enumerate(pages, 1) if footer.search(page))
            first = next(found, None)
            if first is not None:
                picture(name, pdf, first)


def drawn(folder: Path) -> Path:
    """Return a workbook with the Guide and the demo company's result sheets.

    Its usual font is that of the sheets: widths of columns are counted in digits of it, and a font that is
    not on the machine would make them wider.
    """
    path = xlprofit.new(folder / "book.xlsx")
    workbook: Any = load_workbook(path)  # its usual font has no public name
    for name in TABLES:
        del workbook[name]
    workbook._named_styles["Normal"].font = Font(name=theme.FONT, size=10)
    sheets = book.describe_result_sheets(xlprofit.analyze(demo.tables()))
    workbook.save(path)
    put_result_sheets(path, None, lambda there: say_sheets(sheets, "en"))
    return path


def picture(name: str, pdf: Path, page: int) -> None:
    """Turn a page into the picture of a sheet."""
    drawn = pdf.with_name("page")
    dots = str(DOTS)
    run("pdftoppm", "-png", "-r", dots, "-f", str(page), "-singlefile", str(pdf), str(drawn))
    # The footer goes, then the empty rim, then what is beyond the size.
    foot = ("-gravity", "South", "-chop", "0x5%", "+gravity")
    top = () if name in WHOLE else ("-crop", f"{WIDTH}x{HEIGHT}+0+0", "+repage")
    rim = ("-bordercolor", "white", "-border", "12")
    small = (*foot, "-trim", "+repage", *top, *rim, "+dither", "-colors", str(COLOURS), "-strip")
    run("convert", f"{drawn}.png", *small, f"png8:{IMAGES / file_name(name)}")


def file_name(sheet: str) -> str:
    """Return the name of a sheet's picture."""
    return sheet.lower().replace(" ", "-").replace("&", "and").replace("%", "share") + ".png"


def run(*command: str) -> str:
    """Run a command and return what it printed."""
    return subprocess.run(command, check=True, capture_output=True, timeout=300, encoding="utf-8").stdout


if __name__ == "__main__":
    main()

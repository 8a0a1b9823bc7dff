"""Make the pictures of the documentation from the demo company, through LibreOffice.

    uv run python docs/pictures.py

Needs `soffice`, `pdftoppm` and `convert` (Debian: libreoffice-calc, poppler-utils, imagemagick).
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from openpyxl import Workbook

import xlprofit
from xlprofit import demo
from xlprofit.render.to_openpyxl import draw, draw_all
from xlprofit.sheets import book, names
from xlprofit.workbook.guide import NAME as GUIDE
from xlprofit.workbook.guide import guide

IMAGES = Path(__file__).parent / "images"
SHEETS = (GUIDE, *names.ORDER)
"""The sheets that are pictured, each by its first printed page."""

DOTS = 110
"""Dots an inch: figures can be read."""

HEIGHT = 560
"""Of a page of rows its upper part is shown, so many dots."""

COLOURS = 96
"""So many colours are enough for a sheet, and keep a picture small."""


def main() -> None:
    """Print the result sheets and turn the first page of each into a picture."""
    results = xlprofit.analyze(demo.tables())
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    draw(guide(), workbook)
    draw_all(book.sheets(results), workbook)
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.xlsx"
        workbook.save(path)
        profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
        run("soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(path))
        pdf = path.with_suffix(".pdf")
        pages = run("pdftotext", "-layout", str(pdf), "-").split("\f")
        for name in SHEETS:
            # The footer of each page bears the name of its sheet.
            first = next(
                i
                for i, page in enumerate(pages, 1)
                if page.rstrip().splitlines()[-1].strip().startswith(name)
            )
            page = Path(folder) / "page"
            run("pdftoppm", "-png", "-r", str(DOTS), "-f", str(first), "-singlefile", str(pdf), str(page))
            top = () if name == names.DASHBOARD else ("-crop", f"x{HEIGHT}+0+0", "+repage")
            rim = ("-bordercolor", "white", "-border", "12")
            small = ("-trim", "+repage", *top, *rim, "+dither", "-colors", str(COLOURS), "-strip")
            run("convert", f"{page}.png", *small, f"png8:{IMAGES / file_name(name)}")


def file_name(sheet: str) -> str:
    """Return the name of a sheet's picture."""
    return sheet.lower().replace(" ", "-").replace("&", "and").replace("%", "share") + ".png"


def run(*command: str) -> str:
    """Run a command and return what it printed."""
    return subprocess.run(command, check=True, capture_output=True, timeout=300, encoding="utf-8").stdout


if __name__ == "__main__":
    main()

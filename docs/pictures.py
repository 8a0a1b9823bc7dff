"""Make the pictures of the documentation from the demo company, through LibreOffice.

    uv run python docs/pictures.py

Needs `soffice` and `pdftoppm` (Debian: libreoffice-calc, poppler-utils).
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from openpyxl import Workbook

import xlprofit
from xlprofit import demo
from xlprofit.render.to_openpyxl import draw_all
from xlprofit.sheets import book, names

IMAGES = Path(__file__).parent / "images"
SHEETS = (names.DASHBOARD, names.CUSTOMER_PNL, names.DECISIONS)
"""The sheets that are pictured, each by its first printed page."""


def main() -> None:
    """Print the result sheets and turn the first page of each into a picture."""
    results = xlprofit.analyze(demo.tables())
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
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
            target = IMAGES / name.lower().replace(" ", "-").replace("&", "and")
            run("pdftoppm", "-png", "-r", "95", "-f", str(first), "-singlefile", str(pdf), str(target))


def run(*command: str) -> str:
    """Run a command and return what it printed."""
    return subprocess.run(command, check=True, capture_output=True, timeout=300, encoding="utf-8").stdout


if __name__ == "__main__":
    main()

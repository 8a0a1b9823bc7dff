"""What the buttons in Calc have done in another process: each line of the output is one message of JSON.

    python -m xlprofit.calc.worker refresh COPY.xlsx RESULTS.xlsx RESULTS.json

A message is ``{"stage": words}``, and at the end one of ``{"done": words}``, ``{"error": words}`` (with the mend) and
``{"findings": [{"severity", "sheet", "cell", "said"}, …]}``. The exit code is 0, or 1 after an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from xlprofit.errors import StoppedError, XlprofitError
from xlprofit.formulas import SHEET

if TYPE_CHECKING:
    from xlprofit.findings import Finding
    from xlprofit.sheets.parts import Sheet


def main(words: Sequence[str]) -> int:
    """Do what the words say; return the exit code."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # it is a stream of text here
    act, *given = words
    try:
        if act == "explain":
            _explain(Path(given[0]), Path(given[1]), *given[2:])
        elif act == "refresh":
            _refresh(*map(Path, given))
        elif act == "check":
            _check(Path(given[0]))
        else:
            _new(Path(given[0]))
    except StoppedError as error:
        _say("findings", _listed(error.findings))
        _say("error", str(error))
        return 1
    except XlprofitError as error:
        _say("error", str(error))
        return 1
    return 0


def _say(kind: str, content: object) -> None:
    print(json.dumps({kind: content}, ensure_ascii=False), flush=True)


def _listed(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [
        {"severity": f.severity, "sheet": f.sheet, "cell": f.cell or "", "said": str(f)} for f in findings
    ]


def _refresh(copy: Path, target: Path, rows: Path) -> None:
    """Compute a workbook's results; draw the result sheets, and no other, into a workbook of their own.

    The results sheet, which no one looks at, goes as rows: it may have a million cells, and as a
    sheet of a workbook it would take longer than all the rest.
    """
    _say("stage", "Reading and checking the tables")
    from xlprofit.run import analyze

    results = analyze(copy)
    _say("stage", "Drawing the result sheets")
    from xlprofit.sheets import book, results_sheet

    _draw([s for s in book.sheets(results, _sheets_of(copy)) if s.name != SHEET], target)
    _write_rows(results_sheet.sheet(results), rows)
    profit = results.customers["profit"]
    currency = results.inputs.settings.currency
    earning = int((profit > 0).sum())
    _say("findings", _listed(results.findings))
    _say(
        "done",
        f"{len(profit):,} customers, {earning:,} of them profitable, customer profit {profit.sum():,.0f} {currency}",
    )


def _explain(copy: Path, target: Path, customer: str, line: str = "") -> None:
    """Draw the sheet that explains a customer's figure into a workbook of its own."""
    _say("stage", "Computing")
    from xlprofit.run import analyze
    from xlprofit.sheets import explanation

    results = analyze(copy)
    _say("stage", "Explaining")
    _draw([explanation.sheet(results, customer, line or None, _sheets_of(copy))], target)
    _say("done", f"{customer}: {line or 'profit'}")


def _sheets_of(copy: Path) -> tuple[str, ...]:
    import openpyxl

    source = openpyxl.load_workbook(copy, read_only=True)
    try:
        return tuple(source.sheetnames)
    finally:
        source.close()


def _draw(sheets: Sequence[Sheet], target: Path) -> None:
    import openpyxl

    from xlprofit.render.to_openpyxl import draw_all

    workbook = openpyxl.Workbook()
    blank = workbook.worksheets[0]
    blank.title = "nothing drawn"
    draw_all(sheets, workbook)
    workbook.remove(blank)
    workbook.save(target)


def _write_rows(sheet: Sheet, path: Path) -> None:
    columns = sheet.tables[0].columns
    rows = [[column.header for column in columns], *zip(*(column.values for column in columns), strict=True)]
    path.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _check(copy: Path) -> None:
    _say("stage", "Checking the tables")
    from xlprofit.run import check

    _say("findings", _listed(check(copy)))


def _new(target: Path) -> None:
    _say("stage", "Making the workbook")
    from xlprofit.run import new

    new(target)
    _say("done", str(target))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

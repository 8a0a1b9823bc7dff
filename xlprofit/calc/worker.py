"""What the buttons in Calc have done in another process: each line of the output is one message of JSON.

    python -m xlprofit.calc.worker refresh REQUEST.json

A request names the files: ``copy`` (the document as .xlsx), ``folder`` (where the document's relative paths start;
empty where it has none),
``results`` (the workbook to draw into), ``rows`` (the file for the rows of the results sheet), ``language`` (of
what is asked without a document) and ``cell`` (the selected one, see :mod:`xlprofit.calc.selected`).

A message is ``{"stage": words}``, and at the end one or more of ``{"done": words}``, ``{"error": words}`` (with the
fix), ``{"findings": [{"severity", "sheet", "cell", "said"}, …]}``, ``{"former": {name: name so far}}``, the
sheets of ours that are to be called otherwise, and ``{"inputs": [sheet, …]}``, those with the input tables. The
exit code is 0, or 1 after an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlprofit import __version__
from xlprofit.calc.extension.names import to_calc, translate
from xlprofit.errors import StoppedError, XlprofitError
from xlprofit.formulas import SHEET as RESULTS_SHEET
from xlprofit.languages import list_terms
from xlprofit.words.complaints import say_error, say_finding
from xlprofit.words.sheets import say_sheets
from xlprofit.words.speech import _, _n, say, speaking, term

if TYPE_CHECKING:
    from xlprofit.findings import Finding
    from xlprofit.results import Results
    from xlprofit.sheets.parts import Sheet
    from xlprofit.workbook.listing import Listing

Request = Mapping[str, Any]


def main(words: Sequence[str]) -> int:
    """Do what the words say; return the exit code."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # it is a stream of text here
    act, path = words
    request = json.loads(Path(path).read_text(encoding="utf-8"))
    acts = {"refresh": _refresh, "check": _check, "explain": _explain, "new": _new}
    try:
        with speaking(request["language"]):
            _refuse_other_version(request)
            acts[act](request)
    except StoppedError as error:
        with speaking(error.language, error.own):
            _say("findings", _listed(error.findings))
        _say("error", say_error(error))
        return 1
    except XlprofitError as error:
        _say("error", say_error(error))
        return 1
    return 0


def _refuse_other_version(request: Request) -> None:
    if request["version"] != __version__:
        raise XlprofitError(
            _(
                "The extension in LibreOffice is of version {old}, xlprofit of {new}",
                old=request["version"],
                new=__version__,
            ),
            _("Run xlprofit calc install, and start LibreOffice again"),
        )


def _say(kind: str, content: object) -> None:
    print(json.dumps({kind: content}, ensure_ascii=False), flush=True)


def _listed(findings: Sequence[Finding]) -> list[dict[str, str]]:
    return [
        {"severity": term("word", f.severity), "sheet": f.sheet, "cell": f.cell or "", "said": say_finding(f)}
        for f in findings
    ]


def _computed(request: Request) -> Results:
    from xlprofit.results import compute
    from xlprofit.run import read_and_checked_copy

    _say("stage", _("Reading and checking"))
    inputs, findings = read_and_checked_copy(Path(request["copy"]), _folder(request))
    if inputs is None:
        raise StoppedError(findings)
    with speaking(findings.language, findings.own):
        _say("stage", _("Computing"))
        return compute(inputs, findings)


def _folder(request: Request) -> Path | None:
    return Path(request["folder"]) if request["folder"] else None


def _refresh(request: Request) -> None:
    """Compute a workbook's results; draw the result sheets, and no other, into a workbook of their own.

    The rows of the results sheet go to a file: it may have a million cells, and as a sheet of a workbook it
    would take longer than all the rest.
    """
    results = _computed(request)
    from xlprofit.sheets import book, look_up, names
    from xlprofit.workbook.chosen import chosen

    copy = Path(request["copy"])
    with speaking(results.findings.language, results.findings.own):
        formulas, customer = chosen(copy, list_terms("sheet", names.LOOK_UP), *look_up.CHOSEN_PLACE)
        hidden = book.with_hidden(results, _names(request), formulas=formulas, customer=customer, say=say)
        sheets = say_sheets(hidden, results.findings.language, results.findings.own)
        rows = next(sheet for sheet in sheets if sheet.name == RESULTS_SHEET)
        _say("stage", _("Drawing the result sheets"))
        _draw([replace(sheet, tables=()) if sheet is rows else sheet for sheet in sheets], request)
        if formulas:
            translate(request["results"], request["results"], to_calc)
        _write_rows(rows, Path(request["rows"]))
        _say("inputs", sorted(set(results.inputs.sheets.values())))
        _say("findings", _listed(results.findings))
        _say("done", _in_words(results))


def _in_words(results: Results) -> str:
    from xlprofit.sheets.left_out import describe_left_out

    profit = results.customers["profit"]
    said = _n(
        "{n:,} customer, {earning:,} of them profitable, customer profit {profit:,.0f} {currency}.",
        "{n:,} customers, {earning:,} of them profitable, customer profit {profit:,.0f} {currency}.",
        len(profit),
        earning=int((profit > 0).sum()),
        profit=profit.sum(),
        currency=results.inputs.settings.currency,
    )
    lost = describe_left_out(results)
    return said + (_(" Not in these figures: {lost}.", lost=lost) if lost else "")


def _explain(request: Request) -> None:
    """Draw the sheet that explains the selected figure into a workbook of its own."""
    results = _computed(request)
    from xlprofit.calc.selected import meant
    from xlprofit.sheets import explanation

    with speaking(results.findings.language, results.findings.own):
        _say("stage", _("Explaining"))
        customer, line = meant(request["cell"], results, Path(request["copy"]))
        explained = explanation.sheet(results, customer, line, _names(request))
        _draw(say_sheets([explained], results.findings.language, results.findings.own), request)


def _check(request: Request) -> None:
    from xlprofit.results import compute
    from xlprofit.run import read_and_checked_copy

    _say("stage", _("Reading and checking"))
    inputs, findings = read_and_checked_copy(Path(request["copy"]), _folder(request))
    found = findings if inputs is None else compute(inputs, findings).findings
    with speaking(findings.language, findings.own):
        _say("findings", _listed(found))
        if not found:
            _say("done", _("Nothing is wrong in the input tables."))


def _new(request: Request) -> None:
    _say("stage", _("Making the workbook"))
    from xlprofit.run import new

    new(request["results"], language=request["language"])


def _names(request: Request) -> tuple[str, ...]:
    return tuple(sheet.name for sheet in _listing(request).sheets)


def _listing(request: Request) -> Listing:
    from xlprofit.workbook.listing import listing
    from xlprofit.workbook.package import opened

    with opened(Path(request["copy"])) as book:
        return listing(book)


def _draw(sheets: Sequence[Sheet], request: Request) -> None:
    """Draw sheets, each marked as ours, into a workbook; say which are there by another name.

    Raises:
        FileError: the user has a sheet of his own where one of them must go.
    """
    import openpyxl
    from openpyxl.workbook.defined_name import DefinedName

    from xlprofit.render.to_openpyxl import draw_all
    from xlprofit.workbook.listing import mark
    from xlprofit.workbook.put import refuse_taken

    refuse_taken(Path(request["copy"]), [sheet.name for sheet in sheets])
    _say("former", _former(sheets, _listing(request)))
    workbook = openpyxl.Workbook()
    blank = workbook.worksheets[0]
    blank.title = "nothing drawn"
    for worksheet in draw_all(sheets, workbook):
        ours = mark(worksheet.title)
        name = ours.attributes["name"]
        worksheet.defined_names[name] = DefinedName(name, attr_text=ours.text)
    workbook.remove(blank)
    workbook.save(request["results"])


def _former(sheets: Sequence[Sheet], there: Listing) -> dict[str, str]:
    """Return what sheets of ours are called so far that are now to be called otherwise, by the new name."""
    from xlprofit.sheets.names import formerly

    known = {sheet.name: sheet.ours for sheet in there.sheets}
    return {
        sheet.name: before
        for sheet in sheets
        if sheet.name not in known
        for before in formerly(sheet.name)
        if known.get(before)
    }


def _write_rows(sheet: Sheet, path: Path) -> None:
    columns = sheet.tables[0].columns
    rows = [[column.header for column in columns], *zip(*(column.values for column in columns), strict=True)]
    path.write_text(json.dumps(rows, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

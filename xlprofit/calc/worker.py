"""What the buttons in Calc have done in another process: each line of the output is one message of JSON.

    python -m xlprofit.calc.worker refresh REQUEST.json

A request names the files: ``copy`` (the document as .xlsx), ``folder`` (where the document's relative paths start;
empty where it has none),
``results`` (the workbook to draw into), ``rows`` (the file for the rows of the results sheet), ``language`` (of
what is asked without a document) and ``cell`` (the selected one, where it counts, as
:class:`xlprofit.sheets.figures.Selection`).

A message is ``{"stage": words}``, and at the end one or more of ``{"done": words}``, ``{"error": words}`` (with the
fix), ``{"findings": [{"severity", "sheet", "cell", "said"}, …]}``, ``{"former": {name: name so far}}``, the
sheets of ours that are to be called otherwise, and ``{"below": {sheet: [row, count]}}``, the rows right below a
table that were read with it. The exit code is 0, or 1 after an error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlprofit import __version__
from xlprofit.errors import XlprofitError
from xlprofit.words.complaints import say_error
from xlprofit.words.speech import _, _n, speaking

if TYPE_CHECKING:
    from xlprofit.results import Results

Request = Mapping[str, Any]


def main(words: Sequence[str]) -> int:
    """Do what the words say; return the exit code."""
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # it is a stream of text here
    act, path = words
    request = json.loads(Path(path).read_text(encoding="utf-8"))
    acts = {
        "refresh": _refresh_copy,
        "check": _check_copy,
        "explain": _explain_copy,
        "new": _create_workbook,
        "propose": _propose_import,
        "import": _import_files,
    }
    try:
        with speaking(request["language"]):
            _refuse_other_version(request)
            acts[act](request)
    except XlprofitError as error:
        _send_message("error", say_error(error))
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


def _send_message(kind: str, content: object) -> None:
    print(json.dumps({kind: content}, ensure_ascii=False), flush=True)


def _refresh_copy(request: Request) -> None:
    from xlprofit import workflow
    from xlprofit.hosts.calc import CalcHost

    host = CalcHost(request, _send_message)
    selected = host.read_selection() if "cell" in request else None
    results = workflow.refresh_sheets(host, selected=selected)[0]
    with speaking(results.inputs.settings.language):
        _send_message("below", host.below)
        host.say_findings(results.findings)
        _send_message("done", _summarize_results(results))


def _summarize_results(results: Results) -> str:
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


def _explain_copy(request: Request) -> None:
    from xlprofit import workflow
    from xlprofit.hosts.calc import CalcHost

    workflow.explain_cell(CalcHost(request, _send_message))


def _check_copy(request: Request) -> None:
    from xlprofit import workflow
    from xlprofit.hosts.calc import CalcHost

    findings = workflow.check_sheets(CalcHost(request, _send_message))
    with speaking(findings.language):
        if not findings:
            _send_message("done", _("Nothing is wrong in the input tables."))


def _create_workbook(request: Request) -> None:
    from xlprofit import workflow

    _send_message("stage", _("Making the workbook"))
    workflow.new(request["results"], language=request["language"])


def _propose_import(request: Request) -> None:
    """Say what an export holds, for the user to confirm."""
    from xlprofit.importing.dialogue import describe_plan
    from xlprofit.importing.intake import plan_import

    _send_message("stage", _("Reading the exports"))
    _send_message("done", describe_plan(plan_import([request["export"]], request["output"])))


def _import_files(request: Request) -> None:
    """Take an export in as it was proposed, into a workbook beside it."""
    from xlprofit.importing.intake import import_files, plan_import

    plan = plan_import([request["export"]], request["output"]).confirm_guesses()
    done = import_files([request["export"]], plan=plan, stage=lambda words: _send_message("stage", words))
    with speaking(done.results.inputs.settings.language):
        _send_message("done", _summarize_results(done.results))


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

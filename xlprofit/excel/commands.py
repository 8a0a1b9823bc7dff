"""The commands ``xlprofit addin …``: each is one call of :mod:`xlprofit.excel.addin`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlprofit.streams import make_plain
from xlprofit.terminal import print_line, print_lines, show_checks, show_stages, tell_what_was_written
from xlprofit.words.speech import _

app = typer.Typer(
    no_args_is_help=True,
    help="The Excel add-in: a tab Customer profit, and the formulas in every workbook. Built here, without Excel.",
)

Minimal = Annotated[
    bool,
    typer.Option(
        "--minimal", help="The fallback: xlwings' own add-in with one button, Refresh, and no formulas."
    ),
]


@app.command()
def build(
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="PATH", readable=False, help="A folder, or the .xlam file to write."
        ),
    ] = Path(),
    minimal: Minimal = False,
) -> None:
    """Build xlprofit.xlam, in the current folder unless told otherwise."""
    from xlprofit.excel import addin

    built = addin.build_addin(output, minimal=minimal)
    with tell_what_was_written():
        print_line(_("Built {path}", path=built))


@app.command()
def install(minimal: Minimal = False) -> None:
    """Build the add-in into the folder from which Excel starts add-ins, and tell it which Python to call.

    Windows: tab and formulas. Mac: the tab and its buttons, for xlwings has custom functions on Windows
    only. Excel shows it when it is started the next time.
    """
    from xlprofit.excel import addin

    installed = addin.install_excel_addin(minimal=minimal)
    with tell_what_was_written():
        print_lines(
            _(
                "Installed {path}\nSettings in {settings}\nNow close Excel and start it again.",
                path=make_plain(str(installed.addin)),
                settings=make_plain(str(installed.settings)),
            )
        )


@app.command()
def uninstall() -> None:
    """Remove the add-in and its settings; what other add-ins use stays."""
    from xlprofit.excel import addin

    removed = addin.uninstall_excel_addin()
    lines = [_("Removed {path}", path=path) for path in removed]
    with tell_what_was_written():
        for line in lines or [_("There was nothing to remove.")]:
            print_line(line)


@app.command()
def status(
    book: Annotated[
        str | None, typer.Argument(metavar="BOOK.xlsx", help="A workbook in which it does not work, if any.")
    ] = None,
) -> None:
    """Look for what add-ins stumble over, and say how to fix each. Exit code 1 where something is wrong."""
    from xlprofit.excel import addin

    show_checks(addin.check_excel_setup(book))


@app.command()
def trial(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="The folder to make them in.")
    ] = Path("excel-trial"),
) -> None:
    """Make four workbooks to try in Excel in ten minutes: docs/excel_trial.md says what to click and what to see."""
    from xlprofit.excel.trial import make_trial_files

    with show_stages() as stage:
        made = make_trial_files(output, stage=stage)
    with tell_what_was_written():
        for path in made:
            print_line(_("Made {path}", path=str(path)))

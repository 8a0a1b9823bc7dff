"""The commands ``xlprofit calc …``: each is one call of :mod:`xlprofit.calc`."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from xlprofit.terminal import print_line, print_lines, show_checks, tell_what_was_written
from xlprofit.words.speech import _, _n

app = typer.Typer(
    no_args_is_help=True,
    help="The extension for LibreOffice Calc: a menu and a toolbar Customer profit, and the formulas.",
)


class Program(StrEnum):
    """Whose names the formulas are to have."""

    calc = "calc"
    excel = "excel"


Profile = Annotated[
    str | None,
    typer.Option(metavar="FOLDER", help="Another user profile than LibreOffice's own."),
]


@app.command()
def build(
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="PATH", readable=False, help="A folder, or the .oxt file to write."
        ),
    ] = Path(),
) -> None:
    """Build xlprofit.oxt, in the current folder unless told otherwise. It calls the Python that built it."""
    from xlprofit.calc import package

    built = package.build_extension(output)
    with tell_what_was_written():
        print_line(_("Built {path}", path=built))


@app.command()
def install(profile: Profile = None) -> None:
    """Build the extension and add it to LibreOffice, and tell it which Python to call."""
    from xlprofit.calc import installation

    program = installation.install_extension(profile=profile)
    with tell_what_was_written():
        print_lines(
            _("Installed with {program}.\nNow close LibreOffice and start it again.", program=program)
        )


@app.command()
def uninstall(profile: Profile = None) -> None:
    """Take the extension out of LibreOffice."""
    from xlprofit.calc import installation

    removed = installation.remove_extension(profile=profile)
    with tell_what_was_written():
        print_line(_("Removed.") if removed else _("There was nothing to remove."))


@app.command()
def status(profile: Profile = None) -> None:
    """Say whether LibreOffice and the extension are there. Exit code 1 where something is wrong."""
    from xlprofit.calc import installation

    show_checks(installation.check_extension(profile=profile))


@app.command()
def translate(
    book: Annotated[Path, typer.Argument(metavar="BOOK.xlsx", readable=False, help="The workbook.")],
    to: Annotated[Program, typer.Option("--to", help="The program that is to know the formulas.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT.xlsx",
            readable=False,
            help="Write this file and leave BOOK.xlsx as it is.",
        ),
    ] = None,
) -> None:
    """Give the formulas of a workbook the names that Calc or Excel knows: CUSTOMER_PROFIT or its long name."""
    from xlprofit.calc import translation

    target = output or book
    count = translation.translate_workbook(book, target, to=to.value)
    with tell_what_was_written():
        print_line(
            _n(
                "Wrote {path}: {n:,} formula changed",
                "Wrote {path}: {n:,} formulas changed",
                count,
                path=target,
            )
        )

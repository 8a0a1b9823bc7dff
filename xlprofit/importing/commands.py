"""The command import: exports proposed as tables, confirmed, and taken into a workbook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from xlprofit.terminal import exit_when_stopped, print_error_line, show_refresh_result, show_stages
from xlprofit.words.speech import _


def import_exports(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Exports: workbooks, CSV files; book.xlsx#Orders is one sheet."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="BOOK.xlsx",
            readable=False,
            help="The workbook to make, or to take them into.",
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Accept what is proposed without asking.")] = False,
    profile: Annotated[
        str,
        typer.Option(
            "--profile",
            metavar="FILE.toml",
            help="Read the exports as this profile says; where the file is not there, write it.",
        ),
    ] = "",
    mapping: Annotated[
        str,
        typer.Option("--mapping", help="Columns of another name: customer=cust_no; gross_revenue=net."),
    ] = "",
    options: Annotated[
        str, typer.Option("--options", help="How a file of text is read: delimiter=; encoding=cp1252.")
    ] = "",
    backup: Annotated[
        bool,
        typer.Option(
            "--backup",
            help="Keep the old workbook beside the new one, as BOOK.backup.xlsx, or the next free number.",
        ),
    ] = False,
) -> None:
    """Take exports as they come into a workbook: propose which column is which, confirm once, remember.

    Header rows are found below titles and blank lines, columns by their names and by what they contain. The
    workbook's table Sources remembers how each export is read, so that next month **xlprofit refresh BOOK.xlsx** reads
    the new file with no question. Without -o the workbook is FILE-xlprofit.xlsx beside the first file.
    """
    from xlprofit.importing.dialogue import confirm_plan, show_plan
    from xlprofit.importing.intake import import_files, plan_import

    plan = plan_import(files, output, profile=profile, mapping=mapping, options=options)
    if plan.open and not yes:
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            show_plan(plan)
            print_error_line(
                _(
                    "Nothing was written: accept it with --yes, or say which column is which with --mapping "
                    "or --profile"
                )
            )
            raise typer.Exit(1)
        accepted = confirm_plan(plan)
        if accepted is None:
            print_error_line(_("Nothing was written."))
            raise typer.Exit(1)
        plan = accepted
    elif plan.open:
        show_plan(plan)
    with exit_when_stopped(), show_stages() as stage:
        refreshed = import_files(
            files, plan.output, profile=profile, options=options, plan=plan, backup=backup, stage=stage
        )
    show_refresh_result(refreshed)

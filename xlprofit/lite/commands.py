"""The commands ``xlprofit lite …``: each is one call of :mod:`xlprofit.lite.embedding`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from xlprofit.terminal import print_line, tell_what_was_written
from xlprofit.words.speech import _, say_list

app = typer.Typer(
    no_args_is_help=True,
    help="A workbook that carries its code, for xlwings Lite (Windows, Mac and web; no Python needed). Experimental.",
)

Book = Annotated[Path, typer.Argument(metavar="BOOK.xlsx", readable=False, help="The workbook.")]


@app.command()
def embed(
    book: Book,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="OUT.xlsx", help="Write this file and leave BOOK.xlsx as it is."
        ),
    ] = None,
) -> None:
    """Put xlprofit into a workbook: xlwings Lite then runs Refresh in it, wherever it is opened.

    Everything else in the workbook stays as it is. Experimental: no workbook that was made so has been opened in
    Excel here. Run it last: openpyxl drops the code when it saves the file.
    """
    from xlprofit.lite.embedding import embed_lite_code

    written = embed_lite_code(book, output)
    with tell_what_was_written():
        print_line(
            _(
                "{path} carries xlprofit. Open it in Excel with the add-in xlwings Lite, press Trust and Continue, "
                "and run refresh_results in its pane.",
                path=str(written),
            )
        )


@app.command()
def extract(
    book: Book,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="The folder to write the files into.")
    ] = Path(),
) -> None:
    """Write the code that a workbook carries into files, whoever wrote it."""
    from xlprofit.lite.embedding import extract_lite_code

    paths = extract_lite_code(book, output)
    with tell_what_was_written():
        for path in paths:
            print_line(_("Wrote {path}", path=str(path)))


@app.command()
def status(book: Book) -> None:
    """Say what code a workbook carries. Exit code 1 where it is none of this xlprofit's."""
    from xlprofit import __version__
    from xlprofit.lite.embedding import read_lite_code

    code = read_lite_code(book)
    if code is None:
        print_line(_("{path} carries no code for xlwings Lite.", path=str(book)))
        raise typer.Exit(1)
    print_line(_("{path} carries {files}.", path=str(book), files=say_list(code.files, _(" and "))))
    if not code.version:
        print_line(_("The code is not xlprofit's."))
    elif code.version != __version__:
        print_line(
            _(
                "It was written by xlprofit {version}; this is {other}: run xlprofit lite embed again.",
                version=code.version,
                other=__version__,
            )
        )
    else:
        print_line(_("It was written by this xlprofit, {version}.", version=__version__))
        return
    raise typer.Exit(1)

"""The streams that a command speaks through: always there, in any encoding, and clean of what moves a terminal."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

HIDDEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Kinds of characters that show nothing but change what is shown: controls, directions, halves, line breaks."""

JOINERS = "\u200c\u200d"
"""Letters of some languages, and pictures, are joined or kept apart by these."""


def make_plain(text: str) -> str:
    r"""Return a text on one line of a terminal, a dot for each character that would move it or turn it round.

    >>> make_plain("A\x1b[2JB\u202eC\nD"), make_plain("1\u00a0200 €")
    ('A·[2JB·C·D', '1\xa0200 €')
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join("·" if unicodedata.category(c) in HIDDEN and c not in JOINERS else c for c in text)


def prepare_streams() -> None:
    """Open the standard streams that are closed, and let what their encoding lacks be written by its number.

    Without that the workbook itself might be opened as the standard output.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.open(os.devnull, os.O_RDWR)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 # as long as it runs
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 # as long as it runs
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


@contextmanager
def write_in_utf_8() -> Iterator[None]:
    """Write the standard output in UTF-8 for a while, where it is no terminal: for programs that read it."""
    stream: Any = sys.stdout
    encoding = stream.encoding
    if stream.isatty() or not hasattr(stream, "reconfigure"):
        yield
        return
    stream.reconfigure(encoding="utf-8", errors="surrogatepass")
    try:
        yield
    finally:
        with suppress(OSError):
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def silence_output(stream: Any = None) -> None:
    """Let what is still to be written to the standard output, or to another stream, go nowhere: nobody can take it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, (stream or sys.stdout).fileno())
        os.close(nowhere)


def flush_errors() -> None:
    """Write what is left for the standard error; what cannot be written goes nowhere, lest Python end with code 120."""
    try:
        sys.stderr.flush()
    except (OSError, ValueError):
        silence_output(sys.stderr)


def flush_output() -> str:
    """Write what is left for the standard output; return why it cannot be written, an empty text where it can.

    Whoever reads no more, as ``head`` does, had enough: that is no reason.
    """
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()
    except OSError as error:
        silence_output()
        return error.strerror or str(error)
    except ValueError:  # closed by whoever called
        return ""
    return ""

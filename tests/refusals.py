"""What a refusal is about: the figures of its message, whatever the sentence; that stands in tests/wording."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlprofit.errors import XlprofitError
from xlprofit.messages import Message


def list_figures(message: object) -> Iterator[tuple[str, Any]]:
    """Yield each figure of a message by its name, those of the messages within it too."""
    if not isinstance(message, Message):
        return
    for part in message.parts:
        yield from list_figures(part)
    for name, figure in message.figures.items():
        yield name, figure
        yield from list_figures(figure)


def figures_of(error: XlprofitError) -> dict[str, Any]:
    """Return the figures of what is wrong and of how to fix it: files, sheets, cells, names and numbers."""
    return dict((*list_figures(error.what), *list_figures(error.fix)))

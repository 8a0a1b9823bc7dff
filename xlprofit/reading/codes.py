"""Codes of the systems that exports come from, from ``codes.toml`` beside this file: words of no language."""

from __future__ import annotations

import tomllib
from importlib.resources import files


def load_codes(kind: str) -> tuple[tuple[str, ...], ...]:
    """Return the codes of a kind, those in a row that belong together.

    >>> ("si", "sc") in load_codes("credit_codes")
    True
    """
    text = files("xlprofit.reading").joinpath("codes.toml").read_text(encoding="utf-8")
    return tuple(map(tuple, tomllib.loads(text)[kind]))

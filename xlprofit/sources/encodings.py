"""Encodings: in which encoding of one byte a letter a text is, that is not in UTF-8."""

from __future__ import annotations

import re

LEGACY = "cp1252"
"""What a text that is not in UTF-8 is taken for, unless another encoding fits better."""

RIVALS = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "cp850", "cp437", "mac_roman")
"""Encodings of one byte a letter that exports still come in."""

TRIED = 1 << 16
"""So many bytes with letters beyond ASCII around them are looked at to tell encodings apart."""


def find_legacy(data: bytes) -> str:
    """Return the encoding of one byte a letter that a text is most likely in.

    Only lines with letters beyond ASCII tell anything; another than Excel's own is taken where the text is clearly
    less of a jumble in it.
    """
    lines = [line for line in data.splitlines() if not line.isascii()]
    some = b"\n".join(dict.fromkeys(lines))[:TRIED]
    if not _fails(some, LEGACY) and not count_jumble(some.decode(LEGACY)):
        return LEGACY
    from charset_normalizer import from_bytes

    found = {
        match.encoding: match.chaos for match in from_bytes(some, cp_isolation=list(RIVALS), threshold=0.9)
    }
    fitting = [name for name in RIVALS if not _fails(some, name)]  # some of them have a letter for every byte
    return min(
        fitting, key=lambda name: (count_jumble(some.decode(name)), found.get(name, 1.0), RIVALS.index(name))
    )


_JUMBLE = re.compile(
    r"(?<=[a-zß-öø-ÿ])(?:[À-ÖØ-ÞŸŽŠŒ](?=[a-zß-öø-ÿ]|\b)|[^\w\s\x00-\x7f’‘–—])(?=[^\W\d_]|\b)|[^\w\s\x00-\x7f’‘–—€„“”«»](?=[a-z])"
)
"""A capital within a word, or a sign within or before one: what a wrong encoding makes of letters."""


def count_jumble(text: str) -> int:
    """Return how many letters and words of a text hardly any language has.

    >>> count_jumble("Müller"), count_jumble("MŸller")
    (0, 1)
    """
    words = re.findall(r"[^\W\d_]{4,}", text)
    accented = sum(len(re.findall("[\u00c0-\u00ff]", word)) * 5 > len(word) * 3 for word in words)
    return len(_JUMBLE.findall(text)) + accented


def _fails(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return True
    return False

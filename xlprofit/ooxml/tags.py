"""What is found in the bytes of a part: tags, their attributes, whole elements.

A part is parsed where it is read as a whole. Found in its bytes is what must come out byte for byte as it went in, and
what is looked for while a sheet of a million rows streams by. Every pattern over bytes stands here, but for those of
what a fast reader of cells stumbles on, which :mod:`xlprofit.ooxml.marks` has.

Each stays within a tag, or an element, and looks at each byte a few times at most, whatever stands there: a file may
be made so that others take hours. Names are given without their prefix; ``prefix`` says which one, colon included,
and ``None`` that there may be any.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ANY_PREFIX = rb"(?:\w++:)?"
_ANY_NAME = rb"[^\s<>\"'/]++"
_ATTRIBUTES = rb"""(?:[^<>"']++|"[^"<]*+"|'[^'<]*+')*+"""
_ANY_VALUE = rb"[^\"'<>]*+"


def _say_names(names: tuple[str, ...]) -> bytes:
    return b"(?:%s)" % "|".join(names).encode()


def _say_prefix(prefix: bytes | None) -> bytes:
    return _ANY_PREFIX if prefix is None else prefix


@lru_cache(maxsize=64)
def match_tags(*names: str) -> re.Pattern[bytes]:
    """Return what finds the start tags of elements called so, or of any; its group 1 is the attributes."""
    named = _ANY_PREFIX + _say_names(names) if names else _ANY_NAME
    return re.compile(rb"<%s(?=[\s/>])(%s)>" % (named, _ATTRIBUTES))


@lru_cache(maxsize=64)
def match_tags_with(
    name: str,
    attribute: str,
    values: tuple[bytes, ...] = (),
    *,
    prefix: bytes | None = None,
    filled: bool = False,
) -> re.Pattern[bytes]:
    """Return what finds the start tags of elements that have an attribute, with any value or one of some.

    Its group 1 is the attributes, its group 2 the value. ``filled``: only elements with a content.
    """
    value = b"|".join(map(re.escape, values)) or _ANY_VALUE
    end = b"(?<!/)>" if filled else b">"
    return re.compile(
        rb"<%s%s(?=(\s[^<>]*+)%s)[^<>]*?\s%s\s*+=\s*+[\"'](%s)[\"']"
        % (_say_prefix(prefix), name.encode(), end, attribute.encode(), value)
    )


@lru_cache(maxsize=64)
def match_attribute(name: str) -> re.Pattern[bytes]:
    """Return what finds an attribute in a tag: its last group is the value, between its quotes."""
    return re.compile(rb"""\s%s\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)')""" % name.encode())


@lru_cache(maxsize=8)
def match_values(attribute: str, values: tuple[bytes, ...], quote: bytes) -> re.Pattern[bytes]:
    """Return what finds an attribute with one of some values, written in such quotes, wherever it stands.

    A search that begins with signs that are always the same takes a tenth of the time of one for each value.
    """
    return re.compile(
        b"%s=%s(?:%s)%s" % (attribute.encode(), quote, b"|".join(map(re.escape, values)), quote)
    )


@lru_cache(maxsize=8)
def match_texts(*names: str) -> re.Pattern[bytes]:
    """Return what finds whole elements that hold a text alone: group 1 is the start tag, group 2 the text, if any."""
    named = _ANY_PREFIX + _say_names(names)
    return re.compile(rb"(<%s(?=[\s/>])%s>)(?:(?<=/>)|([^<]*+)</%s\s*+>)" % (named, _ATTRIBUTES, named))


@lru_cache(maxsize=8)
def match_elements(name: str) -> re.Pattern[bytes]:
    """Return what finds whole elements that hold none of their own name.

    Groups 1 to 3 are the prefix, the attributes, and the content, which is ``None`` in an element without an end tag.
    """
    return re.compile(
        rb"<((?:\w++:)?)%s(?=[\s/>])([^>]*?)(?:/>|>(.*?)</\1%s>)" % (name.encode(), name.encode()), re.DOTALL
    )


def read_attribute(tag: bytes, name: str) -> bytes | None:
    """Return the value of an attribute as it stands in a tag, or among attributes; ``None`` where there is none.

    >>> read_attribute(b"<c r='B5' s='3'>", "s"), read_attribute(b"<c r='B5'>", "t")
    (b'3', None)
    """
    found = match_attribute(name).search(tag)
    return None if found is None else found[found.lastindex or 0]

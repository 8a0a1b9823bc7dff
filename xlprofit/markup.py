"""Texts as XML has them: between tags, and as the value of an attribute.

The standard library's own stand in a module that loads all of its network code, a tenth of what a command takes
to start.
"""

from __future__ import annotations


def escape_markup(text: str) -> str:
    """Return a text as it stands between tags.

    >>> escape_markup("a < b & c")
    'a &lt; b &amp; c'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def quote_attribute(value: str) -> str:
    r"""Return the value of an attribute in its quotes, which are single ones where it has double ones alone.

    >>> print(quote_attribute("a\nb"), quote_attribute('5" nail'))
    "a&#10;b" '5" nail'
    """
    if value.isalnum():  # most are
        return f'"{value}"'
    escaped = escape_markup(value).replace("\n", "&#10;").replace("\r", "&#13;").replace("\t", "&#9;")
    if '"' not in escaped:
        return f'"{escaped}"'
    if "'" not in escaped:
        return f"'{escaped}'"
    return '"' + escaped.replace('"', "&quot;") + '"'

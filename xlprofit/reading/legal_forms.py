"""Legal forms of companies: which words of a name are one, and which of them mean the same.

What they are stands in the files of the languages (``legal_forms``), each form with all its words, the usual one first.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlprofit.languages import list_codes, list_reading_words, read_facts


def _list_forms() -> Iterator[list[str]]:
    return (
        form for code in list_codes() for form in read_facts(code).get("reading", {}).get("legal_forms", ())
    )


LEGAL_FORMS = {word: form[0] for form in _list_forms() for word in form}
"""The words of legal forms in lower case, without dots, and the usual word for each."""

IN_FRONT = frozenset(list_reading_words("legal_forms_in_front"))
"""Legal forms that may stand in front of a name."""

AND = frozenset(list_reading_words("and"))
"""What joins two names in the name of a company."""

"""Secrets: where a password or a whole address is kept, for it never stands in a workbook."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import parse_qsl, unquote, urlsplit

from xlprofit.errors import XlprofitError
from xlprofit.messages import _, change_texts
from xlprofit.sources.errors import SourceError, translate_engine_error

PLACES = ("env:", "keyring:")
"""What a secret's place begins with: ``env:NAME``, ``keyring:SERVICE/NAME``."""


def is_secret_place(text: str) -> bool:
    """Whether a text says where a secret is kept."""
    return text.lower().startswith(PLACES)


VARIABLES, SERVICE = "XLPROFIT_", "xlprofit"
"""What the environment variables, and the entries of the keyring, begin with that a workbook may name."""


def refuse_foreign_place(place: str, label: str) -> None:
    """Refuse a place in a workbook where secrets are kept that are none of ours: whoever sent it would be told them.

    Raises:
        SourceError: it is an environment variable or an entry of the keyring of another name.
    """
    kind, _colon, name = place.partition(":")
    if kind.lower() == "env" and not name.upper().startswith(VARIABLES):
        raise SourceError(
            _("{source}: a workbook may not name the environment variable {name}", source=label, name=name),
            _(
                "Keep it under a name that begins with {start}, or name the source with --source",
                start=VARIABLES,
            ),
        )
    if kind.lower() == "keyring" and name.split("/")[0] != SERVICE:
        raise SourceError(
            _("{source}: a workbook may not name the entry {name} of the keyring", source=label, name=name),
            _(
                "Keep it under {service}/NAME ({command}), or name the source with --source",
                service=SERVICE,
                command=f"keyring set {SERVICE} NAME",
            ),
        )


def fetch_secret(place: str, label: str) -> str:
    """Return the secret that a place such as ``env:NAME`` holds.

    Raises:
        SourceError: nothing is kept there, or the place is none.
    """
    kind, _colon, name = place.partition(":")
    if kind.lower() == "env":
        value = os.environ.get(name, "")
        if not value:
            raise SourceError(
                _("{source}: the environment variable {name} is not set", source=label, name=name),
                _("Set {name} before you run it, or name another place", name=name),
            )
        _remember_secret(value)
        return value
    if kind.lower() == "keyring":
        return _fetch_keyring_secret(name, label)
    raise SourceError(
        _(
            "{source}: the column {Sources.password} must say where the password is, and not what it is",
            source=label,
        ),
        _("Write env:NAME or keyring:SERVICE/NAME there, and change the password, for it was seen"),
    )


def _fetch_keyring_secret(name: str, label: str) -> str:
    service, _slash, user = name.rpartition("/")
    if not service or not user:
        raise SourceError(
            _("{source}: keyring:{name} names no entry", source=label, name=name),
            _("Write keyring:SERVICE/NAME"),
        )
    try:
        import keyring
    except ImportError:
        raise SourceError(
            _("{source}: the keyring cannot be read without the package keyring", source=label),
            _("Install it (pip install keyring), or use env:NAME"),
        ) from None
    try:
        value = keyring.get_password(service, user)
    except Exception as error:  # whatever a backend of the keyring raises
        raise SourceError(
            _("{source}: the keyring cannot be opened ({reason})", source=label, reason=type(error).__name__),
            _("Unlock it, or use env:NAME"),
        ) from error
    if not value:
        raise SourceError(
            _(
                "{source}: the keyring has nothing under {service}, {user}",
                source=label,
                service=service,
                user=user,
            ),
            _("Store it: {command}", command=f"keyring set {service} {user}"),
        )
    _remember_secret(str(value))
    return str(value)


# --- what was fetched is never told ------------------------------------------------------------------

_fetched: ContextVar[list[str] | None] = ContextVar("xlprofit_fetched_secrets", default=None)

_BETWEEN = re.compile(r"[\s/\\:@?&=,;#\[\]]+")
_TELLING = 4
"""Parts of a secret of so many letters, or more, tell something of it."""

_PLAIN = frozenset(("postgresql", "postgres", "spark", "file", "sslmode", "require", "localhost", "host"))
"""Words of any address, which tell nothing."""


def _remember_secret(value: str) -> None:
    kept = _fetched.get()
    if kept is not None:
        kept.append(value)


@contextmanager
def conceal_secrets(label: str) -> Iterator[Callable[[str], str]]:
    """Keep what is fetched within the block out of every error; give what takes it out of another message.

    Raises:
        XlprofitError: the error that was raised, without any part of a secret; one that nobody foresaw, with the
            source's ``label``.
    """
    token = _fetched.set([*(_fetched.get() or ())])

    def conceal(text: str) -> str:
        return change_texts(text, _conceal_parts)

    try:
        yield conceal
    except Exception as error:
        if not _fetched.get() or isinstance(error, MemoryError):
            raise
        told = error if isinstance(error, XlprofitError) else translate_engine_error(label, error)
        concealed = SourceError(conceal(told.what), conceal(told.fix))
        raise concealed.with_traceback(error.__traceback__) from None
    finally:
        _fetched.reset(token)


def _conceal_parts(text: str) -> str:
    """Return a text without what was fetched, nor any part of it that tells something."""
    for value in _fetched.get() or ():
        split = {*_BETWEEN.split(unquote(value)), *_BETWEEN.split(value)}
        parts = {part for part in split if len(part) >= _TELLING} - _PLAIN
        for part in sorted({value, *parts}, key=len, reverse=True):
            text = text.replace(part, "…")
    return text


def refuse_password(address: str, label: str) -> None:
    """Refuse an address that has a password in it; the words never repeat it.

    Raises:
        SourceError: there is a password in the address.
    """
    try:
        parts = urlsplit(address)
        inside = parts.password is not None or any(
            key.lower() in ("password", "sslpassword", "passwd", "pwd")
            for key, _value in parse_qsl(parts.query)
        )
    except ValueError:
        inside = "@" in address
    if inside:
        raise SourceError(
            _(
                "{source}: the address has a password in it, and a password never stands in a workbook or a command",
                source=label,
            ),
            _(
                "Take it out, say where it is in the column {Sources.password} (env:NAME or keyring:SERVICE/NAME), "
                "and change it, for it was seen"
            ),
        )

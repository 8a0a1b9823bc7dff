"""Secrets: where a password or a whole address is kept, for it never stands in a workbook."""

from __future__ import annotations

import os
from urllib.parse import parse_qsl, urlsplit

from xlprofit.messages import _
from xlprofit.sources.errors import SourceError

PLACES = ("env:", "keyring:")
"""What a secret's place begins with: ``env:NAME``, ``keyring:SERVICE/NAME``."""


def is_secret_place(text: str) -> bool:
    """Whether a text says where a secret is kept."""
    return text.lower().startswith(PLACES)


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
    return str(value)


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

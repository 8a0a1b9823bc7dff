"""Hosts: which computers a workbook may name, since whoever sent it would be told the password that it asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import parse_qsl, urlsplit

from xlprofit.messages import _
from xlprofit.sources.errors import SourceError

ALLOWED = "XLPROFIT_HOSTS"
"""The environment variable with the computers that the table Sources of a workbook may name."""

HERE = "localhost"
"""What a server on this computer is called where an address names none: it needs leave as any other does."""

_SHARE = re.compile(r"[\\/]{2}([^\\/]*)|[\\/]\?\?[\\/]")
_DEVICE = re.compile(r"(?:[\\/]{2}[?.]|[\\/]\?\?)[\\/]+(.*)", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:")
_MANAGER = re.compile(r"\A(?:k8s|mesos)://(?:\w+://)?")
"""What the address of a cluster's manager begins with, before that of its server or servers."""


def refuse_unknown_host(address: str, options: Mapping[str, str], label: str) -> None:
    """Refuse a source of a workbook on a computer that nobody outside the workbook has named.

    Raises:
        SourceError: it names a server, which :data:`ALLOWED` does not; or its address is none.
    """
    allowed = {host.casefold() for host in re.split(r"[,;\s]+", os.environ.get(ALLOWED, ""))}
    for host in (*_list_hosts(address, label), *_list_hosts(options.get("master", ""), label)):
        if host.casefold() not in allowed:
            raise SourceError(
                _(
                    "{source}: the workbook names the computer {host}, and nothing but the workbook does",
                    source=label,
                    host=host,
                ),
                _(
                    "If you know it, set the environment variable {name} to {host}, or name the source with --source",
                    name=ALLOWED,
                    host=host,
                ),
            )


def _list_hosts(address: str, label: str) -> Iterator[str]:
    """Give the computers that an address names; of a path without one, and of what is kept elsewhere, none.

    Raises:
        SourceError: the address is none.
    """
    address = address.removeprefix("spark:").strip()
    if "://" in address:
        yield from _list_server_hosts(address, label)
    elif _SHARE.match(address):
        host = _find_share_host(address)
        if host:
            yield host


def _find_share_host(address: str) -> str:
    r"""Return the computer that a path in one of Windows' spellings of a share names; nothing where it is our disk.

    >>> [_find_share_host(path) for path in (r"\\db\s\a.csv", "//?/UNC/db/s", r"\\.\pipe\x", r"\\?\C:\a.csv")]
    ['db', 'db', 'pipe', '']
    """
    device = _DEVICE.match(address)
    if device is None:
        return _strip_port((_SHARE.match(address) or [address, address])[1] or address)
    names = [name for name in re.split(r"[\\/]+", device[1]) if name]
    if names and names[0].casefold() == "unc":
        return _strip_port(names[1]) if len(names) > 1 else address
    return "" if names and _DRIVE.fullmatch(names[0]) else (names or [address])[0]


@contextmanager
def refuse_wrong_address(label: str) -> Iterator[None]:
    """Take what the parts of an address raise within the block for what it is.

    Raises:
        SourceError: the address is none.
    """
    try:
        yield
    except ValueError as error:
        raise SourceError(
            _("{source}: the address cannot be understood", source=label),
            _("Write postgresql://user@host/database"),
        ) from error


def _list_server_hosts(address: str, label: str) -> Iterator[str]:
    """Give the computers that an address of a server names: of one that names none, this one."""
    with refuse_wrong_address(label):
        parts = urlsplit(_MANAGER.sub("//", address))
        asked = [value for key, value in parse_qsl(parts.query) if key.lower() in ("host", "hostaddr")]
    named = [host for host in ",".join([parts.netloc.rpartition("@")[2], *asked]).split(",") if host]
    yield from (_strip_port(host) or HERE for host in named or [HERE])


def _strip_port(host: str) -> str:
    """Return a computer's name without its port."""
    inside = re.match(r"\[([^\]]*)\]", host)
    return inside[1] if inside else re.sub(r":\d*$", "", host)

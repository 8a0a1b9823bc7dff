"""Hosts: which computers a workbook may name, since whoever sent it would be told the password that it asks for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, urlsplit

from xlprofit.messages import _
from xlprofit.sources.errors import SourceError

ALLOWED = "XLPROFIT_HOSTS"
"""The environment variable with the computers that the table Sources of a workbook may name."""

_OWN = frozenset(("localhost", "127.0.0.1", "::1", ".", "?"))


def refuse_unknown_host(address: str, options: Mapping[str, str], label: str) -> None:
    """Refuse a source of a workbook on a computer that nobody outside the workbook has named.

    Raises:
        SourceError: it names another computer than this one, which :data:`ALLOWED` does not.
    """
    allowed = {host.casefold() for host in re.split(r"[,;\s]+", os.environ.get(ALLOWED, ""))}
    for host in (*_list_hosts(address), *_list_hosts(options.get("master", ""))):
        if host.casefold() not in _OWN | allowed:
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


def _list_hosts(address: str) -> Iterator[str]:
    """Give the computers that an address names; of a path without one, and of what is kept elsewhere, none."""
    address = address.removeprefix("spark:").strip()
    share = re.match(r"[\\/]{2}([^\\/]+)", address)
    if share:
        yield _strip_port(share[1])  # of a cluster too: spark://host:port
    elif "://" in address:
        parts = urlsplit(address.rpartition("k8s://")[2])
        asked = [value for key, value in parse_qsl(parts.query) if key.lower() in ("host", "hostaddr")]
        hosts = ",".join([parts.netloc.rpartition("@")[2], *asked]).split(",")
        yield from (host for host in map(_strip_port, hosts) if host and not host.startswith("/"))


def _strip_port(host: str) -> str:
    """Return a computer's name without its port."""
    inside = re.match(r"\[([^\]]*)\]", host)
    return inside[1] if inside else re.sub(r":\d*$", "", host)

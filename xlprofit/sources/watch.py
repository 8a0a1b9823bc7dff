"""The watch over a source: opening and reading it here ends in time, and takes no more memory than it may.

The engines are watched by themselves (:func:`xlprofit.sources.connections.run_with_time_limit`); this is for what is
done in Python: looking for files, and reading files of text.
"""

from __future__ import annotations

import gzip
import io
import math
import os
import stat
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from xlprofit.messages import _
from xlprofit.sources.errors import SourceError, build_timeout_error
from xlprofit.sources.options import parse_size, refuse_wrong_options

if TYPE_CHECKING:
    from typing_extensions import Buffer

    from xlprofit.sources.spec import Source

MEMORY = "2GB"
"""Memory that an engine may take, and text that a file may unpack to, unless the option memory says otherwise."""

_PIECE = 1 << 17
_GZIP = b"\x1f\x8b"
_SYSTEM = ("/proc", "/sys", "/dev")
"""Folders whose files are none: reading one may wait for ever."""


@dataclass(frozen=True)
class _Watch:
    """What messages call a source, the seconds that it may take and when they end, and the bytes it may unpack to."""

    label: str
    seconds: float = math.inf
    ends: float = math.inf
    most: int = 0


_watch: ContextVar[_Watch | None] = ContextVar("xlprofit_source_watch", default=None)


@contextmanager
def watch_source(source: Source) -> Iterator[None]:
    """Watch what is done for a source within the block.

    Raises:
        SourceError: the value of an option cannot be meant.
    """
    refuse_wrong_options(source.options, source.label)
    most = parse_size(source.options.get("memory", MEMORY), source.label)
    ends = time.monotonic() + source.time_limit
    token = _watch.set(_Watch(source.label, source.time_limit, ends, most))
    try:
        yield
    finally:
        _watch.reset(token)


@contextmanager
def watch_export(label: str, options: Mapping[str, str]) -> Iterator[None]:
    """Watch within the block how much of an export that somebody named is read; it may take what time it needs.

    Raises:
        SourceError: the value of an option cannot be meant.
    """
    refuse_wrong_options(options, label)
    token = _watch.set(_Watch(label, most=parse_size(options.get("memory", MEMORY), label)))
    try:
        yield
    finally:
        _watch.reset(token)


def check_time() -> None:
    """Raise where the source that is watched has taken too long.

    Raises:
        SourceError: it has.
    """
    watch = _watch.get()
    if watch is not None and time.monotonic() > watch.ends:
        raise build_timeout_error(watch.label, watch.seconds)


def is_plain_file(path: Path) -> bool:
    """Whether a path is a file that holds data on a disk, and no pipe, device or state of the system."""
    try:
        known = path.stat()
        real = os.path.realpath(path)
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(known.st_mode) and not real.startswith(tuple(f"{folder}/" for folder in _SYSTEM))


class _WatchedFile(io.RawIOBase):
    """The bytes of a file, unpacked where it is packed, no longer and no more of them than the source may take."""

    def __init__(self, opened: IO[bytes], path: Path) -> None:
        self._opened, self._path, self._read = opened, path, 0
        self._watch = _watch.get() or _Watch(_("The import"), most=parse_size(MEMORY, path.name))

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        check_time()
        view = memoryview(buffer)
        piece = self._opened.read(len(view))
        view[: len(piece)] = piece
        self._read += len(piece)
        watch = self._watch
        if self._read > watch.most:
            raise SourceError(
                _(
                    "{source}: {name} holds more than {n:,.0f} MB of text, the most that may be read",
                    source=watch.label,
                    name=self._path.name,
                    n=watch.most / 1e6,
                ),
                _("Allow more, such as memory=8GB in the column options of Sources, or name a smaller file"),
            )
        return len(piece)

    def close(self) -> None:
        self._opened.close()
        super().close()


def read_unpacked_bytes(path: Path) -> bytes:
    """Return all bytes of a file, unpacked where gzip packed it, under the watch.

    Raises:
        OSError: it cannot be read, or is damaged; EOFError and zlib.error where it is damaged too.
        SourceError: it holds more than may be read.
    """
    with path.open("rb") as opened:
        packed = opened.peek(len(_GZIP)).startswith(_GZIP)
        content = cast(IO[bytes], gzip.GzipFile(fileobj=opened) if packed else opened)
        with io.BufferedReader(_WatchedFile(content, path), _PIECE) as unpacked:
            return unpacked.read()


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file to read its bytes, unpacked where it is packed, under the watch."""
    packed = path.name.lower().endswith(".gz")
    # The caller closes it.
    opened = cast(IO[bytes], gzip.open(path, "rb") if packed else path.open("rb", buffering=0))  # noqa: SIM115
    return io.BufferedReader(_WatchedFile(opened, path), _PIECE)

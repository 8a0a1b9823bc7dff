"""Address space: whether the system would lend this process more of it, which is asked before it is needed."""

from __future__ import annotations

import mmap

LIBRARIES = 360 << 20
"""The bytes that the libraries take that read and compute: loaded into less, some of them end the process."""


def can_borrow_memory(need: int) -> bool:
    """Whether the system lends this process so many bytes, which are asked for, never touched, and given back."""
    try:
        mmap.mmap(-1, need).close()
    except (OSError, MemoryError, ValueError):
        return False
    return True

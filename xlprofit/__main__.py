"""The command ``xlprofit``, which ``python -m xlprofit`` is too."""

from __future__ import annotations

import os

INTERRUPTED = 130


def main() -> None:
    """Run the command line; Ctrl+C while it is still being loaded is one line, as it is later."""
    try:
        from xlprofit.cli import main as run
    except KeyboardInterrupt:
        os.write(2, b"Interrupted: nothing was written.\n")
        os._exit(INTERRUPTED)
    run()


if __name__ == "__main__":
    main()

"""``python -m xlprofit`` is the command ``xlprofit``."""

from xlprofit.cli import main

if __name__ == "__main__":
    main()

"""Programs in JavaScript that read what we write: their packages lie in a folder outside the repository.

``python -m tests.node`` puts them there with npm; tests that need them skip where they are absent, and fail there
where ``XLPROFIT_REQUIRE_ALL`` is set.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import REQUIRE_ALL

PACKAGES = {
    "exceljs": "4.4.0",
    "@e965/xlsx": "0.20.3",
    "pyodide": "314.0.7",
    "axe-core": "4.14.1",
    "ws": "8.23.0",
}
"""The packages and their versions: two readers of workbooks, Python in JavaScript, and what looks at a page."""

FOLDER = Path(os.environ.get("XLPROFIT_NODE", Path.home() / ".cache" / "xlprofit" / "node"))
"""Where the packages are."""

NODE = shutil.which("node")
SCRIPTS = Path(__file__).parent / "witness"


def is_there(package: str) -> bool:
    """Whether node and a package are there."""
    return NODE is not None and (FOLDER / "node_modules" / package).is_dir()


def needs_node(package: str) -> pytest.MarkDecorator:
    """Mark a test that needs a package of npm's."""
    why = f"node or its package {package} is not there: run `python -m tests.node`"
    return pytest.mark.skipif(not is_there(package) and not REQUIRE_ALL, reason=why)


def run_script(script: str, *arguments: str | Path, given: str = "", timeout: float = 300.0) -> str:
    """Run a script of ``tests/witness`` and return what it prints; the test fails where it fails."""
    if NODE is None:
        pytest.fail("node is not installed, and XLPROFIT_REQUIRE_ALL is set")
    command = [NODE, str(SCRIPTS / script), *map(str, arguments)]
    environment = os.environ | {"NODE_PATH": str(FOLDER / "node_modules")}
    done = subprocess.run(
        command, input=given, capture_output=True, text=True, timeout=timeout, check=False, env=environment
    )
    if done.returncode:
        pytest.fail(f"{script} failed: {done.stderr[-2000:]}")
    return done.stdout


def install_packages() -> int:
    """Put the packages into their folder; return npm's code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [f"{name}@{version}" for name, version in PACKAGES.items()]
    npm = shutil.which("npm")
    if npm is None:
        sys.stderr.write("npm is not installed\n")
        return 1
    command = [
        npm,
        "install",
        "--prefix",
        str(FOLDER),
        "--no-audit",
        "--no-fund",
        "--no-save",
        "--silent",
        *wanted,
    ]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(install_packages())

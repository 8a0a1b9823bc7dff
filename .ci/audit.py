"""Look up what is installed for known vulnerabilities, with pip-audit; exit code 1 where one is found.

Where the service that knows them cannot be reached, or knows none of the packages (a mirror of a registry has no
such service), that is said, and is no failure: a change must not wait for somebody else's server.
"""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

OURS = "xlprofit"
SECONDS = 600

Report = Mapping[str, Sequence[Mapping[str, Any]]]
"""What pip-audit writes: ``dependencies``, each with ``vulns``, or with the reason why it was skipped."""


def main() -> int:
    """Audit the packages of this Python; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        asked = ["--path", sysconfig.get_path("purelib"), "--format", "json", "--output", str(report)]
        command = ["uv", "tool", "run", "pip-audit", "--progress-spinner", "off", *asked]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
            why = next(iter(done.stderr.strip().splitlines()[-1:]), "it said nothing")
        except (OSError, subprocess.TimeoutExpired) as error:
            why = str(error)
        found = json.loads(report.read_text()) if report.is_file() and report.stat().st_size else None
    lines, code = told(found, why)
    print("\n".join(lines))
    return code


def told(report: Report | None, why: str = "") -> tuple[list[str], int]:
    """Return what to say of a report, and the exit code; ``why`` there is none, where there is none."""
    if report is None:
        return [f"audit: nothing was looked up, pip-audit gave no report ({why})"], 0
    packages = [package for package in report["dependencies"] if package["name"] != OURS]
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    known = [package for package in packages if "skip_reason" not in package]
    if not known:
        return [f"audit: nothing was looked up, the service knows none of the {len(packages)} packages"], 0
    lines = [
        f"audit: {package['name']} {package['version']}: {found['id']}, fixed in {_mended(found)}"
        for package in known
        for found in package["vulns"]
    ]
    said = f"audit: {len(known)} packages looked up, {len(lines)} vulnerabilities"
    left = f"; not known to the service: {', '.join(unknown)}" if unknown else ""
    return [*lines, said + left], 1 if lines else 0


def _mended(vulnerability: Mapping[str, Any]) -> str:
    return ", ".join(vulnerability.get("fix_versions") or ()) or "no version yet"


if __name__ == "__main__":
    sys.exit(main())

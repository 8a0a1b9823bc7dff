"""The audit fails where a vulnerability is known, and never for want of a network."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).parents[2] / ".ci" / "audit.py"


def told(report: Any, why: str = "") -> tuple[list[str], int]:
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    lines, code = module.told(report, why)
    return lines, code


def package(name: str, *vulnerabilities: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "version": "1.0", "vulns": list(vulnerabilities)}


def skipped(name: str) -> dict[str, Any]:
    return {"name": name, "skip_reason": "Dependency not found on PyPI"}


KNOWN = {"id": "PYSEC-2024-1", "fix_versions": ["1.1"], "aliases": [], "description": ""}
UNMENDED = {"id": "CVE-2024-2", "fix_versions": [], "aliases": [], "description": ""}


def test_a_vulnerability_fails() -> None:
    lines, code = told({"dependencies": [package("numpy"), package("pandas", KNOWN, UNMENDED)]})
    assert code == 1
    assert lines == [
        "audit: pandas 1.0: PYSEC-2024-1, fixed in 1.1",
        "audit: pandas 1.0: CVE-2024-2, fixed in no version yet",
        "audit: 2 packages looked up, 2 vulnerabilities",
    ]


def test_none_passes_and_says_what_was_not_known() -> None:
    lines, code = told({"dependencies": [package("numpy"), skipped("home-made"), skipped("xlprofit")]})
    assert (lines, code) == (
        ["audit: 1 packages looked up, 0 vulnerabilities; not known to the service: home-made"],
        0,
    )


def test_no_network_is_said_and_no_failure() -> None:
    lines, code = told(None, "no address")
    assert code == 0 and "nothing was looked up" in lines[0] and "no address" in lines[0]


def test_a_registry_that_knows_no_vulnerabilities_is_not_taken_for_a_clean_bill() -> None:
    lines, code = told({"dependencies": [skipped("numpy"), skipped("pandas"), skipped("xlprofit")]})
    assert code == 0
    assert lines == ["audit: nothing was looked up, the service knows none of the 2 packages"]

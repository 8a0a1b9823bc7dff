"""Putting the extension into LibreOffice, taking it away, and saying how it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from xlprofit import __version__
from xlprofit.calc.package import EXTENSION, IDENTIFIER, build
from xlprofit.errors import FileError, XlprofitError

_PLACES = {
    "win32": ("C:/Program Files/LibreOffice/program", "C:/Program Files (x86)/LibreOffice/program"),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS",),
    "linux": ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/snap/bin"),
}
"""Where LibreOffice's programs are, where they are not among the commands."""


@dataclass(frozen=True)
class Check:
    """Something that the extension depends on: whether it is so, what there is, and the mend."""

    name: str
    ok: bool
    what: str
    mend: str = ""


def install(*, profile: str | None = None) -> Path:
    """Build the extension for this Python and add it to LibreOffice, in place of an earlier one.

    Args:
        profile: the address (``file:///…``) of another user profile than LibreOffice's own.

    Returns:
        LibreOffice's program that did it.

    Raises:
        XlprofitError: there is no LibreOffice, or it would not take the extension.
    """
    program = _unopkg()
    with tempfile.TemporaryDirectory(prefix="xlprofit-") as folder:
        _run(program, profile, "add", "--force", str(build(Path(folder) / EXTENSION)))
    return program


def uninstall(*, profile: str | None = None) -> bool:
    """Take the extension out of LibreOffice; return whether there was one. Errors as :func:`install`."""
    if _installed(profile) is None:
        return False
    _run(_unopkg(), profile, "remove", IDENTIFIER)
    return True


def status(*, profile: str | None = None) -> tuple[Check, ...]:
    """Return what the extension depends on, and how each stands."""
    try:
        program = _unopkg()
    except XlprofitError as error:
        return (Check("LibreOffice", False, error.what, error.mend),)
    found = Check("LibreOffice", True, str(program.parent))
    try:
        version = _installed(profile)
    except XlprofitError as error:
        return (found, Check("extension", False, error.what, error.mend))
    again = "Run xlprofit calc install"
    if version is None:
        return (found, Check("extension", False, "It is not installed", again))
    same = version == __version__
    said = f"Version {version}" + ("" if same else f"; this xlprofit is {__version__}")
    return (found, Check("extension", same, said, "" if same else again))


def _installed(profile: str | None) -> str | None:
    """Return the version of the extension that LibreOffice has, or ``None``."""
    listed = _run(_unopkg(), profile, "list")
    found = re.search(rf"^Identifier: {re.escape(IDENTIFIER)}\n\s*Version: (\S+)", listed, re.MULTILINE)
    return found[1] if found else None


def _unopkg() -> Path:
    """Return LibreOffice's program for extensions."""
    for name in ("unopkg", "libreoffice.unopkg"):
        found = shutil.which(name)
        if found:
            return Path(found)
    for folder in _PLACES.get(sys.platform, ()):
        for name in ("unopkg", "unopkg.com", "unopkg.exe"):
            if Path(folder, name).is_file():
                return Path(folder, name)
    raise XlprofitError(
        "LibreOffice was not found on this computer",
        "Install it; or run xlprofit calc build and open the file xlprofit.oxt with LibreOffice",
    )


def _plain() -> dict[str, str]:
    """Return the environment without this Python, which LibreOffice's own would take for itself and not start."""
    ours = {str(Path(prefix).resolve()) for prefix in (sys.prefix, sys.base_prefix)} - {"/usr", "/usr/local"}
    places = os.environ.get("PATH", "").split(os.pathsep)
    kept = [p for p in places if not any(Path(p).resolve().is_relative_to(own) for own in ours)]
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if k not in dropped} | {"PATH": os.pathsep.join(kept)}


def _run(program: Path, profile: str | None, *words: str) -> str:
    there = [f"-env:UserInstallation={profile}"] if profile else []
    try:
        done = subprocess.run(
            [str(program), *words, *there],
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env=_plain(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FileError(f"{program} did not run ({error})", "Close LibreOffice and try again") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        said = next((line for line in lines if "ERROR" in line), lines[-1] if lines else "no reason given")
        mend = "Close LibreOffice and try again"
        if "root" in said:
            mend = "Run it as the user who works in LibreOffice, not as the administrator"
        raise XlprofitError(f"LibreOffice refused: {said.removeprefix('ERROR: ')}", mend)
    return done.stdout

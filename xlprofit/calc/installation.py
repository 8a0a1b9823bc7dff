"""Putting the extension into LibreOffice, taking it away, and saying how it stands."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from errno import EACCES
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from xlprofit import __version__
from xlprofit.calc.extension.process import SETTINGS
from xlprofit.calc.package import EXTENSION, IDENTIFIER, build_extension
from xlprofit.errors import FileError, XlprofitError
from xlprofit.scratch import open_scratch_folder
from xlprofit.words.speech import _

_PLACES = {
    "win32": ("C:/Program Files/LibreOffice/program", "C:/Program Files (x86)/LibreOffice/program"),
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS",),
    "linux": ("/usr/lib/libreoffice/program", "/usr/lib64/libreoffice/program", "/snap/bin"),
}
"""Where LibreOffice's programs are, where they are not among the commands."""

_PROFILES = {
    "win32": "${APPDATA}/LibreOffice/4",
    "darwin": "~/Library/Application Support/LibreOffice/4",
    "linux": "~/.config/libreoffice/4",
}
"""Where LibreOffice keeps a user's extensions and settings."""

_CACHE = "vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/"
"""What LibreOffice calls the folder of a profile into which it unpacks extensions."""


@dataclass(frozen=True)
class OfficeCheck:
    """Something that the extension depends on: whether it is so, what there is, and the fix."""

    name: str
    ok: bool
    what: str
    fix: str = ""


@dataclass(frozen=True)
class _Extension:
    """The extension as LibreOffice lists it: its version, whether all its parts are at work, where it lies."""

    version: str
    whole: bool
    place: str


def install_extension(*, profile: str | None = None) -> Path:
    """Build the extension for this Python and add it to LibreOffice, in place of an earlier one.

    Args:
        profile: the folder, or its address (``file:///…``), of another user profile than LibreOffice's own.

    Returns:
        LibreOffice's program that did it.

    Raises:
        XlprofitError: there is no LibreOffice, or it would not take the extension.
    """
    program = _find_unopkg()
    with open_scratch_folder() as folder:
        _run_unopkg(program, profile, "add", "--force", str(build_extension(folder / EXTENSION)))
    return program


def remove_extension(*, profile: str | None = None) -> bool:
    """Take the extension out of LibreOffice; return whether there was one. Errors as :func:`install_extension`."""
    if _find_installed_extension(profile) is None:
        return False
    _run_unopkg(_find_unopkg(), profile, "remove", IDENTIFIER)
    return True


def check_extension(*, profile: str | None = None) -> tuple[OfficeCheck, ...]:
    """Return what the extension depends on, and how each stands."""
    try:
        program = _find_unopkg()
    except XlprofitError as error:
        return (OfficeCheck("LibreOffice", False, error.what, error.fix),)
    found = OfficeCheck("LibreOffice", True, str(program.parent))
    try:
        extension = _find_installed_extension(profile)
    except XlprofitError as error:
        return (found, OfficeCheck(_("extension"), False, error.what, error.fix))
    again = _("Run xlprofit calc install")
    if extension is None:
        return (found, OfficeCheck(_("extension"), False, _("It is not installed"), again))
    said = _("Version {version}", version=extension.version)
    same = extension.version == __version__
    if not same:
        said += _("; this xlprofit is {version}", version=__version__)
    elif not extension.whole:
        said += _("; LibreOffice has not taken all of it")
        again = _("Close LibreOffice and run xlprofit calc install again")
    ok = same and extension.whole
    check = OfficeCheck(_("extension"), ok, said, "" if ok else again)
    return (found, check, *_check_buttons(extension, profile))


def _check_buttons(extension: _Extension, profile: str | None) -> tuple[OfficeCheck, ...]:
    """Return whether the Python that the buttons call has this xlprofit; nothing where the extension is not found."""
    settings = _find_profile_folder(profile) / "user/uno_packages/cache" / extension.place / SETTINGS
    try:
        python = str(json.loads(settings.read_text(encoding="utf-8"))["command"][0])
    except (OSError, ValueError, LookupError):
        return ()
    asked = [python, "-c", "import xlprofit; print(xlprofit.__version__)"]
    try:
        done = subprocess.run(
            asked,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env=_build_plain_environment(),
            cwd=settings.parent,
        )
        same = done.stdout.strip() == __version__
    except (OSError, subprocess.TimeoutExpired):
        same = False
    said = _("they call {program}", program=python)
    if not same:
        said += _(", which has no xlprofit of version {version}", version=__version__)
    again = _("Run xlprofit calc install in the Python that has xlprofit")
    return (OfficeCheck(_("buttons"), same, said, "" if same else again),)


def _find_installed_extension(profile: str | None) -> _Extension | None:
    """Return the extension that LibreOffice has, or ``None``."""
    listed = _run_unopkg(_find_unopkg(), profile, "list")
    parts = re.split(r"^Identifier: ", listed, flags=re.MULTILINE)
    ours = next((part for part in parts if part.startswith(f"{IDENTIFIER}\n")), None)
    if ours is None:
        return None
    version, place = (re.search(rf"^\s*{word}: (.*)$", ours, re.MULTILINE) for word in ("Version", "URL"))
    states = re.findall(r"is registered: (\S+)", ours)
    return _Extension(
        version=version[1] if version else "",
        whole=all(state == "yes" for state in states),
        place=unquote(place[1].removeprefix(_CACHE)) if place else "",
    )


def _find_profile_folder(profile: str | None) -> Path:
    """Return the folder of a user profile."""
    if profile is None:
        return Path(os.path.expandvars(_PROFILES.get(sys.platform, ""))).expanduser()
    address = urlsplit(profile)
    return Path(url2pathname(address.path)) if address.scheme == "file" else Path(profile)


def _build_profile_option(profile: str | None) -> list[str]:
    """Return the word that tells LibreOffice's program of a user profile, whose folder is made where there is none.

    Raises:
        FileError: nothing can be written there.
    """
    if profile is None:
        return []
    folder = _find_profile_folder(profile).resolve()
    fix = _("Give another folder with --profile")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise FileError(_("{path} cannot be written ({reason})", path=folder, reason=reason), fix) from error
    if not os.access(folder, os.W_OK):
        raise FileError(
            _("{path} cannot be written ({reason})", path=folder, reason=os.strerror(EACCES)), fix
        )
    return [f"-env:UserInstallation={folder.as_uri()}"]


def _find_unopkg() -> Path:
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
        _("LibreOffice was not found on this computer"),
        _("Install it; or run xlprofit calc build and open the file xlprofit.oxt with LibreOffice"),
    )


def _build_plain_environment() -> dict[str, str]:
    """Return the environment without this Python, which LibreOffice's own would take for itself and not start.

    Nor with that of another virtual environment: ``uv run`` in one that is active leaves both on the path.
    """
    ours = {str(Path(prefix).resolve()) for prefix in (sys.prefix, sys.base_prefix)} - {"/usr", "/usr/local"}
    places = os.environ.get("PATH", "").split(os.pathsep)
    kept = [
        p
        for p in places
        if not any(Path(p).resolve().is_relative_to(own) for own in ours)
        and not Path(p, "..", "pyvenv.cfg").exists()
    ]
    dropped = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")
    return {k: v for k, v in os.environ.items() if k not in dropped} | {"PATH": os.pathsep.join(kept)}


def _run_unopkg(program: Path, profile: str | None, *words: str) -> str:
    command = [str(program), *words, *_build_profile_option(profile)]
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
            env=_build_plain_environment(),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FileError(
            _("{program} did not run ({reason})", program=program, reason=error),
            _("Close LibreOffice and try again"),
        ) from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        said = next((line for line in lines if "ERROR" in line), lines[-1] if lines else _("no reason given"))
        fix = _("Close LibreOffice and try again")
        if "as root" in said:
            fix = _("Run it as the user who works in LibreOffice, not as the administrator")
        elif "loader.Python" in said:
            said = _("it has no Python of its own")
            fix = _("Install that (python3-uno in Debian and Ubuntu) and try again")
        raise XlprofitError(_("LibreOffice refused: {reason}", reason=said.removeprefix("ERROR: ")), fix)
    return done.stdout

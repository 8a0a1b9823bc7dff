"""A real LibreOffice with the extension installed, driven from the tests.

LibreOffice's bridge to Python (``uno``) is there for the system's Python alone, so a script runs in that one
(:mod:`tests.calc.inside`): it gets orders as JSON and gives answers as JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.needs import SOFFICE, only_with_all
from xlprofit.calc import package

SYSTEM_PYTHON = "/usr/bin/python3"
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
"""LibreOffice's program for extensions refuses to work for root, as whom tests may run."""


def _has_bridge() -> bool:
    if SOFFICE is None or not Path(SYSTEM_PYTHON).is_file():
        return False
    return (
        subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False).returncode == 0
    )


needs_office = only_with_all(
    "LibreOffice with its bridge to Python (python3-uno)",
    _has_bridge() and shutil.which("unopkg") is not None,
)
"""Marks a test that drives LibreOffice."""

needs_window = only_with_all(
    "a window (Xvfb, xdotool and ImageMagick's import)",
    all(map(shutil.which, ("Xvfb", "xdotool", "import"))),
)
"""Marks a test that needs a screen."""


_SPOKEN = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
 <item oor:path="/org.openoffice.Setup/Office/InstalledLocales"><node oor:name="{0}" oor:op="replace"/></item>
 <item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooLocale" oor:op="fuse"><value>{0}</value></prop></item>
 <item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="UILocale" oor:op="fuse"><value>{0}</value>
 </prop></item>
</oor:items>
"""
"""Settings of a profile in which LibreOffice speaks a language; what it has no words for in it is told in English."""


class Office:
    """A running LibreOffice; :meth:`ask` has it do things in order."""

    def __init__(self, pipe: str) -> None:
        self.pipe = pipe

    def ask(self, *orders: tuple[object, ...], patience: float = 40) -> list[Any]:
        """Do the orders (:mod:`tests.calc.inside`) one after the other; return what each gave.

        ``patience`` is the seconds after which it has failed.
        """
        script = Path(__file__).with_name("inside.py")
        done = subprocess.run(
            [SYSTEM_PYTHON, str(script), self.pipe],
            input=json.dumps(orders),
            capture_output=True,
            text=True,
            timeout=patience,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        answers: list[Any] = json.loads(done.stdout)
        return answers


def plain() -> dict[str, str]:
    """Return the environment of a user's desktop: in that of a virtual one LibreOffice's Python does not start."""
    return {
        key: value for key, value in os.environ.items() if not key.startswith(("PATH", "PY", "VIRTUAL", "UV"))
    } | {"PATH": "/usr/local/bin:/usr/bin:/bin"}


def as_owner(folder: Path) -> list[str]:
    """Return the words that have a command run by a user other than root, whose home is a folder."""
    return [*NOBODY, "env", f"HOME={folder}"] if os.getuid() == 0 else []


def unopkg(folder: Path, *words: str) -> str:
    """Run LibreOffice's program for extensions in a profile."""
    command = [*as_owner(folder), "unopkg", *words, f"-env:UserInstallation={(folder / 'profile').as_uri()}"]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=folder, env=plain()
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _speak(language: str, profile: Path) -> None:
    """Make a profile in which LibreOffice speaks a language."""
    user = profile / "user"
    user.mkdir(parents=True)
    settings = user / "registrymodifications.xcu"
    settings.write_text(_SPOKEN.format(language), encoding="utf-8")
    for path in (profile, user, settings):
        path.chmod(0o777)


@contextmanager
def running(*files: Path, display: str = "", language: str = "") -> Iterator[Office]:
    """Give a LibreOffice with the extension, without a window or on a display, and end it."""
    folder = Path(tempfile.mkdtemp(prefix="xlprofit-calc-"))
    folder.chmod(0o777)
    pipe = f"xlprofit{uuid.uuid4().hex[:12]}"
    try:
        extension = package.build_extension(folder)
        extension.chmod(0o644)
        if language:
            _speak(language, folder / "profile")
        unopkg(folder, "add", str(extension))
        command = [
            "soffice",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--norestore",
            "--nologo",
        ]
        command += ["--nofirststartwizard", f"--accept=pipe,name={pipe};urp;", *map(str, files)]
        command += [] if display else ["--headless"]
        environment = plain() | ({"DISPLAY": display, "SAL_USE_VCLPLUGIN": "gen"} if display else {})
        started = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        office = Office(pipe)
        try:
            yield office
        finally:
            with suppress(AssertionError, subprocess.TimeoutExpired):
                office.ask(("end",))
                started.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(started.pid, signal.SIGKILL)
            started.wait(10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

"""The computer on which Excel runs, as far as the add-in depends on it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from xlprofit.errors import XlprofitError
from xlprofit.words.speech import _

ADDIN = "xlprofit.xlam"
"""The file name of the add-in: xlwings finds its configuration, and ``--minimal`` its module, by it."""

PROJECT = "xlprofit"
"""The project name by which xlwings' VBA finds the configuration of our add-in."""

MINIMAL_PROJECT = "myaddin"
"""The same of the ribbon add-in that xlwings ships, which ``--minimal`` uses as it is."""

WINDOWS = "win32"
MAC = "darwin"


@dataclass(frozen=True)
class Machine:
    """A computer: its platform, its user's folders, and the Python and xlwings that Excel is to call.

    ``platform`` is as :data:`sys.platform` has it. ``package`` is the folder of the installed xlwings,
    ``version`` its version. ``excel_bits`` is 64, 32, or ``None`` where it is not known.
    """

    platform: str
    home: Path
    environ: Mapping[str, str]
    interpreter: Path
    package: Path
    version: str
    excel_bits: int | None = None

    @classmethod
    def this(cls) -> Machine:
        """Return the computer that this Python runs on."""
        xlwings = distribution("xlwings")  # not imported: that would load pandas too
        return cls(
            platform=sys.platform,
            home=Path.home(),
            environ=dict(os.environ),
            interpreter=Path(sys.executable),
            package=Path(str(xlwings.locate_file("xlwings"))),
            version=xlwings.version,
            excel_bits=_read_excel_bits(),
        )

    @property
    def has_excel(self) -> bool:
        """Whether there is an Excel for this platform that xlwings can drive."""
        return self.platform in (WINDOWS, MAC)


def find_start_folder(machine: Machine) -> Path:
    """Return the folder whose workbooks and add-ins Excel opens when it starts; macros in it are trusted.

    Raises:
        XlprofitError: there is no Excel for the platform.
    """
    _require_excel(machine)
    if machine.platform == MAC:
        container = machine.home / "Library" / "Group Containers" / "UBF8T346G9.Office"
        return container / "User Content.localized" / "Startup.localized" / "Excel"
    roaming = machine.environ.get("APPDATA")
    folder = Path(roaming) if roaming else machine.home / "AppData" / "Roaming"
    return folder / "Microsoft" / "Excel" / "XLSTART"


def find_settings_file(machine: Machine, project: str = PROJECT) -> Path:
    """Return the file in which xlwings' VBA looks for a project's configuration of this user."""
    if machine.platform == MAC:  # the home folder as Excel, in its sandbox, sees it
        return machine.home / "Library" / "Containers" / "com.microsoft.Excel" / "Data" / f"{project}.conf"
    return machine.home / f".{project}" / f"{project}.conf"


def find_script_folder(machine: Machine) -> Path:
    """Return the folder from which Excel for Mac may run AppleScripts."""
    return machine.home / "Library" / "Application Scripts" / "com.microsoft.Excel"


def build_script_name(machine: Machine) -> str:
    """Return the AppleScript that RunPython of this version of xlwings needs on a Mac."""
    return f"xlwings-{machine.version}.applescript"


def choose_interpreter_key(machine: Machine) -> str:
    """Return the name of the setting that says which Python Excel calls."""
    return "INTERPRETER_MAC" if machine.platform == MAC else "INTERPRETER_WIN"


def _require_excel(machine: Machine) -> None:
    if not machine.has_excel:
        raise XlprofitError(
            _(
                "There is no Excel that the add-in could be installed in on this platform ({platform})",
                platform=machine.platform,
            ),
            _(
                "Run xlprofit addin install on the Windows or Mac computer that has Excel; "
                "here, xlprofit refresh book.xlsx does the same work without Excel"
            ),
        )


def _read_excel_bits() -> int | None:
    if sys.platform != "win32":
        return None
    import winreg

    for key, value, bits in (
        (r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration", "Platform", {"x64": 64, "x86": 32}),
        (r"SOFTWARE\Microsoft\Office\16.0\Outlook", "Bitness", {"x64": 64, "x86": 32}),
    ):
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key) as opened:
                return bits.get(str(winreg.QueryValueEx(opened, value)[0]))
        except OSError:
            continue
    return None

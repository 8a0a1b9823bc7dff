"""Installing the extension as a user does, and what is said where LibreOffice does not take it."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.calc.office import SYSTEM_PYTHON, as_owner, needs_office, plain
from xlprofit import __version__
from xlprofit.calc import installation, package
from xlprofit.errors import FileError, XlprofitError

WALK = """
import dataclasses, json, sys
from xlprofit.calc import installation
profile = sys.argv[1]
said = [installation.check_extension(profile=profile)]
installation.install_extension(profile=profile)
installation.install_extension(profile=profile)
said.append(installation.check_extension(profile=profile))
removed = [installation.remove_extension(profile=profile) for _ in range(2)]
said.append(installation.check_extension(profile=profile))
print(json.dumps([removed, [[dataclasses.asdict(check) for check in checks] for checks in said]]))
"""


@needs_office
def test_a_user_installs_asks_and_uninstalls() -> None:
    folder = Path(tempfile.mkdtemp(prefix="xlprofit-calc-"))
    shutil.copytree(Path(package.__file__).parents[1], folder / "code" / "xlprofit")
    folder.chmod(0o777)
    try:
        done = subprocess.run(
            [*as_owner(folder), SYSTEM_PYTHON, "-c", WALK, str(folder / "profile")],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd=folder,
            env=plain() | {"PYTHONPATH": str(folder / "code")},
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    assert done.returncode == 0, done.stderr
    removed, (before, between, after) = json.loads(done.stdout)
    assert removed == [True, False]
    assert [(check["name"], check["ok"]) for check in before] == [("LibreOffice", True), ("extension", False)]
    assert before == after
    office, extension, buttons = between
    assert office["ok"]
    assert extension == {"name": "extension", "ok": True, "what": f"Version {__version__}", "fix": ""}
    assert not buttons["ok"]
    assert SYSTEM_PYTHON in buttons["what"]
    assert "xlprofit calc install" in buttons["fix"]


def _stand_in(folder: Path, said: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in the place of LibreOffice's own that says something and ends."""
    script = folder / "unopkg"
    (folder / "said").write_text(said, encoding="utf-8")
    script.write_text(
        f"#!/bin/sh\n/bin/cat '{folder / 'said'}' >&{2 if code else 1}\nexit {code}\n", encoding="utf-8"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


REFUSALS = [
    (
        "\nERROR: Cannot run unopkg as root without --shared or --bundled option.\n\nunopkg failed.\n",
        "Cannot run unopkg as root without --shared or --bundled option",
        "administrator",
    ),
    (
        "ERROR: Exception occurred: An error occurred while enabling: component.py: com.sun.star.registry."
        'CannotRegisterImplementationException "ImplementationRegistration::registerImplementation() - The service '
        'com.sun.star.loader.Python cannot be instantiated"\n',
        "Python",
        "python3-uno",
    ),
    (
        "ERROR: unopkg cannot be started. The lock file indicates it is already running.\n",
        "unopkg cannot be started. The lock file indicates it is already running",
        "Close LibreOffice",
    ),
    ("", "no reason given", "Close LibreOffice"),
]
"""What LibreOffice's program says as it fails, the reason that the user reads, and with what it is mended."""


@pytest.mark.parametrize(("said", "reason", "mend"), REFUSALS)
def test_a_refusal_is_one_line_with_its_mend(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, reason: str, mend: str
) -> None:
    _stand_in(tmp_path, said, 1, monkeypatch)
    with pytest.raises(XlprofitError) as caught:
        installation.install_extension()
    assert reason in caught.value.what and mend in caught.value.fix
    assert "\n" not in str(caught.value) and "ERROR" not in str(caught.value)


LISTED = """All deployed user extensions:

Identifier: org.other
  Version: 9.9
  is registered: no

Identifier: org.xlprofit
  Version: {version}
  URL: vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/uno_packages/lu1.tmp_/xlprofit.oxt
  is registered: {whole}
  bundled Packages: {{
      URL: vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/uno_packages/lu1.tmp_/xlprofit.oxt/xlprofit.rdb
      is registered: yes
      URL: vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/uno_packages/lu1.tmp_/xlprofit.oxt/component.py
      is registered: {part}
  }}
"""


@pytest.mark.parametrize(
    ("version", "whole", "part", "told"),
    [
        (__version__, "yes", "yes", [__version__]),
        (__version__, "unknown", "no", [__version__, "LibreOffice"]),
        ("0.0.1", "yes", "yes", ["0.0.1", __version__]),
    ],
)
def test_status_believes_no_extension_that_is_there_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, whole: str, part: str, told: list[str]
) -> None:
    _stand_in(tmp_path, LISTED.format(version=version, whole=whole, part=part), 0, monkeypatch)
    office, extension = installation.check_extension(profile=str(tmp_path))
    assert office.ok
    assert all(word in extension.what for word in told)
    assert extension.ok is (told == [__version__])
    assert extension.ok or "xlprofit calc install" in extension.fix


def test_without_libreoffice_the_user_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(installation, "_PLACES", {})
    with pytest.raises(XlprofitError, match=r"LibreOffice .*\. Install it\b"):
        installation.install_extension()
    (check,) = installation.check_extension()
    assert not check.ok
    assert package.build_extension(tmp_path).is_file()


def test_a_profile_that_cannot_be_written_is_said_before_libreoffice_fails_on_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _stand_in(tmp_path, "Segmentation fault", 139, monkeypatch)
    with pytest.raises(FileError, match=r"said cannot be written .* --profile\b"):
        installation.install_extension(profile=str(tmp_path / "said"))


def test_libreoffice_sees_no_virtual_environment_on_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    active, usual = tmp_path / "active" / "bin", tmp_path / "usual" / "bin"
    for place in (active, usual):
        place.mkdir(parents=True)
    (active.parent / "pyvenv.cfg").touch()
    seen = tmp_path / "seen.txt"
    program = usual / "unopkg"
    program.write_text(f'#!/bin/sh\necho "$PATH|$VIRTUAL_ENV" > "{seen}"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{active}:{usual}:/usr/bin:/bin")
    monkeypatch.setenv("VIRTUAL_ENV", str(active.parent))
    installation._run_unopkg(program, None, "list")
    assert seen.read_text(encoding="utf-8").strip() == f"{usual}:/usr/bin:/bin|"

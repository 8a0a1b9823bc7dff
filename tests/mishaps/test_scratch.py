"""Temporary folders: a run that is killed leaves one, and the next that needs one removes it."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from xlprofit.scratch import PREFIX, open_scratch_folder

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the locks of another system")

KILLED = """
import os, signal, sys, tempfile
from xlprofit.scratch import open_scratch_folder
tempfile.tempdir = sys.argv[1]
with open_scratch_folder() as folder:
    (folder / "sub").mkdir()
    (folder / "sub" / "half.xlsx").write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_a_killed_run_left_goes_and_what_is_held_or_of_others_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").touch()
    (tmp_path / f"{PREFIX}abcdefgh").symlink_to(elsewhere)
    (tmp_path / f"{PREFIX}of-another-name").mkdir()
    before = {path.name for path in tmp_path.iterdir()}
    assert subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False).returncode == -9
    (left,) = {path.name for path in tmp_path.iterdir()} - before
    assert (tmp_path / left / "sub" / "half.xlsx").exists()
    with open_scratch_folder() as one, open_scratch_folder() as other:
        assert one.is_dir() and other.is_dir() and one != other
        assert {path.name for path in tmp_path.iterdir()} == before | {one.name, other.name}
    assert {path.name for path in tmp_path.iterdir()} == before
    assert (elsewhere / "kept").exists()


def test_a_folder_that_another_run_took_away_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    make, made = tempfile.mkdtemp, []

    def make_and_lose(prefix: str) -> str:
        made.append(make(prefix=prefix))
        if len(made) == 1:
            Path(made[0]).rmdir()
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", make_and_lose)
    with open_scratch_folder() as folder:
        assert [str(folder)] == made[1:] and folder.is_dir()

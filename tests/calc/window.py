"""A LibreOffice in a real window of a screen of its own, its buttons pressed with the mouse.

Nothing is asked of LibreOffice while a button's work is done: the end of it is seen on the screen, by the message box.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from tests.calc.office import Office, running

PATIENCE = 30.0
"""Seconds after which something that does not come is a failure; nothing takes a tenth of it on an idle machine."""

ARTEFACTS = Path(__file__).parents[2] / "build" / "calc"
"""Where the pictures of the screen are kept."""

T = TypeVar("T")


class Window(NamedTuple):
    """A LibreOffice on a display."""

    office: Office
    display: str

    def press(self, button: str) -> None:
        """Press a button of our toolbar with the mouse, once it stands where it did a moment ago."""
        before: list[int] = []

        def still() -> list[int]:
            nonlocal before
            before, last = self.office.ask(("toolbar_button", button))[0], before
            return before if before == last else []

        place = self.until(still, f"the button {button}")
        self._focus()
        self._click(place)

    def type(self, text: str) -> None:
        """Type a text on the keyboard, into the selected cell, without Enter."""
        self._focus()
        self._run("xdotool", "type", "--delay", "50", text)

    def box(self, picture: str = "", title: str = "Customer profit") -> str:
        """Wait for a message box and close it by its button; return what it says. ``picture`` keeps the screen."""
        self.until(lambda: self._windows(title), f"the message box {title}")
        text, place = self.until(lambda: self.office.ask(("message_box",))[0], "its text")
        if picture:
            self.picture(picture)
        self._click(place)
        self.until(lambda: not self._windows(title), "that the message box closes")
        return str(text)

    def picture(self, name: str) -> Path:
        """Keep what the screen shows, once it has been drawn, as ``build/calc/NAME.png``."""
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        path = ARTEFACTS / f"{name}.png"
        before, now = b"", self._pixels()
        for _ in range(20):
            if before == now:
                break
            time.sleep(0.3)
            before, now = now, self._pixels()
        self._run("import", "-window", "root", str(path))
        return path

    def colours(self) -> Counter[str]:
        """Return how many pixels of the screen have each colour, such as ``FDE8DC``."""
        raw = self._pixels()
        return Counter(raw[at : at + 3].hex().upper() for at in range(0, len(raw), 3))

    def _pixels(self) -> bytes:
        return self._run("import", "-window", "root", "-depth", "8", "rgb:-")

    def until(self, asked: Callable[[], T], what: str) -> T:
        """Return what a question gives as soon as it gives something."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = asked()
            if found:
                return found
            time.sleep(0.3)
        pytest.fail(f"{what} did not come within {PATIENCE:.0f} seconds: see {self.picture('stuck')}")

    def _focus(self) -> None:
        """Give the document's window the keyboard, as a desktop would: without it the first click does that alone."""
        for window in self._windows(".* - LibreOffice Calc").split():
            self._run("xdotool", "windowfocus", "--sync", window.decode())

    def _windows(self, title: str) -> bytes:
        return self._run("xdotool", "search", "--onlyvisible", "--name", f"^{title}$", check=False)

    def _click(self, place: list[int]) -> None:
        """Click as a hand does: the pointer comes, rests on the button, presses it and lets go."""
        there = ("mousemove", *map(str, place), "sleep", "0.4")
        self._run("xdotool", *there, "mousedown", "1", "sleep", "0.1", "mouseup", "1")

    def _run(self, *words: str, check: bool = True) -> bytes:
        environment = os.environ | {"DISPLAY": self.display}
        return subprocess.run(words, env=environment, capture_output=True, check=check, timeout=60).stdout


@contextmanager
def shown(*files: Path) -> Iterator[Window]:
    """Give a LibreOffice with the extension in a window, and end it."""
    with screen() as display, running(*files, display=display) as office:
        yield Window(office, display)


@contextmanager
def screen() -> Iterator[str]:
    """Give the name of a display of its own, and end it."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24"]
    server = subprocess.Popen(
        command, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as said:
            number = said.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
    finally:
        server.terminate()
        server.wait(10)

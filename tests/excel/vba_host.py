"""Runs the add-in's own VBA in pyOpenVBA's interpreter, with Python where COM would be.

Only the module ``xlwings`` is replaced, which reaches Python through a DLL of Windows, and the one function
of Windows that our own module calls. What stands in for xlwings keeps each ``RunPython`` command and
answers ``XLPy.CallUDF`` from a Python function.
"""

# pyOpenVBA is typed but does not say so, which makes its classes and decorators unknown to mypy.
# mypy: disable-error-code="import-untyped,misc,untyped-decorator,no-any-return"

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pyopenvba.apps.excel import ExcelApplication
from pyopenvba.apps.excel._bridge import ExcelBridge
from pyopenvba.apps.excel._model import Application
from pyopenvba.interpreter import Interpreter
from pyopenvba.interpreter._objects import VBAObject, member, method, setter
from pyopenvba.interpreter._values import (
    EMPTY,
    MISSING,
    NOTHING,
    VBAArray,
    VBADate,
    VBAErrorValue,
    VBAInt,
    error,
)

from xlprofit.excel.addin.vba import VbaSource

MISSING_ARGUMENT = -2147352572
"""What COM passes where an optional argument was left out (DISP_E_PARAMNOTFOUND)."""

_ATTRIBUTE = re.compile(r"^Attribute \w+\.VB_.*$", re.MULTILINE)
"""A procedure's help, which the interpreter does not know."""

_DECLARE = re.compile(r"^ *Private Declare (?:.* _\n)*.*$", re.MULTILINE)
"""A function of Windows, which there is not; what stands in for xlwings has one instead."""

Answer = Callable[[str, str, tuple[Any, ...]], object]
"""What answers a call: the module, the function and the arguments as COM would pass them."""

XLWINGS = """
Public Function RunPython(PythonCommand As String)
    PythonServer.Run PythonCommand
End Function

Function XLPy()
    PythonServer.Connect
    Set XLPy = PythonServer
End Function

Public Function FindWindow(className, caption)
    FindWindow = PythonServer.WizardWindow
End Function
"""


class PythonServer(VBAObject):
    """xlwings' server as VBA sees it."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.commands: list[str] = []
        self.connections = 0
        self.wizard = 0
        self.calls: list[tuple[str, str, tuple[Any, ...]]] = []

    @method
    def Run(self, command: object) -> object:  # noqa: N802 - the names are VBA's
        self.commands.append(str(command))
        return EMPTY

    @method
    def Connect(self) -> object:  # noqa: N802
        self.connections += 1
        return EMPTY

    @member
    def WizardWindow(self) -> object:  # noqa: N802
        return VBAInt(self.wizard, "Long")

    @method
    def CallUDF(  # noqa: N802
        self, module: object, formula: object, arguments: object, workbook: object, caller: object
    ) -> object:
        given = tuple(as_com(argument) for argument in elements(arguments))
        assert workbook is NOTHING
        self.calls.append((str(module), str(formula), given))
        return from_com(self.answer(str(module), str(formula), given))


class Windows(VBAObject):
    """What xlwings' VBA asks of Windows: files, environment, and to run a command."""

    def __init__(self) -> None:
        self.files: set[str] = set()
        self.ran: list[str] = []

    @method
    def Attributes(self, path: object) -> object:  # noqa: N802
        if str(path) not in self.files:
            raise error(53)  # file not found
        return VBAInt(32, "Long")

    @method
    def Environment(self, name: object) -> object:  # noqa: N802
        return {"Temp": "C:\\Temp", "USERPROFILE": "C:\\Users\\me"}.get(str(name), "")

    @method
    def ExpandEnvironmentStrings(self, text: object) -> object:  # noqa: N802
        return str(text)

    @method
    def Run(self, command: object, style: object = MISSING, wait: object = MISSING) -> object:  # noqa: N802
        self.ran.append(str(command))
        return VBAInt(0, "Long")


class Bar(VBAObject):
    """A toolbar with one button, which the function wizard greys."""

    def __init__(self, enabled: bool) -> None:
        self.enabled = enabled

    @member
    def Controls(self, Index: object = MISSING) -> object:  # noqa: N802, N803
        return self

    @member
    def Enabled(self) -> object:  # noqa: N802
        return self.enabled


class AddinWindow(VBAObject):
    """The window of the add-in."""

    def __init__(self) -> None:
        self.visible = False

    @setter("Visible")
    def _set_visible(self, value: object) -> None:
        self.visible = bool(value)


class AddinBook(VBAObject):
    """The add-in as a workbook: hidden while it is an add-in, and while its window is."""

    vba_type_name = "Workbook"

    def __init__(self, name: str = "xlprofit.xlam") -> None:
        self.name = name
        self.is_addin = True
        self.saved = True
        self.window = AddinWindow()
        self.was: list[bool] = []
        self.stuck = False
        """Whether it cannot be made an ordinary workbook."""

    @property
    def hidden(self) -> bool:
        """Whether Excel takes the workbook for a hidden one."""
        return self.is_addin or not self.window.visible

    @member
    def Name(self) -> object:  # noqa: N802
        return self.name

    @setter("IsAddin")
    def _set_is_addin(self, value: object) -> None:
        if self.stuck and not value:
            raise error(1004)
        self.is_addin, self.saved = bool(value), False
        self.was.append(self.is_addin)

    @setter("Saved")
    def _set_saved(self, value: object) -> None:
        self.saved = bool(value)

    @member
    def Windows(self, Index: object = MISSING) -> object:  # noqa: N802, N803
        return self.window


class Host(Application):
    """Excel with the members that pyOpenVBA has not got."""

    vba_type_name = "Application"

    def __init__(self) -> None:
        super().__init__()
        self.caller: object = VBAErrorValue(2023)
        self.standard = Bar(enabled=True)
        self.described: list[tuple[str, str, str, list[str]]] = []
        self.addin, self.in_addin = AddinBook(), False
        """The add-in, and whether it is what runs; else it is an ordinary workbook that is open."""
        self.quiet: list[bool] = []
        """Of each description, whether events and the drawing of the screen were off."""
        self.recalculations = 0
        self.volatile = 0

    @member
    def Caller(self) -> object:  # noqa: N802
        return self.caller

    @member
    def ThisWorkbook(self) -> object:  # noqa: N802
        return self.addin if self.in_addin else super().ThisWorkbook()

    @member
    def CommandBars(self, Index: object = MISSING) -> object:  # noqa: N802, N803
        return self.standard

    @member
    def Path(self) -> object:  # noqa: N802
        return "C:\\Office"

    @member
    def Hwnd(self) -> object:  # noqa: N802
        return VBAInt(4711, "Long")

    @method
    def CalculateFull(self) -> object:  # noqa: N802
        self.recalculations += 1
        return EMPTY

    @method
    def Volatile(self, Volatile: object = MISSING) -> object:  # noqa: N802, N803
        self.volatile += 1
        return EMPTY

    @method
    def MacroOptions(  # noqa: N802
        self,
        Macro: object = MISSING,  # noqa: N803
        Description: object = MISSING,  # noqa: N803
        Category: object = MISSING,  # noqa: N803
        ArgumentDescriptions: object = MISSING,  # noqa: N803
    ) -> object:
        if self.in_addin and self.addin.hidden:  # as Excel does
            raise error(
                1004,
                "Cannot edit a macro on a hidden workbook. Unhide the workbook using the Unhide command.",
            )
        if self.ActiveWorkbook() is NOTHING:
            raise error(1004, "Method 'MacroOptions' of object '_Application' failed")
        self.quiet.append(not (self.EnableEvents() or self.ScreenUpdating()))
        helps = [str(text) for text in elements(ArgumentDescriptions)]
        self.described.append((str(Macro), str(Description), str(Category), helps))
        return EMPTY


class Bridge(ExcelBridge):
    """Excel's bridge with xlwings' server and Windows as global objects more."""

    def __init__(self, application: Host, server: PythonServer, windows: Windows) -> None:
        super().__init__(application)
        self.added = {"pythonserver": server, "windows": windows}

    def global_object(self, name: str) -> object:
        return self.added.get(name) or super().global_object(name)

    def create(self, type_name_: str) -> object:
        return self.added["windows"] if type_name_ == "WScript.Shell" else super().create(type_name_)


class Excel(ExcelApplication):
    """An Excel in memory that runs the add-in."""

    def __init__(
        self, modules: Iterable[VbaSource], answer: Answer | None = None, *, xlwings: str = XLWINGS
    ) -> None:
        self.application: Host = Host()
        self.server = PythonServer(answer or (lambda module, formula, arguments: None))
        self.windows = Windows()
        self.interpreter = Interpreter(Bridge(self.application, self.server, self.windows))
        self.application.interpreter = self.interpreter
        self.add_module(xlwings, name="xlwings")
        for module in modules:
            if module.kind != "document":
                self.add_module(understood(module.text), name=module.name)

    def press(self, callback: str, tag: str = "") -> None:
        """Click a button of the ribbon."""
        if "pressed" not in self.interpreter.modules:
            self.add_module("Public Tag As String\r\n", name="Pressed", kind="class")
        name = f"Press{len(self.interpreter.modules)}"
        self.add_module(
            f"Sub {name}()\r\n    Dim c As New Pressed\r\n"
            f'    c.Tag = "{tag}"\r\n    {callback} c\r\nEnd Sub\r\n',
            name=f"Module{name}",
        )
        self.run(name)

    def call(self, formula: str, *arguments: object, cell: str = "A1") -> object:
        """Calculate a formula in a cell of the first sheet."""
        self.application.caller = self.sheet(1).sheet.vba_get("Range", [cell])
        return self.run(formula, *arguments)

    def range(self, address: str) -> object:
        """Return a range of the first sheet."""
        return self.sheet(1).sheet.vba_get("Range", [address])


def understood(text: str) -> str:
    """Return a module's text without what the interpreter does not know: help, and functions of Windows."""
    return _DECLARE.sub("", _ATTRIBUTE.sub("", text))


def elements(value: object) -> Sequence[object]:
    """Return the elements of a VBA array."""
    assert isinstance(value, VBAArray), value
    return value.elements()


def as_com(value: object) -> object:
    """Return a value of VBA as it would arrive in Python through COM."""
    if value is EMPTY or value is NOTHING:
        return None
    if value is MISSING:
        return MISSING_ARGUMENT
    if isinstance(value, VBAErrorValue):
        return -2146828288 + value.number
    if isinstance(value, VBADate):
        return value.to_datetime()
    if isinstance(value, VBAInt):
        return int(value)
    if isinstance(value, VBAArray):
        if value.dimensions == 1:
            return tuple(as_com(item) for item in value.elements())
        (top, bottom), (left, right) = value.bounds
        return tuple(
            tuple(as_com(value.get([row, column])) for column in range(left, right + 1))
            for row in range(top, bottom + 1)
        )
    return value


def from_com(value: object) -> object:
    """Return what xlwings' server sends back as VBA would hold it: arrays begin at 0."""
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
        rows, columns = len(value), len(value[0])
        made = VBAArray([(0, rows - 1), (0, columns - 1)])
        for row, line in enumerate(value):
            for column, item in enumerate(line):
                made.set([row, column], from_com(item))
        return made
    if isinstance(value, (list, tuple)):
        return VBAArray([(0, len(value) - 1)], items=[from_com(item) for item in value])
    return EMPTY if value is None else value

"""Where LibreOffice finds the formulas and the commands; the name of this file stands in the manifest."""

import os
import sys

import unohelper  # type: ignore[import-not-found]  # LibreOffice's own

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "pythonpath"))

from xlprofit.calc.extension import addin, commands  # found in the folder just named

g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(
    addin.Formulas, addin.IMPLEMENTATION, ("com.sun.star.sheet.AddIn", addin.SERVICE)
)
g_ImplementationHelper.addImplementation(commands.Commands, commands.IMPLEMENTATION, (commands.SERVICE,))

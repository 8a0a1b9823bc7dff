"""LibreOffice Calc: the formulas and the buttons as an extension, built and installed without Calc's development kit.

This file goes into the extension as it stands, so it imports nothing; see :mod:`xlprofit.calc.package` (build),
:mod:`xlprofit.calc.installation` (install, uninstall, status) and :mod:`xlprofit.calc.translation`.
"""

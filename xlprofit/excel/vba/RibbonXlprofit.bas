Attribute VB_Name = "RibbonXlprofit"
Option Explicit
'The buttons of the Customer profit tab. Each is one call of xlprofit.excel.macros.

Private Const MACROS As String = "xlprofit.excel.macros"

Public Sub Refresh(ByVal control As IRibbonControl)
    If RunMacro("refresh()") Then Recalculate
End Sub

Public Sub Check(ByVal control As IRibbonControl)
    RunMacro "check()"
End Sub

Public Sub Explain(ByVal control As IRibbonControl)
    RunMacro "explain()"
End Sub

Public Sub LookUp(ByVal control As IRibbonControl)
    If RunMacro("look_up()") Then Recalculate
End Sub

Public Sub PutBack(ByVal control As IRibbonControl)
    RunMacro "restore()"
End Sub

Public Sub NewFromTemplate(ByVal control As IRibbonControl)
    'RunPython needs a workbook to name as its caller, even for making another one.
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    RunMacro "new()"
End Sub

Public Sub ImportExport(ByVal control As IRibbonControl)
    If ActiveWorkbook Is Nothing Then Workbooks.Add
    If RunMacro("import_export()") Then Recalculate
End Sub

Public Sub GoToSheet(ByVal control As IRibbonControl)
    RunMacro "go_to_sheet('" & control.Tag & "')"
End Sub

Public Sub About(ByVal control As IRibbonControl)
    RunMacro "about()"
End Sub

Private Function RunMacro(ByVal macroCall As String) As Boolean
    Dim outcome As Variant
    If ActiveWorkbook Is Nothing Then
        MsgBox "Open a workbook first. If it is open in Protected View, choose Enable Editing.", _
               vbInformation, "Customer profit"
        Exit Function
    End If
    outcome = RunPython("import " & MACROS & "; " & MACROS & "." & macroCall)
    RunMacro = (outcome <> -1)
End Function

Private Sub Recalculate()
    'Formulas that look up the last refresh depend on no cell that a refresh writes, so Excel does not
    'know that they are due. In manual calculation the user chooses when: Ctrl+Alt+F9.
    #If Mac Then
        Exit Sub
    #Else
        If Application.Calculation <> xlCalculationManual Then Application.CalculateFull
    #End If
End Sub

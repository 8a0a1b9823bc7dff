Attribute VB_Name = "XlprofitLookUp"
Option Explicit
'Written by "xlprofit addin build": a change made here is lost with the next one.
'In a workbook that was written without Excel, a formula of an add-in may stay #NAME? until it is entered again.

Private Const SHEET_MARK As String = "{sheet_mark}"
Private Const FORMULA_NAMES As String = "{formula_names}"

'Enters the formulas of xlprofit again where they show #NAME?, on the sheets that xlprofit made: no other cell.
Public Sub EnterFormulasAgain(ByVal book As Workbook)
    #If Mac Then
        Exit Sub
    #Else
        Dim sheet As Worksheet
        Dim clean As Boolean
        If book Is Nothing Then Exit Sub
        clean = book.Saved
        For Each sheet In book.Worksheets
            EnterSheetFormulasAgain sheet
        Next sheet
        If clean Then book.Saved = True
    #End If
End Sub

'The same on one sheet; of a chart, or a sheet of the user's, nothing.
Public Sub EnterSheetFormulasAgain(ByVal place As Object)
    #If Mac Then
        Exit Sub
    #Else
        Dim sheet As Worksheet
        Dim events As Boolean
        If TypeName(place) <> "Worksheet" Then Exit Sub
        Set sheet = place
        If Not IsOwnSheet(sheet) Then Exit Sub
        events = Application.EnableEvents
        On Error GoTo Failed
        Application.EnableEvents = False
        EnterFailedCells sheet
Restored:
        On Error Resume Next
        Application.EnableEvents = events
        Exit Sub
Failed:
        Resume Restored
    #End If
End Sub

'Whether xlprofit made a sheet: it bears the mark, and the name that the mark holds.
Private Function IsOwnSheet(ByVal sheet As Worksheet) As Boolean
    Dim held As String
    On Error Resume Next
    held = sheet.Names(SHEET_MARK).RefersTo
    IsOwnSheet = (LCase$(held) = LCase$("=""" & Replace(sheet.Name, """", """""") & """"))
End Function

Private Sub EnterFailedCells(ByVal sheet As Worksheet)
    Dim cell As Range
    Dim failed As Range
    On Error Resume Next
    Set failed = sheet.UsedRange.SpecialCells(xlCellTypeFormulas, xlErrors)
    If failed Is Nothing Then Exit Sub
    For Each cell In failed.Cells
        If IsOwnFormula(cell) Then EnterCellAgain cell
    Next cell
End Sub

Private Function IsOwnFormula(ByVal cell As Range) As Boolean
    Dim formula As String
    Dim opened As Long
    If Not IsError(cell.Value) Then Exit Function
    If CLng(cell.Value) <> xlErrName Then Exit Function
    formula = cell.Formula
    opened = InStr(formula, "(")
    If opened < 3 Then Exit Function
    formula = UCase$(Replace(Mid$(formula, 2, opened - 2), "@", ""))
    IsOwnFormula = (InStr(FORMULA_NAMES, "|" & formula & "|") > 0)
End Function

'A cell that may not be written keeps its error.
Private Sub EnterCellAgain(ByVal cell As Range)
    On Error Resume Next
    If cell.HasArray Then
        cell.CurrentArray.FormulaArray = cell.FormulaArray
    Else
        cell.Formula = cell.Formula
    End If
End Sub

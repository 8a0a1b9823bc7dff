Attribute VB_Name = "XlprofitFunctions"
Option Explicit
'The formulas of xlprofit. Written by "xlprofit addin build": a change made here is lost with the next one.
'Each function passes its arguments to Python through xlwings and turns a marked text that comes back
'into a real Excel error, whose reason XLPROFIT_LAST_ERROR tells.

#If Mac Then
'xlwings calculates functions on Windows only.
#Else

#If VBA7 Then
    Private Declare PtrSafe Function FindWindow Lib "user32" Alias "FindWindowA" _
        (ByVal className As String, ByVal caption As String) As LongPtr
#Else
    Private Declare Function FindWindow Lib "user32" Alias "FindWindowA" _
        (ByVal className As String, ByVal caption As String) As Long
#End If

Private Const PYTHON_MODULE As String = "{module}"
Private Const MARK As String = "{mark}"
Private Const RESULTS_SHEET As String = "{sheet}"
Private Const STAMP_CELL As String = "{stamp}"
Private Const GETTING_DATA As Long = 2043

Private server As Object
Private reasons As Object
Private lastReason As String

'{functions}
Public Function XLPROFIT_LAST_ERROR(Optional ByVal cell As Variant) As Variant
Attribute XLPROFIT_LAST_ERROR.VB_Description = "{last_error}"
Attribute XLPROFIT_LAST_ERROR.VB_ProcData.VB_Invoke_Func = " \n14"
    Dim place As String
    If Not IsObject(cell) Then
        Application.Volatile
        XLPROFIT_LAST_ERROR = lastReason
        Exit Function
    End If
    XLPROFIT_LAST_ERROR = ""
    If Not IsError(cell.Cells(1, 1).Value) Then Exit Function
    XLPROFIT_LAST_ERROR = "No reason is known. Calculate that cell again: F2, Enter."
    If reasons Is Nothing Then Exit Function
    place = cell.Cells(1, 1).Address(External:=True)
    If reasons.Exists(place) Then XLPROFIT_LAST_ERROR = reasons.Item(place)
End Function

'Registers what the function wizard shows; called when the add-in opens.
Public Sub DescribeFunctions()
    On Error Resume Next
'{help}
End Sub

Private Sub Describe(ByVal formula As String, ByVal summary As String, ByVal helps As Variant)
    Application.MacroOptions Macro:="'" & ThisWorkbook.Name & "'!" & formula, Description:=summary, _
        Category:="{category}", ArgumentDescriptions:=helps
End Sub

'Returns what a formula comes to: a value, an array that spills, or an Excel error.
Private Function Answer(ByVal formula As String, ByVal arguments As Variant) As Variant
    Dim cell As Range
    Dim position As Long
    On Error GoTo Failed
    Set cell = CallingCell()
    If server Is Nothing Then
        If InFunctionWizard() Then
            Answer = CVErr(GETTING_DATA)
            Exit Function
        End If
    End If
    For position = LBound(arguments) To UBound(arguments)
        If TypeName(arguments(position)) = "Range" Then arguments(position) = CellValues(arguments(position))
    Next position
    Answer = WithErrors(FromPython(formula, arguments, cell), cell)
    Exit Function
Failed:
    Remember cell, 0, 0, PlainReason(Err.Description)
    Answer = CVErr(xlErrValue)
End Function

'Asks Python. The connection is kept, since making it reads the configuration each time; a connection that
'broke (Python was ended or restarted) is made anew, once.
Private Function FromPython(ByVal formula As String, ByVal arguments As Variant, ByVal cell As Range) As Variant
    If server Is Nothing Then
        Set server = XLPy
    Else
        On Error GoTo Broken
    End If
    FromPython = server.CallUDF(PYTHON_MODULE, formula, arguments, Nothing, cell)
    Exit Function
Broken:
    Set server = Nothing
    Resume Again
Again:
    On Error GoTo 0
    Set server = XLPy
    FromPython = server.CallUDF(PYTHON_MODULE, formula, arguments, Nothing, cell)
End Function

'The cell that is being calculated; the active one where a macro asks.
Private Function CallingCell() As Range
    If TypeName(Application.Caller) = "Range" Then
        Set CallingCell = Application.Caller
    Else
        Set CallingCell = ActiveCell
    End If
End Function

'Which refresh the calling cell's own workbook shows, so that Python reads it once and not for each cell;
'no stamp after the bar where it was never refreshed.
Private Function Refreshed() As Variant
    Dim book As Workbook
    On Error GoTo NeverRefreshed
    Set book = CallingCell().Worksheet.Parent
    Refreshed = book.FullName & "|" & CStr(book.Worksheets(RESULTS_SHEET).Range(STAMP_CELL).Value)
    Exit Function
NeverRefreshed:
    Refreshed = "|"
End Function

'The values of a block of cells; of whole columns or rows only as far as the sheet is used.
Private Function CellValues(ByVal block As Range) As Variant
    If block.Areas.Count > 1 Then Err.Raise 5, , "Give one block of cells, not several"
    With block.Worksheet
        If block.Rows.Count = .Rows.Count Then
            Set block = block.Resize(.UsedRange.Row + .UsedRange.Rows.Count - 1)
        End If
        If block.Columns.Count = .Columns.Count Then
            Set block = block.Resize(, .UsedRange.Column + .UsedRange.Columns.Count - 1)
        End If
    End With
    CellValues = InFull(block.Value, block)
End Function

'Excel hands over what is formatted as a currency rounded to four decimals, unless it is asked for otherwise.
Private Function InFull(ByVal values As Variant, ByVal block As Range) As Variant
    Dim exact As Variant
    Dim down As Long
    Dim across As Long
    If IsArray(values) Then
        For down = 1 To UBound(values, 1)
            For across = 1 To UBound(values, 2)
                If VarType(values(down, across)) = vbCurrency Then
                    If IsEmpty(exact) Then exact = block.Value2
                    values(down, across) = exact(down, across)
                End If
            Next across
        Next down
    ElseIf VarType(values) = vbCurrency Then
        values = block.Value2
    End If
    InFull = values
End Function

'Python starts with the first formula; the function wizard, which calculates while one types, must not wait for it.
Private Function InFunctionWizard() As Boolean
    On Error Resume Next
    If Application.CommandBars("Standard").Controls(1).Enabled Then Exit Function
    InFunctionWizard = (FindWindow("bosa_sdm_XL9", vbNullString) <> 0)
End Function

Private Function WithErrors(ByVal result As Variant, ByVal cell As Range) As Variant
    Dim down As Long
    Dim across As Long
    Select Case Dimensions(result)
    Case 0
        result = WithError(result, cell, 0, 0)
    Case 1
        For across = LBound(result) To UBound(result)
            result(across) = WithError(result(across), cell, 0, across - LBound(result))
        Next across
    Case Else
        For down = LBound(result, 1) To UBound(result, 1)
            For across = LBound(result, 2) To UBound(result, 2)
                result(down, across) = WithError(result(down, across), cell, _
                    down - LBound(result, 1), across - LBound(result, 2))
            Next across
        Next down
    End Select
    WithErrors = result
End Function

Private Function WithError(ByVal value As Variant, ByVal cell As Range, ByVal down As Long, ByVal across As Long) As Variant
    WithError = value
    If VarType(value) <> vbString Then Exit Function
    If Left$(value, Len(MARK)) <> MARK Then Exit Function
    Remember cell, down, across, Mid$(value, Len(MARK) + 6)
    WithError = CVErr(CLng(Mid$(value, Len(MARK) + 1, 4)))
End Function

Private Function Dimensions(ByVal result As Variant) As Long
    If Not IsArray(result) Then Exit Function
    On Error GoTo Counted
    If UBound(result, 1) >= LBound(result, 1) Then Dimensions = 1
    If UBound(result, 2) >= LBound(result, 2) Then Dimensions = 2
Counted:
End Function

Private Sub Remember(ByVal cell As Range, ByVal down As Long, ByVal across As Long, ByVal reason As String)
    On Error Resume Next
    lastReason = reason
    If reasons Is Nothing Then Set reasons = CreateObject("Scripting.Dictionary")
    reasons.Item(cell.Cells(1, 1).Offset(down, across).Address(External:=True)) = reason
End Sub

'Of a Python traceback the last line, which says what went wrong; any other text on one line.
Private Function PlainReason(ByVal description As String) As String
    description = Replace(description, vbCr, "")
    Do While Right$(description, 1) = vbLf
        description = Left$(description, Len(description) - 1)
    Loop
    If InStr(description, "Traceback") > 0 Then description = Mid$(description, InStrRev(description, vbLf) + 1)
    PlainReason = Replace(description, vbLf, " ") & " (xlprofit addin status looks for the cause)"
End Function

#End If

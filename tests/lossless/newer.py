"""Workbooks with what only newer Excels write, put together by the open specifications.

No library at hand writes slicers, threaded comments, task panes of web extensions, custom XML, labels of
sensitivity, connections or data models. They are added here, as ECMA-376 and [MS-XLSX], [MS-OWEXML] and
[MS-OFFDI] describe them, to a workbook by XlsxWriter.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from pathlib import Path

from tests.lossless.books import RELATIONS, before_end, by_xlsxwriter, change, parts_of
from tests.packages import sheets_of

OFFICE = "http://schemas.microsoft.com/office"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
PERSON, THREAD, REPLY = (f"{{{n}0000000-1111-4222-8333-444455556666}}" for n in ("A", "B", "C"))
ITEM = "{D0000000-1111-4222-8333-444455556666}"
EXTENSION = "{E0000000-1111-4222-8333-444455556666}"

SCRIPT = 'import xlwings as xw\\n\\n\\n@xw.func\\ndef hello(name):\\n    return f\\"Hello {name}! <&> é\\"\\n'
"""Code as xlwings Lite keeps it in a workbook: a text in JSON."""


@dataclass(frozen=True)
class Part:
    """A part to be added: its name and content, its type, and the arrow that leads to it, from which part."""

    name: str
    xml: str
    type: str = ""
    source: str = ""
    arrow: str = ""
    id: str = ""


def by_newer_excels(path: Path) -> Path:
    """Make a workbook with a slicer, threaded comments, xlwings Lite, custom XML, a data model and more."""
    by_xlsxwriter(path)
    sheets = sheets_of(parts_of(path))
    board, sales = sheets["My board"], sheets["Sales"]
    for part in (*_slicer(sales), *_thread(board), *_lite(), *_custom_xml(), *_connection(), *_others(board)):
        _add(path, part)
    change(path, {sales: _with_slicer_list, "xl/workbook.xml": _with_slicer_cache})
    return path


def _add(path: Path, part: Part) -> None:
    """Put a part into a package, with its type and the arrow that leads to it."""
    changes = {part.name: lambda _: part.xml.encode()}
    if part.type:
        kind = f'<Override PartName="/{part.name}" ContentType="{part.type}"/>'
        changes["[Content_Types].xml"] = before_end("Types", kind)
    if part.arrow:
        folder, base = posixpath.split(part.source)
        target = posixpath.relpath(part.name, folder or ".")
        arrow = f'<Relationship Id="{part.id}" Type="{part.arrow}" Target="{target}"/>'
        none = f'{HEAD}<Relationships xmlns="{_PACKAGE}"></Relationships>'.encode()
        put = before_end("Relationships", arrow)
        changes[posixpath.join(folder, "_rels", f"{base}.rels")] = lambda old: put(old or none)
    change(path, changes)


_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


# --- a slicer of the table Sales: [MS-XLSX] 2.1.29, 2.1.30, 2.4.42 -----------------------------------


def _slicer(sales: str) -> tuple[Part, ...]:
    slicer = (
        f'{HEAD}<slicers xmlns="{OFFICE}/spreadsheetml/2009/9/main"><slicer name="customer" '
        'cache="Slicer_customer" caption="customer" rowHeight="241300"/></slicers>'
    )
    cache = (
        f'{HEAD}<slicerCacheDefinition xmlns="{OFFICE}/spreadsheetml/2009/9/main" name="Slicer_customer" '
        'sourceName="customer"><extLst><x:ext uri="{2F2917AC-EB37-4324-AD4E-5DD8C200BD13}" '
        'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        f'xmlns:x15="{OFFICE}/spreadsheetml/2010/11/main">'
        '<x15:tableSlicerCache tableId="1" column="2"/></x:ext></extLst></slicerCacheDefinition>'
    )
    shape = (
        f'{HEAD}<xdr:wsDr xmlns:xdr="{_DRAWING}/spreadsheetDrawing" xmlns:a="{_DRAWING}/main">'
        '<xdr:twoCellAnchor editAs="oneCell"><xdr:from><xdr:col>8</xdr:col><xdr:colOff>0</xdr:colOff>'
        "<xdr:row>1</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to><xdr:col>11</xdr:col>"
        "<xdr:colOff>0</xdr:colOff><xdr:row>14</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>"
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        f'xmlns:sle15="{OFFICE}/drawing/2012/slicer"><mc:Choice Requires="sle15">'
        '<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="2" name="customer"/>'
        '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
        f'</xdr:xfrm><a:graphic><a:graphicData uri="{OFFICE}/drawing/2010/slicer">'
        f'<sle:slicer xmlns:sle="{OFFICE}/drawing/2010/slicer" name="customer"/></a:graphicData></a:graphic>'
        '</xdr:graphicFrame></mc:Choice><mc:Fallback><xdr:sp macro="" textlink=""><xdr:nvSpPr>'
        '<xdr:cNvPr id="0" name=""/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="1828800" cy="2476500"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr>'
        "</xdr:sp></mc:Fallback></mc:AlternateContent><xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>"
    )
    drawing = "application/vnd.openxmlformats-officedocument.drawing+xml"
    return (
        Part(
            "xl/slicerCaches/slicerCache1.xml",
            cache,
            "application/vnd.ms-excel.slicerCache+xml",
            "xl/workbook.xml",
            f"{OFFICE}/2007/relationships/slicerCache",
            "rIdCache",
        ),
        Part(
            "xl/slicers/slicer1.xml",
            slicer,
            "application/vnd.ms-excel.slicer+xml",
            sales,
            f"{OFFICE}/2007/relationships/slicer",
            "rIdSlicer",
        ),
        Part("xl/drawings/drawing90.xml", shape, drawing, sales, f"{RELATIONS}/drawing", "rIdDrawing"),
    )


_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def _with_slicer_list(sheet: bytes) -> bytes:
    """Say on the sheet that its drawing has a slicer of a table."""
    drawing = f'<drawing xmlns:r="{RELATIONS}" r:id="rIdDrawing"/>'
    listed = (
        '<extLst><ext uri="{3A4CF648-6AED-40f4-86FF-DC5316D8AED3}" '
        f'xmlns:x14="{OFFICE}/spreadsheetml/2009/9/main"><x14:slicerList>'
        f'<x14:slicer xmlns:r="{RELATIONS}" r:id="rIdSlicer"/></x14:slicerList></ext></extLst>'
    )
    at = sheet.index(b"<tableParts")
    end = sheet.index(b"</tableParts>") + len(b"</tableParts>")
    return sheet[:at] + drawing.encode() + sheet[at:end] + listed.encode() + sheet[end:]


def _with_slicer_cache(book: bytes) -> bytes:
    """Say in the workbook where the slicer's cache is, and name it."""
    listed = (
        '<extLst><ext uri="{46BE6895-7355-4a93-B00E-2C351335B9C9}" '
        f'xmlns:x15="{OFFICE}/spreadsheetml/2010/11/main">'
        f'<x15:slicerCaches xmlns:x14="{OFFICE}/spreadsheetml/2009/9/main">'
        f'<x14:slicerCache r:id="rIdCache"/></x15:slicerCaches></ext></extLst>'
    )
    named = before_end("definedNames", '<definedName name="Slicer_customer">#N/A</definedName>')(book)
    return before_end("workbook", listed)(named)


# --- a thread of comments: [MS-XLSX] 2.1.59, 2.1.60 -----------------------------------------------------


def _thread(board: str) -> tuple[Part, ...]:
    space = f"{OFFICE}/spreadsheetml/2018/threadedcomments"
    thread = (
        f'{HEAD}<ThreadedComments xmlns="{space}"><threadedComment ref="A1" dT="2024-01-31T10:11:12.13" '
        f'personId="{PERSON}" id="{THREAD}"><text>Is this &lt;the&gt; whole of it?</text></threadedComment>'
        f'<threadedComment ref="A1" dT="2024-01-31T10:12:00.00" personId="{PERSON}" id="{REPLY}" '
        f'parentId="{THREAD}" done="1"><text>Yes 👍</text></threadedComment></ThreadedComments>'
    )
    people = (
        f'{HEAD}<personList xmlns="{space}"><person displayName="Ann Öberg" id="{PERSON}" userId="ann" '
        'providerId="None"/></personList>'
    )
    arrows = f"{OFFICE}/2017/10/relationships"
    return (
        Part(
            "xl/persons/person.xml",
            people,
            "application/vnd.ms-excel.person+xml",
            "xl/workbook.xml",
            f"{arrows}/person",
            "rIdPerson",
        ),
        Part(
            "xl/threadedComments/threadedComment1.xml",
            thread,
            "application/vnd.ms-excel.threadedcomments+xml",
            board,
            f"{arrows}/threadedComment",
            "rIdThread",
        ),
    )


# --- the task pane in which xlwings Lite keeps its code: [MS-OWEXML] 2.2 --------------------------------


def _lite() -> tuple[Part, ...]:
    space = f"{OFFICE}/webextensions"
    panes = (
        f'{HEAD}<wetp:taskpanes xmlns:wetp="{space}/taskpanes/2010/11"><wetp:taskpane dockstate="right" '
        'visibility="0" width="438" row="2">'
        f'<wetp:webextensionref xmlns:r="{RELATIONS}" r:id="rId1"/></wetp:taskpane></wetp:taskpanes>'
    )
    code = SCRIPT.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    extension = (
        f'{HEAD}<we:webextension xmlns:we="{space}/webextension/2010/11" id="{EXTENSION}">'
        '<we:reference id="wa200008175" version="1.0.0.0" store="en-US" storeType="OMEX"/>'
        '<we:alternateReferences><we:reference id="WA200008175" version="1.0.0.0" store="WA200008175" '
        f'storeType="OMEX"/></we:alternateReferences><we:properties><we:property name="main.py" '
        f'value="&quot;{code}&quot;"/><we:property name="requirements.txt" value="&quot;xlwings&quot;"/>'
        "</we:properties><we:bindings/><we:snapshot/></we:webextension>"
    )
    arrows = f"{OFFICE}/2011/relationships"
    return (
        Part(
            "xl/webextensions/taskpanes.xml",
            panes,
            "application/vnd.ms-office.webextensiontaskpanes+xml",
            "",
            f"{arrows}/webextensiontaskpanes",
            "rIdPanes",
        ),
        Part(
            "xl/webextensions/webextension1.xml",
            extension,
            "application/vnd.ms-office.webextension+xml",
            "xl/webextensions/taskpanes.xml",
            f"{arrows}/webextension",
            "rId1",
        ),
    )


# --- custom XML: ECMA-376 part 1, 15.2.5 and 15.2.6 -----------------------------------------------------


def _custom_xml() -> tuple[Part, ...]:
    properties = (
        f'{HEAD}<ds:datastoreItem ds:itemID="{ITEM}" '
        'xmlns:ds="http://schemas.openxmlformats.org/officeDocument/2006/customXml">'
        '<ds:schemaRefs><ds:schemaRef ds:uri="urn:example:erp"/></ds:schemaRefs></ds:datastoreItem>'
    )
    return (
        Part(
            "customXml/item1.xml",
            '<erp:export xmlns:erp="urn:example:erp" run="2024-01-31"><erp:by>Ann &amp; Öberg</erp:by></erp:export>',
            "",
            "xl/workbook.xml",
            f"{RELATIONS}/customXml",
            "rIdCustom",
        ),
        Part(
            "customXml/itemProps1.xml",
            properties,
            "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
            "customXml/item1.xml",
            f"{RELATIONS}/customXmlProps",
            "rId1",
        ),
    )


# --- a connection and the data model that it feeds: ECMA-376 part 1, 18.13; [MS-XLSX] 2.1.48 --------------


def _connection() -> tuple[Part, ...]:
    connections = (
        f'{HEAD}<connections xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        '<connection id="1" name="ERP" type="5" refreshedVersion="8" background="1">'
        '<dbPr connection="Provider=MSOLEDBSQL;Data Source=erp" command="SELECT 1"/></connection></connections>'
    )
    return (
        Part(
            "xl/connections.xml",
            connections,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml",
            "xl/workbook.xml",
            f"{RELATIONS}/connections",
            "rIdConnections",
        ),
        Part(
            "xl/model/item.data",
            "STREAM_STORAGE_SIGNATURE_)!@#$%^&*(" + "\0\1\2" * 500,
            "application/vnd.openxmlformats-officedocument.model+data",
            "xl/workbook.xml",
            f"{RELATIONS}/powerPivotData",
            "rIdModel",
        ),
    )


# --- a printer's settings, and a label of sensitivity: ECMA-376 part 1, 15.2.15; [MS-OFFDI] -----------------


def _others(board: str) -> tuple[Part, ...]:
    space = f"{OFFICE}/2020/mipLabelMetadata"
    label = (
        f'{HEAD}<clbl:labelList xmlns:clbl="{space}"><clbl:label id="{ITEM}" enabled="1" method="Standard" '
        f'siteId="{EXTENSION}" contentBits="0" removed="0"/></clbl:labelList>'
    )
    return (
        Part(
            "docMetadata/LabelInfo.xml",
            label,
            "application/vnd.ms-office.classificationlabels+xml",
            "",
            f"{OFFICE}/2020/02/relationships/classificationlabels",
            "rIdLabel",
        ),
        Part(
            "xl/printerSettings/printerSettings1.bin",
            "\0\1\2\3" * 64,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings",
            board,
            f"{RELATIONS}/printerSettings",
            "rIdPrinter",
        ),
    )

"""The parts of an Excel file (ECMA-376) that stand around the rows of a list: its sheets, their looks, how they belong together."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

HEADING, FIRST_FORM = 1, 2
"""The looks of a cell by number: 0 is plain, then the heading, then one for each form of a number in order."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REFERS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Numbers below are Excel's own forms.
_FIRST_OWN_FORM = 164


def letters(column: int) -> str:
    """A column (from 0) as Excel names it."""
    return ("" if column < 26 else letters(column // 26 - 1)) + chr(ord("A") + column % 26)


def sheet_name(number: int) -> str:
    """Where a sheet (from 1) stands in the archive."""
    return f"xl/worksheets/sheet{number}.xml"


def sheet_head(widths: Sequence[int]) -> str:
    """What stands before the rows: the heading stays in sight, columns in characters."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(widths, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetView workbookViewId="0">{pane}</sheetView>'
    return f"{_XML}<worksheet {_MAIN}><sheetViews>{view}</sheetViews><cols>{columns}</cols><sheetData>"


def sheet_foot(area: str) -> str:
    """What stands behind them. Ids made of digits are text on purpose: no green corner on every one."""
    ignored = f'<ignoredErrors><ignoredError sqref="{area}" numberStoredAsText="1"/></ignoredErrors>'
    return f'</sheetData><autoFilter ref="{area}"/>{ignored}</worksheet>'


def around(sheets: Sequence[str], areas: Sequence[str], forms: Sequence[str]) -> dict[str, str]:
    """The other parts by their place: `sheets` by title with the `areas` that filters cover, `forms` of numbers."""
    return {
        "xl/workbook.xml": _workbook(sheets, areas),
        "xl/_rels/workbook.xml.rels": _relations(
            *(("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)),
            ("styles", "styles.xml"),
        ),
        "xl/styles.xml": _styles(forms),
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "[Content_Types].xml": _types(len(sheets)),
    }


def _workbook(sheets: Sequence[str], areas: Sequence[str]) -> str:
    listed = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}" r:id="rId{number}"/>'
        for number, title in enumerate(sheets, 1)
    )
    # Excel keeps what a filter covers under this name as well.
    named = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{number}" hidden="1">{_covered(title, area)}</definedName>'
        for number, (title, area) in enumerate(zip(sheets, areas, strict=True))
    )
    return f"{_XML}<workbook {_MAIN} {_REFERS}><sheets>{listed}</sheets><definedNames>{named}</definedNames></workbook>"


def _covered(title: str, area: str) -> str:
    return escape(f"'{title}'!{area}")


def _relations(*found: tuple[str, str]) -> str:
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_KIND}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(found, 1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _styles(forms: Sequence[str]) -> str:
    own = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(form)}/>'
        for number, form in enumerate(forms, _FIRST_OWN_FORM)
    )
    font = '<font>{}<sz val="11"/><name val="Calibri"/></font>'
    line = '<bottom style="thin"><color auto="1"/></bottom>'
    side = "<left/><right/><top/>{}<diagonal/>"
    looks = ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>']
    looks.append(
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="1" xfId="0" applyFont="1" applyBorder="1"/>'
    )
    looks += [
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in range(_FIRST_OWN_FORM, _FIRST_OWN_FORM + len(forms))
    ]
    return (
        f"{_XML}<styleSheet {_MAIN}>"
        + (f'<numFmts count="{len(forms)}">{own}</numFmts>' if forms else "")
        + f'<fonts count="2">{font.format("")}{font.format("<b/>")}</fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        f'<borders count="2"><border>{side.format("<bottom/>")}</border>'
        f"<border>{side.format(line)}</border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(looks)}">{"".join(looks)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _types(sheets: int) -> str:
    parts = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    parts += [(f"/{sheet_name(number)}", "worksheet") for number in range(1, sheets + 1)]
    told = "".join(
        f'<Override PartName="{place}" ContentType="{_TYPE}.{kind}+xml"/>' for place, kind in parts
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{told}</Types>"
    )

"""The report of an alert as PDF: text that can be searched, copied and read aloud, in a typeface that it carries."""

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import reportlab  # type: ignore[import-untyped]
from markupsafe import escape
from reportlab.lib import colors  # type: ignore[import-untyped]
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import ParagraphStyle  # type: ignore[import-untyped]
from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table  # type: ignore[import-untyped]

from console.figures import Section

_PLAIN, _BOLD = "Vera", "VeraBd"
_TEXT = ParagraphStyle("text", fontName=_PLAIN, fontSize=9, leading=12)
_HEAD = ParagraphStyle("head", fontName=_BOLD, fontSize=9, leading=12)
_EXPLANATION = ParagraphStyle("explanation", _TEXT, spaceAfter=4, keepWithNext=1)
_SECTION = ParagraphStyle(
    "section", fontName=_BOLD, fontSize=12, leading=16, spaceBefore=14, spaceAfter=4, keepWithNext=1
)
_TITLE = ParagraphStyle("title", fontName=_BOLD, fontSize=17, leading=22, spaceAfter=6)
_LINES = [("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.lightgrey), ("VALIGN", (0, 0), (-1, -1), "TOP")]


@cache
def _fonts() -> None:
    """The typeface that comes with reportlab holds all letters of the four languages."""
    for name in (_PLAIN, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(Path(reportlab.__file__).parent / "fonts" / f"{name}.ttf")))


def as_pdf(title: str, organisation: str, language: str, sections: Iterable[Section]) -> bytes:
    """All sections below the title, each with its table."""
    _fonts()
    written = io.BytesIO()
    document = SimpleDocTemplate(written, pagesize=A4, title=title, author=organisation, lang=language)
    parts = [_said(title, _TITLE), _said(organisation, _TEXT)]
    for section in sections:
        parts.append(_said(section.title, _SECTION))
        if section.explanation:
            parts.append(_said(section.explanation, _EXPLANATION))
        if section.rows:
            parts.append(_table(section, document.width))
    document.build(parts, onFirstPage=_numbered, onLaterPages=_numbered)
    return written.getvalue()


def _numbered(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """A loose sheet says of which report it is, and which page."""
    canvas.setFont(_PLAIN, 8)
    canvas.drawRightString(
        A4[0] - document.rightMargin, document.bottomMargin / 2, f"{document.title} · {document.page}"
    )


def _said(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(str(escape(text)).replace("\n", "<br/>"), style)


def _table(section: Section, width: float) -> Table:
    head = [_said(column, _HEAD) for column in section.columns]
    rows = [[_said(cell, _TEXT) for cell in row] for row in section.rows]
    first = width / 2 if len(head) < 4 else width / 3  # noqa: PLR2004
    widths = [first, *([(width - first) / (len(head) - 1)] * (len(head) - 1))]
    return Table([head, *rows], colWidths=widths, repeatRows=1, style=_LINES)

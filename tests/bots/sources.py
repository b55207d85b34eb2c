"""Files of each kind, made by the libraries that write them."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document as Word
from fpdf import FPDF


def a_pdf(*parts: tuple[str, str], pages: int = 1, password: str = "", head: str = "") -> bytes:
    """Headings in large letters with text below them; each part on so many pages."""
    made = FPDF()
    if password:
        made.set_encryption(owner_password="owner", user_password=password)
    for heading, text in parts or [("", "")]:
        for _ in range(pages):
            made.add_page()
            if head:
                line(made, head, 8)
            if heading:
                line(made, heading, 18)
            made.set_font("Helvetica", size=11)
            if text:
                made.multi_cell(0, 6, text, new_x="LMARGIN", new_y="NEXT")
    return bytes(made.output())


def line(made: FPDF, text: str, size: int) -> None:
    made.set_font("Helvetica", size=size)
    made.cell(0, 10, text, new_x="LMARGIN", new_y="NEXT")


def a_docx(*parts: tuple[str, str]) -> bytes:
    made = Word()
    for heading, text in parts:
        if heading:
            made.add_heading(heading, 1)
        for said in text.split("\n"):
            made.add_paragraph(said)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def a_zip(files: Mapping[str, Any]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return out.getvalue()


def with_part(packed: bytes, name: str, content: bytes) -> bytes:
    """The same Word file with one part more."""
    out = BytesIO(packed)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, content)
    return out.getvalue()


def kept(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path

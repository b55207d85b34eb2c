"""Files of other people: what is read of them, and the one sentence when nothing is."""

import os
import signal
from pathlib import Path

import pytest

from bots.sources.archive import unpacked
from bots.sources.kinds import Document, Kind, Unreadable, kind_of
from bots.sources.reader import read as read_document
from bots.sources.reading import Reader
from bots.sources.rows import BadLine, Row, read
from bots.sources.split import pieces
from bots.sources.words import decoded
from tests.bots.sources import a_docx, a_pdf, a_zip, kept, with_part

pytestmark = pytest.mark.unit

RETURNS = "You may return anything within 30 days, as long as it was not worn outside."
REFUNDS = "The money is with you five days after the parcel has reached us."


def document(name: str, content: bytes) -> Document:
    return read_document(kind_of(name, content), content)


def articles(name: str, content: bytes, *, whole: bool = False) -> list[tuple[str, str, str]]:
    found = pieces(document(name, content), name=name, whole=whole)
    return [(one.key, one.title, one.body) for one in found]


# --- what is read -------------------------------------------------------------------------


def test_a_pdf_is_split_at_its_large_letters(tmp_path: Path) -> None:
    content = a_pdf(
        ("Returns", RETURNS), ("Refunds", REFUNDS), ("Parcels", "By train."), head="Shop"
    )
    assert articles("guide.pdf", content) == [
        ("guide.pdf#returns", "Returns", RETURNS),
        ("guide.pdf#refunds", "Refunds", REFUNDS),
        ("guide.pdf#parcels", "Parcels", "By train."),
    ]


def test_a_word_file_keeps_its_headings_lists_and_tables() -> None:
    content = a_docx(("Returns", f"{RETURNS}\nSend it back."), ("Refunds", REFUNDS))
    assert articles("guide.docx", content) == [
        ("guide.docx#returns", "Returns", f"{RETURNS}\n\nSend it back."),
        ("guide.docx#refunds", "Refunds", REFUNDS),
    ]
    [whole] = articles("guide.docx", content, whole=True)
    assert whole[:2] == ("guide.docx", "Returns")
    assert "# Refunds" in whole[2]


def test_a_page_is_read_without_what_runs_or_moves() -> None:
    page = """<!doctype html><html lang="en"><head><title>Help &amp; more</title>
    <script>steal()</script><style>p {}</style></head><body><nav>Home</nav>
    <main><p onclick="x()">Write to <a href="javascript:x()">us</a> or
    <a href="https://example.com/a">here</a>.</p><img src=x onerror="y()"><ul><li>one</ul></main>
    <footer>Imprint</footer></body></html>"""
    found = document("page.html", page.encode())
    assert found == Document(
        "Help & more", "Write to us or [here](https://example.com/a).\n\n- one", language="en"
    )


def test_headings_that_only_name_others_are_their_category() -> None:
    text = (
        "# Handbook\n\n## Returns\n\n### How?\n\nBy post.\n\n### When?\n\nNow.\n\n```\n# no\n```\n"
    )
    found = pieces(Document("", text), name="a/b.md", whole=False)
    assert [(one.title, one.category, one.key) for one in found] == [
        ("How?", "Returns", "a/b.md#how?"),
        ("When?", "Returns", "a/b.md#when?"),
    ]
    assert found[1].body.endswith("```\n# no\n```")


def test_a_long_section_is_split_again_and_equal_headings_are_told_apart() -> None:
    inner = "".join(f"## Part\n\n{'word ' * 700}\n\n" for _ in range(2))
    text = f"# One\n\nShort.\n\n# Two\n\nFirst.\n\n{inner}"
    found = pieces(Document("", text), name="x.md", whole=False)
    assert [one.key for one in found] == [
        "x.md#one", "x.md#two", "x.md#part", "x.md#part (2)",
    ]  # fmt: skip


def test_paragraphs_broken_by_an_editor_are_one_line() -> None:
    text = b"One two\nthree.\n\n- a\n- b\n\nFour  \nfive"
    assert document("a.md", text).markdown == "One two three.\n\n- a\n- b\n\nFour  \nfive"


def test_what_stands_before_a_markdown_text_is_believed() -> None:
    text = b'---\ntitle: "Returns"\nlang: en\ncategory: Orders\n---\nBy post.\n'
    assert document("a.md", text) == Document("Returns", "By post.", "en", "Orders")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_chinese_table_is_read_whatever_wrote_it(tmp_path: Path, encoding: str) -> None:
    text = "问题,答案,分类\n如何退货？,三十天内可以退货。,退货\n怎么开发票？,请联系客服。,发票\n"
    path = kept(tmp_path, "faq.csv", text.encode(encoding))
    assert list(read(path)) == [
        Row("faq.csv#如何退货？", "如何退货？", "三十天内可以退货。", category="退货"),
        Row("faq.csv#怎么开发票？", "怎么开发票？", "请联系客服。", category="发票"),
    ]


def test_other_separators_and_old_letters(tmp_path: Path) -> None:
    text = "Title;Body\nRückgabe;Innerhalb von 30 Tagen möglich\n"
    path = kept(tmp_path, "faq.csv", text.encode("cp1252"))
    assert [line.body for line in read(path) if isinstance(line, Row)] == [
        "Innerhalb von 30 Tagen möglich"
    ]


def test_one_spoilt_line_does_not_change_the_encoding(tmp_path: Path) -> None:
    good = "a,für\nb,über\n".encode()
    path = kept(tmp_path, "faq.csv", b"id,title\n" + good + b"c,\xff\xfe\n")
    assert [type(line) for line in read(path)] == [Row, Row, BadLine]


@pytest.mark.parametrize("cell", ["=1+1", "=cmd|'/c calc'!A0", "@SUM(A1)", "+HYPERLINK(1)"])
def test_a_formula_in_a_table_is_refused(tmp_path: Path, cell: str) -> None:
    path = kept(tmp_path, "faq.csv", f'id,title,body\na,Hotline,"{cell}"\nb,Ok,+49 30 1\n'.encode())
    bad, good = read(path)
    assert bad == BadLine("a", 2, "body: begins like a formula of a spreadsheet")
    assert isinstance(good, Row)


# --- what is not --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.pdf", b" \n", "The file is empty."),
        ("a.pdf", b"plain words", "Its name says PDF, but it is none, or it is damaged."),
        ("a.docx", b"plain words", "Its name says DOCX, but it is none, or it is damaged."),
        ("a.pdf", b"%PDF-1.7\nbroken", "The PDF is damaged: its text can't be read."),
        ("a.docx", b"PK\x03\x04broken", "The file is damaged: it can't be unpacked."),
        ("a.exe", b"MZ\x90\x00", "This is no PDF, Word"),
        ("a.pdf", b"\x89PNG\r\n", "This is no PDF, Word"),
        ("a.doc", b"\xd0\xcf\x11\xe0old", "This Office file is locked with a password or has the"),
        ("a.md", b"x" * (10 * 1024 * 1024 + 1), "The file is larger than 10 MB."),
        ("a.md", b"\x00\x01\x02\x03\x04" * 99, "This is no text: it holds binary data."),
        ("a.html", b"<html><script>x</script></html>", "The page has no text."),
        ("a.xlsx", a_zip({"[Content_Types].xml": "", "xl/workbook.xml": ""}), "Of Office files only"),
        ("a.pdf", a_pdf(), "The PDF has no text, only pictures; let it be recognised (OCR) first."),
        ("a.pdf", a_pdf(("x", "y"), pages=201), "The PDF has 201 pages; at most 200 are read."),
        ("a.pdf", a_pdf(("x", RETURNS), password="secret"), "The PDF is locked with a password."),
    ],
)  # fmt: skip
def test_why_a_file_is_not_read(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=f"^{why}".replace("(", r"\(").replace(")", r"\)")):
        document(name, content)


def test_macros_and_bombs_in_word_files_are_refused() -> None:
    good = a_docx(("Returns", RETURNS))
    with pytest.raises(Unreadable, match="carries macros"):
        document("a.docm", with_part(good, "word/vbaProject.bin", b"x"))
    bomb = with_part(good, "word/media/a.bin", b"\0" * (81 * 1024 * 1024))
    assert len(bomb) < 200_000
    with pytest.raises(Unreadable, match="Unpacked it is larger than 80 MB"):
        document("a.docx", bomb)


def test_content_counts_more_than_a_name() -> None:
    assert kind_of("a.txt", a_pdf(("x", RETURNS))) is Kind.PDF
    assert kind_of("a.txt", b"<!DOCTYPE html><p>x") is Kind.HTML


def test_a_zip_is_opened_once_and_no_name_leads_out_of_it() -> None:
    inside = {"../../etc/a.md": "x", "b/c.md": "y", "d.zip": a_zip({"e": ""}), "__MACOSX/f.md": "z"}
    found = unpacked(a_zip(inside))
    assert [(one.name, one.content, one.problem) for one in found] == [
        ("etc/a.md", b"x", ""),
        ("b/c.md", b"y", ""),
        ("d.zip", b"", "A ZIP inside of a ZIP is not opened."),
    ]
    with pytest.raises(Unreadable, match="larger than 50 MB"):
        unpacked(a_zip({f"{n}.md": b"\0" * 9_000_000 for n in range(6)}))
    with pytest.raises(Unreadable, match="more than 200 files"):
        unpacked(a_zip({f"{n}.md": "" for n in range(201)}))


def test_nesting_without_end_is_no_crash() -> None:
    deep = "<div>" * 50_000 + "text" + "</div>" * 50_000
    with pytest.raises(Unreadable, match="nested too deeply"):
        document("a.html", deep.encode())


def test_control_characters_are_dropped() -> None:
    assert decoded("a\x00b\x07\u200bc\r\nd".encode("utf-16")) == "abc\nd"


# --- in a child ---------------------------------------------------------------------------


def test_a_child_reads_file_after_file_and_one_that_hangs_costs_only_itself(tmp_path: Path) -> None:
    good = kept(tmp_path, "a.pdf", a_pdf(("Returns", RETURNS)))
    with Reader() as reader:
        assert reader.read(good, Kind.PDF).markdown == f"# Returns\n\n{RETURNS}"
        with pytest.raises(Unreadable, match="damaged"):
            reader.read(kept(tmp_path, "b.pdf", b"%PDF-1.4 x"), Kind.PDF)
        reader._patience = 0.1
        os.kill(reader._started().pid, signal.SIGSTOP)  # it hangs
        with pytest.raises(Unreadable, match="too long"):
            reader.read(good, Kind.PDF)
        reader._patience = 60.0
        assert reader.read(good, Kind.PDF).markdown

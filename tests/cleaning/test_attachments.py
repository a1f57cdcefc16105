"""Attachments: what the bytes are, and the text of files that we make here construct by construct."""

import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaning.attachments import child, read, sniff
from cleaning.attachments.docx import read_docx
from cleaning.attachments.numbering import chinese, written
from cleaning.attachments.ofd import read_ofd
from cleaning.attachments.pdf import read_pdf
from cleaning.attachments.reading import Unreadable
from cleaning.attachments.reflow import reflow

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="m" xmlns:wps="s" xmlns:v="v"'
DOC = Path(__file__).with_name("files") / "yunxi-2023.doc"
SITES = Path(__file__).parents[1] / "sites"


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def p(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def docx(body: str, numbering: str = "", head: str = "") -> bytes:
    """A docx file with that body."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", f"{head}<w:document {W}><w:body>{body}</w:body></w:document>")
        if numbering:
            archive.writestr("word/numbering.xml", f"<w:numbering {W}>{numbering}</w:numbering>")
    return made.getvalue()


NUMBERED = '<w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="1"/></w:numPr></w:pPr>'
NUMBERING = (
    '<w:abstractNum w:abstractNumId="0">'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)
FIELD = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
BOX = f"<w:txbxContent>{p(run('文本框'))}</w:txbxContent>"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (p(run("甲") + run("乙")) + p(run("丙")), "甲乙\n丙"),
        (p(f"<w:ins>{run('插入')}</w:ins><w:del><w:r><w:delText>删除</w:delText></w:r></w:del>"), "插入"),
        (p(f"<w:moveFrom>{run('旧')}</w:moveFrom><w:moveTo>{run('新')}</w:moveTo>"), "新"),
        (p(f"<w:smartTag>{run('2024年3月5日')}</w:smartTag>"), "2024年3月5日"),
        (f"<w:sdt><w:sdtContent>{p(run('控件'))}</w:sdtContent></w:sdt>", "控件"),
        (p(f"<w:sdt><w:sdtContent>{run('行内')}</w:sdtContent></w:sdt>"), "行内"),
        (p(f"<w:hyperlink>{run('链接')}</w:hyperlink>"), "链接"),
        (p("<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>" + run("可见")), "可见"),
        (p(run("一") + '<w:r><w:br w:type="page"/></w:r>' + run("二")), "一\n二"),
        (p(run("一") + "<w:r><w:tab/></w:r>" + run("二")), "一 二"),
        (
            p(FIELD.format("begin") + "<w:r><w:instrText>PAGE</w:instrText></w:r>" + FIELD.format("separate")
              + run("结果") + FIELD.format("end") + run("之后")),
            "结果之后",
        ),
        (
            p(run("前") + f"<w:r><mc:AlternateContent><mc:Choice><wps:txbx>{BOX}</wps:txbx></mc:Choice>"
              f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>" + run("后")),
            "前后\n文本框",
        ),
        (p(f"<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>" + run("正文")), "正文\n文本框"),
        (p(NUMBERED.format(0) + run("成效")) + p(NUMBERED.format(1) + run("立法")) + p(NUMBERED.format(1) + run("执法"))
         + p(NUMBERED.format(0) + run("问题")) + p(NUMBERED.format(1) + run("短板")),
         "一、成效\n（一）立法\n（二）执法\n二、问题\n（一）短板"),
        (
            f"<w:tbl><w:tr><w:tc>{p(run('地区'))}</w:tc><w:tc>{p(run('件数'))}</w:tc></w:tr>"
            f'<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{p(run("青禾县"))}</w:tc><w:tc>{p(run("上"))}{p(run("12"))}</w:tc></w:tr>'
            f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{p('')}</w:tc><w:tc>{p(run('7'))}</w:tc></w:tr></w:tbl>",
            "地区\t件数\n青禾县\t上 12\n\t7",
        ),
        (f"<w:tbl><w:tr><w:tc>{p(run('框中'))}{p(run('文字'))}</w:tc></w:tr></w:tbl>", "框中\n文字"),
        (
            f"<w:tbl><w:tr><w:tc>{p(run('外'))}<w:tbl><w:tr><w:tc>{p(run('内'))}</w:tc><w:tc>{p(run('层'))}</w:tc></w:tr></w:tbl></w:tc>"
            f"<w:tc>{p(run('右'))}</w:tc></w:tr></w:tbl>",
            "外 内 层\t右",
        ),
    ],
)  # fmt: skip
def test_docx(body: str, text: str) -> None:
    assert read_docx(docx(body, NUMBERING)).text == text


def test_docx_in_a_child_process() -> None:
    assert read(docx(p(run("某县2023年法治政府建设情况报告"))), "docx").text == "某县2023年法治政府建设情况报告"


def test_doc_made_by_an_office_program() -> None:
    """The paragraphs and the table of the sample report, as LibreOffice wrote them into the binary format."""
    source = (SITES / "reports" / "yunxi-2023.md").read_text("utf-8").split("---\n", 2)[2].split("\n")
    reading = read(DOC.read_bytes(), sniff(DOC.read_bytes()))
    assert not reading.problem
    lines = reading.text.split("\n")
    assert [line for line in source if line and line not in lines] == []
    assert any("\t" in line for line in lines)


def ofd(*words: tuple[str, int]) -> bytes:
    """An ofd file with one page; each text object with its top in millimetres."""
    texts = "".join(
        f'<ofd:TextObject Boundary="30 {top} 150 6"><ofd:TextCode X="0" Y="0">{text}</ofd:TextCode></ofd:TextObject>'
        for text, top in words
    )
    made, space = BytesIO(), 'xmlns:ofd="http://www.ofdspec.org/2016"'
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(
            "OFD.xml", f"<ofd:OFD {space}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
        )
        archive.writestr(
            "Doc_0/Document.xml",
            f'<ofd:Document {space}><ofd:Pages><ofd:Page BaseLoc="Pages/0.xml"/></ofd:Pages></ofd:Document>',
        )
        archive.writestr("Doc_0/Pages/0.xml", f"<ofd:Page {space}><ofd:Content>{texts}</ofd:Content></ofd:Page>")
    return made.getvalue()


def test_ofd() -> None:
    file = ofd(("青禾县", 20), ("法治政府建设", 20), ("一、成效", 30))
    assert sniff(file) == "ofd"
    assert read_ofd(file).text == "青禾县法治政府建设\n一、成效"
    assert read_ofd(ofd()).problem == "needs_ocr"


def pdf(*lines: str) -> bytes:
    """A one-page pdf whose text has a ToUnicode map, one line under the other."""
    characters = sorted(set("".join(lines)))
    code = {character: f"{n:04X}" for n, character in enumerate(characters, 1)}
    pairs = "\n".join(f"<{code[c]}> <{c.encode('utf-16-be').hex()}>" for c in characters)
    cmap = f"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange {len(code)} beginbfchar {pairs} endbfchar endcmap"
    shown = "".join(
        f"BT /F 12 Tf 50 {700 - 20 * n} Td <{''.join(code[c] for c in line)}> Tj ET " for n, line in enumerate(lines)
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>",
        f"<< /Length {len(shown)} >> stream\n{shown}\nendstream",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Song /Encoding /Identity-H /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Song /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        "/Supplement 0 >> /DW 1000 >>",
        f"<< /Length {len(cmap)} >> stream\n{cmap}\nendstream",
    ]
    body = "%PDF-1.4\n" + "".join(f"{n} 0 obj {text} endobj\n" for n, text in enumerate(objects, 1))
    return f"{body}trailer << /Root 1 0 R >>\n%%EOF".encode("latin-1")


def test_pdf() -> None:
    lines = [
        "青禾县法治政府建设情况报告",
        "一、主要举措",
        "全县开展行政执法检查二百次并公开结果，",
        "覆盖全部乡镇街道和执法单位。",
    ]
    file = pdf(*lines)
    assert sniff(file) == "pdf"
    assert "".join(read_pdf(file).text.split()) == "".join(lines)


def test_scanned_pdf_is_told_apart() -> None:
    reading = read(pdf("印"), "pdf")
    assert (reading.problem, reading.flags, reading.text) == ("needs_ocr", ["scanned"], "")


def test_reflow_joins_lines_and_drops_running_heads() -> None:
    full = "法" * 20
    page = ["云溪市人民政府文件", full, "治尾。", "（一）标题", full, "末。"]
    pages = [[*page, f"— {n} —"] for n in range(1, 5)]
    assert reflow(pages).split("\n") == [f"{full}治尾。", "（一）标题", f"{full}末。"] * 4


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"{\\rtf1 x}", "rtf"),
        (b"\x89PNG\r\n\x1a\n", "image"),
        (b"Rar!\x1a\x07", "rar"),
        (b"\x1f\x8b\x08\x00", "gz"),
        (b"\xef\xbb\xbf<html>", "html"),
        ("<p>中文".encode("gbk"), "html"),
        ("<html><body>中".encode("utf-16"), "html"),
        ("<html><body>中文".encode("utf-16-le"), "html"),
        ("二〇二三年".encode("gb18030"), "txt"),
        (b"[bookmark: _GoBack]2024", "txt"),
        (b'{"a": 1}', "json"),
        (bytes(range(256)) * 4, "unknown"),
        (docx(p(run("甲")))[:150], "docx"),
        (DOC.read_bytes(), "doc"),
    ],
)
def test_sniff(body: bytes, kind: str) -> None:
    assert sniff(body) == kind


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (docx(p(run("甲" * 500)))[:-40], "cut short"),
        (docx(p(run("甲")), head='<!DOCTYPE x [<!ENTITY a "b">]>'), "DOCTYPE"),
        (docx("<w:sdt><w:sdtContent>" * 400 + p("") + "</w:sdtContent></w:sdt>" * 400), "no XML"),
    ],
)
def test_hostile_docx_is_unreadable_with_a_reason(body: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_docx(body)


def test_sniff_of_a_zip_with_a_damaged_member() -> None:
    """The member that names an OpenDocument cannot be inflated."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text" * 5)
    body = packed.getvalue()
    start = 30 + len("mimetype")  # of the member's bytes, after its local header
    assert sniff(body) == "odt"
    assert sniff(body[:start] + b"\xff" * 6 + body[start + 6 :]) == "zip"


def test_zip_bomb_is_refused() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 60_000_000)
    assert "zip bomb" in read(made.getvalue(), "docx").detail


def test_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("x", 1)

    monkeypatch.setattr(child.subprocess, "run", slow)
    assert read(b"%PDF", "pdf").problem == "unreadable"


@pytest.mark.parametrize(
    ("kind", "problem"), [("rtf", "needs_converter"), ("zip", "unsupported_format"), ("image", "needs_ocr")]
)
def test_kinds_nobody_reads(kind: str, problem: str) -> None:
    assert read(b"x", kind).problem == problem


@pytest.mark.parametrize("kind", ["docx", "doc", "pdf", "ofd"])
def test_truncated_files_are_unreadable(kind: str) -> None:
    assert read(b"PK\x03\x04junk", kind).problem == "unreadable"


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_sniff_never_raises(body: bytes) -> None:
    assert sniff(body)


def test_chinese_numbers() -> None:
    assert [chinese(n) for n in (1, 10, 11, 20, 21, 99, 100)] == ["一", "十", "十一", "二十", "二十一", "九十九", "100"]
    assert [written(3, form) for form in ("decimal", "decimalEnclosedCircle", "upperLetter", "bullet")] == ["3", "③", "C", ""]

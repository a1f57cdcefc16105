"""Writes the paragraphs of a text as HTML, in the shapes that editors of the CMS families leave behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from markupsafe import Markup, escape

#: (paragraph, right-aligned line) of each shape; `word` splits its runs as Word's HTML does.
SHAPES = {
    "indent_style": ('<p style="text-indent: 2em; line-height: 2em;">{}</p>', '<p style="text-align: right;">{}</p>'),
    "indent_space": ("<p>　　{}</p>", '<p align="right">{}　　　　</p>'),
    "word": (
        '<p class="MsoNormal" style="text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt">'
        '<span style="font-size:16.0pt;font-family:仿宋_GB2312;mso-hansi-font-family:仿宋">{}<o:p></o:p></span></p>',
        '<p class="MsoNormal" align="right" style="text-align:right;mso-pagination:widow-orphan">{}<o:p></o:p></p>',
    ),
    "br": ("　　{}<br>\n<br>", "&nbsp;" * 40 + "{}<br>"),
    "span": (
        '<p style="text-align: justify;"><span style="font-family: 仿宋; font-size: 16pt;">&emsp;&emsp;{}</span></p>',
        '<p style="text-align: right;"><span style="font-size: 16pt;">{}&emsp;&emsp;</span></p>',
    ),
    "div": ("<div>&nbsp;&nbsp;&nbsp;&nbsp;{}</div>", '<div style="text-align:right">{}</div>'),
}

_HEADING = re.compile(r"[一二三四五六七八九十]+、.{2,40}")
_ISSUER = re.compile(r"(?![\d附联])[^。：]{4,30}(?<!）)")
_DATE = re.compile(r"([12]\d{3}年|[〇○零一二三四五六七八九]{4}年)?\s*[\d一二三四五六七八九十]+月[\d一二三四五六七八九十]+日")


def _signature(lines: list[str]) -> int:
    """Return the index at which the signature begins: the short lines that end with the date line; else the number of lines."""
    for last in range(len(lines) - 1, max(len(lines) - 4, 0), -1):
        if _DATE.fullmatch(lines[last]):
            first = last
            while first and last - first < 3 and _ISSUER.fullmatch(lines[first - 1]):
                first -= 1
            return first
    return len(lines)


def _inline(line: str, shape: str) -> Markup:
    text = escape(line)
    if shape == "word":
        text = Markup(re.sub(r"(?<![&#0-9A-Za-z_])[0-9][0-9.%]*", r'<span lang="EN-US">\g<0></span>', str(text)))
    return Markup("<strong>{}</strong>").format(text) if _HEADING.fullmatch(line) else text


def _table(rows: Iterable[str]) -> Markup:
    cells = (Markup("").join(Markup('<td width="25%"><p>{}</p></td>').format(cell) for cell in row.split("\t")) for row in rows)
    inner = Markup("\n").join(Markup("<tr>{}</tr>").format(row) for row in cells)
    return Markup(
        '<table border="1" cellspacing="0" cellpadding="0" style="border-collapse:collapse"><tbody>{}</tbody></table>'
    ).format(inner)


def _parts(lines: list[str], shape: str) -> Iterator[Markup]:
    plain, right = map(Markup, SHAPES[shape])
    signature = _signature(lines)
    for tabular, group in groupby(enumerate(lines), key=lambda pair: "\t" in pair[1]):
        if tabular:
            yield _table(line for _, line in group)
            continue
        for n, line in group:
            if n == signature and shape in ("indent_style", "span"):
                yield Markup("<p>&nbsp;</p>")
            ending = n >= signature and not line.startswith("（") and not line.endswith("。")
            addressee = n == 0 and len(line) < 30 and line.endswith("：")
            yield (right if ending else Markup("<p>{}</p>") if addressee and "<p" in plain else plain).format(
                _inline(line, shape)
            )


def body(lines: Iterable[str], shape: str, *, residue: bool = False) -> Markup:
    """Return the HTML of a text.

    Args:
        lines: its paragraphs; neighbouring lines with tabs become a table.
        shape: one of SHAPES.
        residue: put the bookmark token of a converter before the text, as Apache Tika leaves it.
    """
    first, *rest = lines
    return Markup("\n").join(_parts(["[bookmark: _GoBack]" * residue + first, *rest], shape))

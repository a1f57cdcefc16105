"""How a report is cited: by GB/T 7714-2015, in BibTeX and in RIS; every value escaped for its format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote

#: What ends a line somewhere, or is no character to print.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]+")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Names of authors that are given in full; more are 等 (GB/T 7714-2015, 8.1.2).
AUTHORS = 3
#: What TeX takes for something else. Braces by name: BibTeX counts them even after a backslash.
TEX = str.maketrans(
    {"\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
     "^": r"\textasciicircum{}", **{mark: f"\\{mark}" for mark in "$&#_%"}}
)  # fmt: skip
ARCHIVE = "法治政府建设情况报告档案"


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a citation is made of; every text is one line."""

    report_id: str
    title: str
    issuers: list[str]
    published: str  #: YYYY-MM-DD, "" where it is not known
    url: str  #: on the issuer's site; "" where it has no web address
    permalink: str  #: in this archive
    accessed: str  #: YYYY-MM-DD


def reference(report: Mapping[str, Any], permalink: str, accessed: date) -> Reference:
    """Return what is cited of a report.

    Args:
        report: its columns.
        permalink: its address in this archive, absolute.
        accessed: the day it is cited.
    """
    url = _line(report["url"])
    published = _line(report["published_date"])
    return Reference(
        report_id=report["report_id"],
        title=_line(report["title"]) or "无标题",
        issuers=[name for part in _line(report["issuer"]).split("、") if (name := part.strip())],
        published=published if DAY.fullmatch(published) else "",
        url=quote(url, safe=":/?#[]@!$&'()*+,;=%~") if url.startswith(("http://", "https://")) else "",
        permalink=permalink,
        accessed=accessed.isoformat(),
    )


def _line(text: str | None) -> str:
    """Return a text as one line of characters that can be printed."""
    return " ".join(CONTROLS.sub(" ", text or "").split())


def gbt7714(cited: Reference) -> str:
    """Return the reference of an electronic resource on the web [EB/OL] by GB/T 7714-2015, with the archive's copy."""
    authors = ", ".join(cited.issuers[:AUTHORS]) + (", 等" if len(cited.issuers) > AUTHORS else "")
    dates = (f"({cited.published})" if cited.published else "") + f"[{cited.accessed}]"
    places = f"{cited.url}（存档：{cited.permalink}）" if cited.url else cited.permalink
    return f"{authors + '. ' if authors else ''}{cited.title}[EB/OL]. {dates}. {places}."


def bibtex(cited: Reference) -> str:
    """Return an @online entry, which biblatex and gbt7714 know and BibTeX takes for @misc; issuers are names in one piece."""
    fields = {
        "author": " and ".join(f"{{{name.translate(TEX)}}}" for name in cited.issuers),
        "title": f"{{{cited.title.translate(TEX)}}}",
        "date": cited.published,
        "year": cited.published[:4],
        "url": cited.url or cited.permalink,
        "urldate": cited.accessed,
        "note": f"{ARCHIVE}，{cited.report_id}，\\url{{{cited.permalink}}}",
        "language": "chinese",
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@online{{{cited.report_id},\n" + ",\n".join(lines) + "\n}\n"


def ris(cited: Reference) -> str:
    """Return an ELEC record, with the line ends that the format asks for."""
    pairs = [
        ("TY", "ELEC"),
        *(("AU", name) for name in cited.issuers),
        ("TI", cited.title),
        ("PY", cited.published[:4]),
        ("DA", cited.published.replace("-", "/")),
        ("Y2", cited.accessed.replace("-", "/")),
        ("UR", cited.url or cited.permalink),
        ("DB", ARCHIVE),
        ("AN", cited.report_id),
        ("N1", f"存档：{cited.permalink}"),
        ("LA", "zh"),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in pairs if value) + "ER  - \r\n"

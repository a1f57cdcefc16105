"""Citations: the forms of GB/T 7714, BibTeX and RIS, and titles that would break them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from archive.citations import Reference, bibtex, gbt7714, reference, ris

PERMALINK = "https://archive.example/report/fz00000000000000a1"
REPORT = {
    "report_id": "fz00000000000000a1",
    "title": "云溪市人民政府2023年度法治政府建设情况报告",
    "issuer": "云溪市人民政府",
    "published_date": "2024-03-19",
    "url": "https://www.yunxi.gov.cn/art/2024/3/19/art_1.html",
}


def cited(**values: Any) -> Reference:
    return reference({**REPORT, **values}, PERMALINK, date(2026, 11, 22))


def test_gbt7714() -> None:
    assert gbt7714(cited()) == (
        "云溪市人民政府. 云溪市人民政府2023年度法治政府建设情况报告[EB/OL]. (2024-03-19)[2026-11-22]. "
        f"https://www.yunxi.gov.cn/art/2024/3/19/art_1.html（存档：{PERMALINK}）."
    )


def test_gbt7714_of_what_is_hardly_known() -> None:
    bare = cited(issuer=None, title=None, published_date=None, url="urn:sha256:00")
    assert gbt7714(bare) == f"无标题[EB/OL]. [2026-11-22]. {PERMALINK}."


def test_more_than_three_issuers() -> None:
    assert gbt7714(cited(issuer="甲局、乙局、丙局、丁局")).startswith("甲局, 乙局, 丙局, 等. ")
    assert "author = {{甲局} and {乙局} and {丙局} and {丁局}}" in bibtex(cited(issuer="甲局、乙局、丙局、丁局"))


def test_bibtex() -> None:
    entry = bibtex(cited())
    assert entry.startswith("@online{fz00000000000000a1,\n")
    for line in ("date = {2024-03-19}", "urldate = {2026-11-22}", "url = {https://www.yunxi.gov.cn/art/2024/3/19/art_1.html}"):
        assert line in entry


def test_bibtex_of_a_strange_title() -> None:
    entry = bibtex(cited(title='50% {A} & B_C #1 $x$ ~^\\ "q"', url="https://a.example/x{y}?q=%20&a=甲"))
    title = re.search(r"title = \{\{(.*)\}\}", entry)
    assert title
    assert title[1] == (
        r"50\% \textbraceleft{}A\textbraceright{} \& B\_C \#1 \$x\$ \textasciitilde{}\textasciicircum{}\textbackslash{} "
        '"q"'
    )
    assert "url = {https://a.example/x%7By%7D?q=%20&a=%E7%94%B2}" in entry


def test_ris() -> None:
    record = ris(cited(issuer="甲局、乙局"))
    assert record.startswith("TY  - ELEC\r\nAU  - 甲局\r\nAU  - 乙局\r\nTI  - ")
    assert record.endswith("ER  - \r\n")
    assert "DA  - 2024/03/19\r\n" in record


@given(st.text(), st.text(), st.text())
def test_no_value_breaks_a_format(title: str, issuer: str, url: str) -> None:
    found = cited(title=title, issuer=issuer, url=url)
    assert "\n" not in gbt7714(found)
    entry = bibtex(found)
    depth = 0
    for character in entry:  # as BibTeX counts: a backslash changes nothing
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert all(re.match(r"  [a-z]+ = \{.*\},?$", line) for line in entry.splitlines()[1:-1])
    lines = ris(found).split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])
    assert [line for line in lines if line.startswith("ER")] == ["ER  - "]
    assert not re.search("[\r\n\u2028]", "".join(lines))


def test_only_web_addresses_are_given() -> None:
    assert cited(url="javascript:alert(1)").url == ""
    assert cited(published_date="2024").published == ""

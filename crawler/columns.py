"""Columns of a home page, scored by their names and paths: where reports are looked for when nothing else brings any."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scrapy.http import TextResponse

from cleaning.simplified import to_simplified
from crawler.links import entries

#: Captions (field-notes 1.7), the surest first; the first that fits counts.
CAPTIONS: Mapping[str, int] = {
    r"法治政府建设(?:情况)?(?:年度)?报告|法治政府建设年报": 10,
    r"法治政府建设|法治政府": 8,
    r"依法行政": 6,
    r"其他法定(?:公开)?信息|其它法定信息": 4,
    r"法定主动公开内容|法定主动公开": 3,
    r"工作报告|年度工作(?:计划|总结)|规划计划|计划总结": 2,
    r"政府信息公开|信息公开目录|政务公开|信息公开|专题专栏|通知公告|部门文件": 1,
}
#: Paths, as hints only: sites use other abbreviations, or bare numbers.
PATHS: Mapping[str, int] = {r"fzzfjs|ndfzzf": 5, r"fzzf|fzjs|yfxz": 4, r"qtfdxx|qtfdgkxx": 3, r"fdzdgknr|gzbg|ghjh|ndgzjh": 1}
#: A column is worth a visit from this score on; from the second on its list is read to the end.
VISIT, READ = 1, 4
_LONGEST_CAPTION = 20
_DOCUMENT = re.compile(r"/(?:art|content|info)/\d|/t\d{6,8}_\d|\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)$|20\d\d.{0,4}年", re.I)


@dataclass(frozen=True, order=True)
class Column:
    """A link that may lead to a column."""

    score: int
    url: str


def columns(page: TextResponse) -> list[Column]:
    """Return the links of a page that may lead to a column with reports, the most promising first."""
    best: dict[str, Column] = {}
    for row, _ in entries(page):
        score = score_column(row.title, row.url) if len(row.title) <= _LONGEST_CAPTION else 0
        if score >= VISIT and not _DOCUMENT.search(row.url):
            best[row.url] = max(Column(score, row.url), best.get(row.url, Column(0, "")))
    return sorted(best.values(), key=lambda column: -column.score)


def score_column(name: str, url: str) -> int:
    """Return how much a caption and an address promise; 0 is nothing."""
    plain = to_simplified(name)
    by_name = next((score for caption, score in CAPTIONS.items() if re.search(caption, plain)), 0)
    by_path = next((score for path, score in PATHS.items() if re.search(path, url, re.I)), 0)
    return by_name + by_path

"""Headline: which words of a page are the title of its document, and the lines at the top of a text that only repeat them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from cleaning.lines import Line, han, key, unbulleted
from cleaning.titles import COLUMN_TITLE, DOCUMENT_NUMBER, LONGEST, could_be_report, is_site, tidy

_HEADING_TAGS = frozenset({"h1", "h2", "h3", "ucaptitle"})
_TITLE_NAME = re.compile(r"title|(?:^|[-_])tit(?:$|[-_])|biaoti|(?:^|[-_])bt(?:$|[-_\d])|headline|article_?tit", re.I)
#: A title may be broken over so many lines.
_LINES = 6
#: Lines of a document that stand above its title: 甲市人民政府文件, 甲政报〔2022〕6号, 附件2.
HEAD = re.compile(rf"[\u4e00-\u9fff、 ]{{2,40}}文件|{DOCUMENT_NUMBER.pattern}|附\s?件\s?\d{{0,2}}[:：]?")
#: So many lines may stand above a title, be they the document's or a column's name, none longer than this.
_OVER, _OVER_CHARACTERS = 3, 40
#: What a title does not go on with: a date, with a name behind it or in brackets.
_DATED = re.compile(r"[（(\[]?(?:19|20)\d\d(?:[-/.]\d{1,2}[-/.]\d|年\d{1,2}月\d{1,2}日[）)\]]?$)")
_LONGEST = 150
DOCUMENT = re.compile(
    r"(?:报告|报告书|情况|总结|通知|意见|决定|决议|公告|通告|通报|批复|函|答复|办法|规定|方案|纲要|规划|要点|条例|细则|公报|令|纪要|制度|预案|计划|清单|年报|说明)"
    r"(?:[（(][^（）()]{1,20}[）)])?$"
)
#: A title on two lines: who reports, and 关于2024年法治政府建设情况的报告.
_ISSUER = re.compile(r"(?:政府|委|委员会|局|厅|办|办公室|街道|镇|乡|院|会|区|县|市|省|关于)$")
ORGAN = re.compile(r"[\u4e00-\u9fff ]{2,40}(?:人民政府|委|委员会|局|厅|部|院|办公室|办事处|管委会)")
#: No title ends so.
_UNFINISHED = re.compile(r"(?:年度?|关于|推进|开展|加强|的|和|与|及|、)$")
_CONTINUES = re.compile(r"关于|20\d\d|二[〇○零]")
_DECORATION = re.compile(
    r"(?:new|hot|荐|新|热)?\W{0,3}(?:new|hot|$|20\d\d[-/.年]\d{1,2}[-/.月]"
    r"|(?:阅读|浏览|点击|访问|编辑|作者|来源|日期|时间|发布|字号|字体|分享|打印))",
    re.I,
)
_WHOLE = 8
_SENTENCE = re.compile(r"[。；：:]$|[，,].*[，,]|[。；]")
_NO_TITLE = re.compile(
    r"[。；;！!？?:：]$|^(?:当前|您|首页|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十])"
    r"|^(?:无标题文档|新建网页\s?\d*|untitled.*|详细页面?|内容页|信息详情)$"
    r"|^(?:相关|附件|目录|正文|详情|详细|内容|文章|信息|新闻|公告|通知公告|政务公开|打印|分享|扫一扫)\S{0,4}$"
)


@dataclass(frozen=True, slots=True)
class Headline:
    """A title and where it was found: page or meta."""

    text: str
    source: str


def choose(
    *,
    declared: Iterable[str],
    page_title: str,
    headings: Iterable[tuple[str, float]],
    above: Sequence[str],
    lead: Sequence[str],
    never: set[str],
) -> Headline | None:
    """Return the best supported title, or None.

    Args:
        declared: titles that say they are one (ArticleTitle, 标题 of the block), the standard tag first.
        page_title: the <title> element.
        headings: texts of heading elements with their weight.
        above: the lines just above the body or its info bar, nearest last.
        lead: the first lines of the body.
        never: names of the site and its columns.
    """
    named = [tidy(text) for text in declared if text]
    full, short = key(page_title), tidy(page_title)
    banned = {key(name) for name in never}
    scores: dict[str, float] = {}
    seen: dict[str, str] = {}

    def vote(text: str, points: float, *, visible: bool) -> None:
        text = tidy(text)
        if text not in named:
            text = next((name for name in (*named, short) if _is_decorated(text, name)), text)
        same = key(text)
        if is_site(text):
            return
        if han(text) < 4 or len(text) > _LONGEST or same in banned or _NO_TITLE.search(text):
            return
        scores[same] = scores.get(same, 0) + points
        if visible or same not in seen:
            seen.setdefault(same, text)
        if visible:
            shown.add(same)

    shown: set[str] = set()
    for text, weight in headings:
        vote(text, weight, visible=True)
    for distance, text in enumerate(reversed(above)):
        vote(text, 1.5 if distance == 0 else 0.8, visible=True)
        for joined in _openings(above[len(above) - 1 - distance :])[1:]:
            if could_be_report(joined):
                vote(joined, 2.5, visible=True)
    for begin in range(1, _over(lead) + 1):
        for joined in _openings(lead[begin:]):
            if could_be_report(joined):
                vote(joined, 1.5, visible=True)
    for joined in _openings(lead):
        if could_be_report(joined) or (DOCUMENT.search(joined) and han(joined) >= 8):
            vote(joined, 1.5, visible=True)
        elif key(joined) in {key(short), *map(key, named)} or (len(key(joined)) >= 8 and full.startswith(key(joined))):
            vote(joined, 1, visible=True)
    for text in (*named, short):
        if text and opens_with(lead, text):
            vote(text, 1, visible=True)
    for same in list(scores):
        if len(same) >= 6 and full.startswith(same):
            scores[same] += 2
    for place, text in enumerate(named):
        vote(text, 3 - place * 0.5, visible=False)
    vote(short, 1.4, visible=False)
    for same in scores:
        scores[same] += 2 * could_be_report(seen[same]) + 0.01 * min(len(same), 40)
    if not scores:
        return None
    best = max(scores, key=lambda same: scores[same])
    title = seen[best]
    if best not in {full, key(short), *map(key, named)}:
        title = _with_beginning(title, [*above, *lead])
    return Headline(title, "page" if best in shown else "meta")


def _is_decorated(text: str, name: str) -> bool:
    """Say whether a heading is a title with what its element also holds: 编辑：…, NEW, （阅读 312 次）."""
    rest = text[len(name) :]
    whole = len(name) >= _WHOLE and not is_site(name)
    return whole and text.startswith(name) and bool(rest) and bool(_DECORATION.match(rest.strip()))


def _with_beginning(title: str, lines: Sequence[str]) -> str:
    """Return a title with the line before it, where that cannot end so (…关于2014年), or names the body before 关于."""
    begin = next((n for n in range(1, len(lines)) if opens_with(lines[n : n + _LINES], title)), 0)
    before = lines[begin - 1] if begin else ""
    begun = _UNFINISHED.search(before) and not _SENTENCE.search(before)
    return before + title if begun or (title.startswith("关于") and ORGAN.fullmatch(before)) else title


def heading_weight(tag: str, names: str) -> float:
    """Return how much an element says by its tag, id and class that it holds a title; 0 for none."""
    if tag in _HEADING_TAGS:
        return 2.0
    return 1.2 if names and _TITLE_NAME.search(names) else 0.0


def of_plain_text(lines: Sequence[Line]) -> str | None:
    """Return the title that opens a plain text: only that of a report, and none where a second one follows it.

    So a text whose title was lifted stays as it is when it is cleaned again.
    """
    title = _opening_title(lines)
    return title if title and _opening_title(lines[sum(place(lines, title)) :]) is None else None


def _opening_title(lines: Sequence[Line]) -> str | None:
    head = next((n for n, line in enumerate(lines[:_OVER]) if not HEAD.fullmatch(line.text)), 0)
    for joined in _openings([line.text for line in lines[head:]]):
        plausible = len(joined) <= _LONGEST // 2 and not _NO_TITLE.search(joined)
        if plausible and could_be_report(joined) and DOCUMENT.search(joined):
            return joined
    return None


def place(lines: Sequence[Line], title: str) -> tuple[int, int]:
    """Return where the lines begin that joined equal the title, and how many they are, however often it is repeated.

    Above a title stand a red head, a 文号 or the name of a column, and nothing that reads like a text; (0, 0) if it is missing.
    """
    texts = [line.text for line in lines]
    for begin in range(_over(texts) + 1):
        taken = begin
        while count := opens_with(texts[taken : taken + _LINES], title):
            taken += count
        if taken > begin:
            return begin, taken - begin
    return 0, 0


def _over(lead: Sequence[str]) -> int:
    """Return how many of the first lines may stand above a title."""
    over = takewhile(lambda text: len(text) <= _OVER_CHARACTERS and not _SENTENCE.search(text), lead[:_OVER])
    return sum(1 for _ in over)


def opens_with(lead: Sequence[str], title: str) -> int:
    """Return how many of the first lines joined equal the title, 0 if they do not."""
    wanted, joined = key(title), ""
    for count, text in enumerate(lead, start=1):
        joined += key(text[:LONGEST])
        if joined == wanted:
            return count if wanted else 0
        if not wanted.startswith(joined):
            break
    return 0


def _openings(lead: Sequence[str]) -> list[str]:
    """Return the first line, the first two joined, and so on while they could be one title."""
    joined, openings = "", []
    for text in lead[:_LINES]:
        text = text if joined else unbulleted(text)
        if HEAD.fullmatch(text) or _DATED.match(text):
            break
        if len(joined + text) > _LONGEST or _SENTENCE.search(text):
            break
        whole = joined and could_be_report(text) and not COLUMN_TITLE.fullmatch(text) and not _UNFINISHED.search(joined)
        if whole and not (_ISSUER.search(joined) and _CONTINUES.match(text)):
            break
        joined += text
        openings.append(joined)
    return openings

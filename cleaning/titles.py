"""Titles: decorations taken off, the year that is reported on, and whether a link is worth following."""

from __future__ import annotations

import re
from functools import lru_cache

from cleaning.dates import chinese_number
from cleaning.simplified import to_simplified

#: What a title of the genre is about (field-notes 1.2), the surest first; 法制 is a common slip, a space may cut the words.
CORE = re.compile(r"法\s?[治制]\s?政\s?府\s?建\s?设|依\s?法\s?行\s?政|法\s?[治制]\s?政\s?府|法\s?治\s?建\s?设")
#: What it says of it.
TAIL = re.compile(r"报\s?告|情\s?况|总\s?结|年\s?报|汇报(?!会)")
#: Near-genres that stand in the same columns: they are read too, so that the archive can say why each is none.
_NEAR = re.compile(
    r"方案|要点|计划|纲要|规划|分工|分解|清单|办法|标准|通知|督察|督查|考核|示范|评估|解读|读懂|图解|问答|会议|召开|举办|讲座|[进谈员署]会"
    r"|审议|意见|决议|述职|述法|第一责任人|蓝皮书|白皮书"
)
#: What is longer is no title; the rest is cut off.
LONGEST = 1000
#: The core words with 工作 and no more name a report where a year stands before them.
_BARE = re.compile(rf"(?:{CORE.pattern})工作$")
TRUNCATED = re.compile(r"(?:…|\.{2,}|。{2,}|‥)[)）\]】]?$")

#: Decorations before a title that say what the page is (解读 …); they stay, since they decide the genre.
_TELLING = re.compile(r"解读|读懂|图解|图说|问答|通知|督察|述职|述法|公告|通报")
#: Words in brackets before a title that say what hangs on it; other ones ([人民网], 【组团式帮扶】) are words of the title.
_MEDIA = r"(?:[图组多]*[图文]+|图[集片解]?|视频|音频|高清|原创|转载|转|置顶|推荐|荐|热点?|最新|新|NEW|new|文件|正文|标题|附件)"
_LEADING = re.compile(
    rf"^(?:【{_MEDIA}】|\[{_MEDIA}\]|〔{_MEDIA}〕|[（(](?P<d>图文|组图|图|视频|转载|转)[)）]"
    r"|附\s*件\s*(?:\d{1,2}|[一二三四五六七八九十])?\s*(?:[:：.．、]|\s)|转载\s*[:：]|标\s*题\s*[:：])\s*"
)
_DATE = r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?:\s+\d{1,2}:\d\d(?::\d\d)?)?"
_TRAILING = re.compile(
    rf"\s*(?:[（(\[【]\s*附?\s*(?:PDF|pdf|Word|WORD|word|docx?|DOCX?|OFD|ofd|附件|全文|原文|下载|件)(?:版|下载|附件|全文)*\s*[)）\]】]"
    rf"|[（(\[【]?\s*{_DATE}\s*[)）\]】]?|\s[（(\[【]?\d{{1,2}}-\d{{1,2}}[)）\]】]?|\[\d{{1,2}}-\d{{1,2}}\]|(?<=\s)(?:19|20)\d\d年\d{{1,2}}月\d{{1,2}}日"
    r"|\.(?:pdf|docx?|wps|ofd|html?|txt|rtf))$",
    re.IGNORECASE,
)
#: Between a title and the names of column and site; never the dash of a range (1-10月) nor ——, which opens a subtitle.
_SEPARATOR = re.compile(r"\s*(?:[_|｜＿]+|(?<![—–\-\d])[-－–—](?![—–\-\d])|(?<=\s)-+(?=\s))\s*")
_SITE_NAME = re.compile(
    r"(?:网|网站|门户|平台|政府|政务|公开|公开栏|频道|专栏|专题|首页|主页|局|厅|委员会|办公室|管委会|街道|镇|乡|栏目|目录|文件|动态|公告|要闻|新闻|报告|总结|其他|信息|年报)"
    r"(?:[（(][^（()）]*[)）])?$"
)

#: A title that ends so goes on with no column's name.
_WHOLE = re.compile(r"年.{0,40}(?:报告|情况|总结)$")
#: Names of columns, not of documents: nothing says whose report it is nor of what year.
COLUMN_TITLE = re.compile(
    r"(?:推进)?(?:法治政府建设|依法行政|法治政府|法治建设)(?:工作)?(?:情况)?(?:年度报告|年报|报告|情况)?(?:专栏|专题|公开|公示|汇总|目录|栏目)?"
)
#: Names of sites and of bodies that stand in <title> on every page of a site.
_SITE_ONLY = re.compile(
    r"[\u4e00-\u9fff·（）()]{0,30}?(?:(?:官方|公众|政府|政务|信息|公开|服务|资讯|门户)*(?:网站|网|门户|平台|首页|主页)|[手移][机动]版|电脑版)"
    r"|[\u4e00-\u9fff]{2,20}(?:人民政府|管理委员会|管委会|街道办事处|(?:教育|公安|民政|司法|财政|水利|商务|审计|统计|医保|信访|林业|气象|税务)[厅局]|研究[所院])"
)
_OTHER_THINGS = re.compile(r"招标|采购|中标|招聘|培训班|知识竞赛|征求意见|征集|公开征|考试|旁听")

#: Digits of full width are digits too.
NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
#: An addressee, alone on its line (甲市人民政府：) or glued to the first sentence.
ADDRESSEE = re.compile(r"[^。，,；\n]{2,80}[:：]\s*")
#: 文号: 云政报〔2019〕14号.
DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,16}\s?[〔\[【（(]\s?20\d\d\s?[〕\]】）)]\s?第?\s?\d{1,4}\s?号")
_RANGE = re.compile(r"20\d\d\s*年?\s*(?:[-—–－~～―]+|至|到)\s*(?:20)?\d\d\s*年?")
_NUMBERED = re.compile(r"[〔\[【（(]\s*20\d\d\s*[〕\]】）)]\s*第?\s*\d+\s*号|〔20\d\d〕")
_FULL_DATE = re.compile(r"20\d\d\s*(?:年\s*\d{1,2}\s*月(?:\s*\d{1,2}\s*日)?|[-./]\d{1,2}[-./]\d{1,2})")
_CHINESE_YEAR = re.compile(r"[二2][〇○◯零0OoＯ][〇○◯零0OoＯ一二三四五六七八九]{2}(?=\s*年)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")


def tidy(title: str) -> str:
    """Return a title without the site's name, 【图文】, 附件：, （附PDF）, a date or a file suffix, and on one line.

    Widths and words are never changed. A decoration that says what the page is (【政策解读】) stays.
    """
    return _tidied(title.strip()[:LONGEST])


@lru_cache(maxsize=1024)  # every step asks the same of the same few titles
def _tidied(title: str) -> str:
    title = re.sub(r"(?<=[^\x00-\x7f])[^\S\n]*\n\s*|[^\S\n]*\n\s*(?=[^\x00-\x7f])", "", title)
    title = _without_site(re.sub(r"[\u200b\ufeff]", "", " ".join(title.split())))
    while True:
        shorter = title
        if (lead := _LEADING.match(shorter)) and not _TELLING.search(lead[0]):
            shorter = shorter[lead.end() :]
        shorter = _TRAILING.sub("", shorter).strip()
        if shorter == title or not shorter:
            return title
        title = shorter


def is_site(title: str) -> bool:
    """Say whether a title is only the name of a site or of the body that runs it."""
    return _SITE_ONLY.fullmatch(title) is not None


def _without_site(title: str) -> str:
    """Drop the names of columns and the site before or after the title proper."""
    parts = _SEPARATOR.split(title)
    if len(parts) == 1:
        return title
    reports = [n for n, part in enumerate(parts) if CORE.search(part) and TAIL.search(part)]
    keep = reports[0] if reports and not COLUMN_TITLE.fullmatch(parts[reports[0]]) else 0
    columns = keep > 1 and _SITE_NAME.search(parts[0]) and set("".join(_SEPARATOR.findall(title)).strip()) <= set("_|｜＿ ")
    if keep and not columns and not all(_SITE_NAME.search(part) for part in parts[:keep]):
        keep = 0
    begin = title.index(parts[keep], sum(len(part) for part in parts[:keep]))
    end = begin + len(parts[keep])
    if _WHOLE.search(parts[keep]) and any(_SITE_NAME.search(part) for part in parts[keep + 1 :]):
        return title[begin:end].strip()
    for part, gap in zip(parts[keep + 1 :], list(_SEPARATOR.finditer(title))[keep:], strict=False):
        site_like = _SITE_NAME.search(part) and not re.search(r"情况.{0,3}报告|的报告", part)
        if site_like or (part and set(gap[0]) & set("_|｜＿") and len(parts[keep]) >= 6 and len(part) <= 25):
            break
        end = gap.end() + len(part)
    return title[begin:end].strip()


def could_be_report(title: str) -> bool:
    """Tell whether a link of this title is worth a request: a report, or a page that says as much about one.

    Core words (法治政府建设, 依法行政, …) with 报告, 情况, 总结 or 年报, or cut short by … before they could come; or with the
    noun of a near-genre (要点, 通知, 解读 …), which is then rejected with its reason. Other news and column names are not.
    """
    title = tidy(to_simplified(title))
    if _OTHER_THINGS.search(title) or (COLUMN_TITLE.fullmatch(title) and "情况" not in title):
        return False
    if not TRUNCATED.search(title):
        bare = _BARE.search(title) and year_in(title)
        return bool(bare or (CORE.search(title) and (TAIL.search(title) or _NEAR.search(title))))
    begun = TRUNCATED.sub("", title)
    if CORE.search(begun):
        return True
    starts = ("法治政府建", "法治政", "法治建", "法治", "法", "依法行", "依法", "依")
    return bool(re.search(r"年度?$", begun)) or (begun.endswith(starts) and year_in(begun) is not None)


def year_in(title: str) -> int | None:
    """Return the year that a title or sentence reports on, or None.

    Ranges (2021-2025年), document numbers and full dates are no report years; of several years the last one before the core
    words counts, else the first.
    """
    text = title.translate(NARROW)
    text = _CHINESE_YEAR.sub(lambda match: str(chinese_number(match[0])), text)
    for pattern in (_NUMBERED, _RANGE, _FULL_DATE):
        text = pattern.sub(lambda match: "#" * len(match[0]), text)
    years = [(match.start(), int(match[0])) for match in _YEAR.finditer(text)]
    core = CORE.search(text)
    before = [year for start, year in years if core and start < core.start()]
    return before[-1] if before else next((year for _, year in years), None)


def report_title(issuer: str, year: int) -> str:
    """Return the title made for a report without one: 万源市2022年度法治政府建设情况报告 of 万源市人民政府 and 2022."""
    return f"{issuer.split('、')[-1].removesuffix('人民政府')}{year}年度法治政府建设情况报告"

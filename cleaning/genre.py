"""Genre: a report on law-based government, or the reason why a page is none (field-notes 1.3, 6.2 and 6.3)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from cleaning.near_genres import by_body, by_title
from cleaning.simplified import to_simplified
from cleaning.titles import COLUMN_TITLE, CORE, TAIL, tidy

#: Fewer Chinese characters than this are no document.
LEAST = 30
#: Under a title even a few words are one.
_LEAST_TITLED = 10
#: A page that says 页面不存在 is an error page only while it says little else.
SHORT = 200
#: Pages of firewalls and of errors are small; a long page may carry their scripts and words for other reasons.
SMALL_PAGE = 8_000

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_CHALLENGE = re.compile(
    r"\$_ts\b|__jsl_clearance|__jsluid|wzwsconfirm|wzwschallenge|WZWSRELw==|\bC3VK\b|\bCT6TS?\b|访问被拦截|请求被拦截|云防护|访问验证|安全验证|人机验证|请完成验证"
    r"|Request Rejected|Web应用防火墙|网站防火墙|您的访问(?:请求)?(?:可能)?(?:对网站|存在|被)"
)
#: Challenge scripts cut the words apart: ('_')+('_')+('j')+('s')+('l').
_GLUE = re.compile(r"['\"()+\s]")
_SOFT_404 = re.compile(
    r"页面(?:不存在|没有找到|未找到|已删除|找不到|无法访问|丢失)|(?:网页|文章|信息|内容)(?:不存在|已被?删除|已下线|未找到)"
    r"|(?:没有|无法)找到(?:您|你|该|此|请求|相关)"
    r"|栏目正在建设|正在建设中|暂无数据|暂无内容|出错啦|出错了|链接可能已(?:更换|失效)"
    r"|找不到(?:您|你|该|此|网页|页面|文件)|Not Found|(?<!\d)404(?!\d)"
)
_MARKUP = re.compile(r"<(script|style|title)\b.*?</\1\s*>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_ATTACHMENT_LINE = re.compile(
    r"(?:附\s*件|点击|文件)?.{0,60}\.(?:pdf|docx?|wps|ofd|xlsx?|zip|rar)[)）\]】]?|附\s*件\s*\d*\s*[:：].{0,80}", re.IGNORECASE
)

#: Any mention of the subject in a text, 法治建设 of party organs and departments among them.
_SUBJECT = re.compile(r"法治政府|依法行政|法治建设|依法治|法治(?:单位|机关|社会|县|市|区|镇|乡)")
#: How the body of a report shows itself where the title does not: headings of results, and of problems or plans.
_RESULTS = re.compile(r"(?:情况|成效|成果|举措|措施|做法|成绩|工作|亮点)")
_PROBLEMS = re.compile(r"问题|不足|短板|差距|困难")
_PROBLEMS_OR_PLAN = re.compile(rf"{_PROBLEMS.pattern}|下一?步|计划|打算|安排|思路")
_SUBJECT_PROPER = re.compile(r"法治政府|依法行政")
#: Words that a report without a title must be full of: so many in a thousand characters (the thinnest of ours have 8).
_LEGAL = re.compile(r"法治|依法|执法|复议|普法|规范性文件")
_LEGAL_WORDS = 6
_HEADING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、．.]|[（(][一二三四五六七八九十]{1,3}[)）])([^。\n]{2,60})", re.MULTILINE
)
_YEAR = re.compile(r"20\d\d\s*年|二[〇○零][〇○零一二三四五六七八九]{2}年")
_OPENING = 400
#: A title that says what is reported, and it is not the law (工作总结, 优化营商环境情况报告): the opening must declare it then.
_OTHER_SUBJECT = re.compile(r"(?!.*(?:法治|依法|法制|普法)).*(?:报告|情况|总结|汇报)(?:[（(][^（()）]*[)）])?")
_DECLARED = re.compile(r"现[将就把]?[^。\n]{0,60}(?:法治政府|依法行政|法治建设)[^。\n]{0,30}(?:报告|汇报|总结|公布|公开)")


def judge(
    title: str | None, text: str, *, url: str, site: Mapping[str, Any] | None, raw_text: str, flags: Collection[str]
) -> tuple[str, str]:
    """Tell whether a page is a report.

    Args:
        title: the title with its decorations (【文字解读】 decides), None where there is none.
        text: the main text, one paragraph a line.
        url: the address, "" where it is not known.
        site: registry entry of the site with its `netlocs`, None where none names it.
        raw_text: the page's decoded source, or the text of a file.
        flags: quality flags found so far (attachment_only and images_only count).

    Returns:
        "report" or one of cleaning.document.REJECTIONS, and the words that decided.
    """
    if host := _foreign_host(url, site):
        return "mirror_host", host
    title, text = to_simplified(title or "").strip(), to_simplified(text)
    length = sum(map(len, _CHINESE.findall(text)))
    if found := _page_fault(title, text, raw_text, length):
        return found
    if {"attachment_only", "images_only"} & set(flags):
        return "empty_body", ", ".join(sorted({"attachment_only", "images_only"} & set(flags)))
    own = "\n".join(line for line in text.split("\n") if not _ATTACHMENT_LINE.fullmatch(line.strip()))
    if (length if own == text else sum(map(len, _CHINESE.findall(own)))) < (_LEAST_TITLED if title else LEAST):
        return "empty_body", f"{length} Chinese characters"
    if found := by_title(title):
        return found
    if found := _navigation(title, text):
        return found
    return _by_body(title, text)


def _by_body(title: str, text: str) -> tuple[str, str]:
    """Decide between a report and none where the title names no other genre."""
    plain = tidy(title)
    core, tail = CORE.search(plain), TAIL.search(plain)
    if other := by_body(text, sure=bool(core and tail)):
        return other
    if core and tail:
        if re.sub(r"\s", "", core[0]) == "法治建设" and len(_SUBJECT.findall(text)) < 3:
            return "not_a_report", "法治建设 in the title, hardly any in the text"
        return "report", f"{core[0]}…{tail[0]}"
    if words := _reads_like_a_report(plain, text):
        return "report", words
    return "not_a_report", core[0] if core else "no core words in the title"


def _foreign_host(url: str, site: Mapping[str, Any] | None) -> str:
    """Return the host of an absolute http address that is neither under .gov.cn nor named by the registry entry, else ""."""
    absolute = re.match(r"\s*https?://([^/?#\s]+)", url, re.IGNORECASE)
    if not absolute:
        return ""
    netloc = absolute[1].lower().rpartition("@")[2]
    host = netloc.partition(":")[0].rstrip(".")
    named = {str(name).lower() for name in (site or {}).get("netlocs", ())}
    default = {host} if netloc.rpartition(":")[2] in (netloc, "80", "443") else set()
    own = bool(named & ({netloc} | default))
    return "" if own or host == "gov.cn" or host.endswith(".gov.cn") else host


def _page_fault(title: str, text: str, raw_text: str, length: int) -> tuple[str, str] | None:
    """Recognise challenge shells and error pages served as pages, by what stands in a page that says little else."""
    if length >= SHORT:
        return None
    small = raw_text if len(raw_text) < SMALL_PAGE else raw_text[:SMALL_PAGE]
    if found := _CHALLENGE.search(small) or _CHALLENGE.search(_GLUE.sub("", small)) or _CHALLENGE.search(text):
        return "challenge_page", found[0]
    visible = _MARKUP.sub(" ", small) if len(raw_text) < SMALL_PAGE else ""
    said = _SOFT_404.search(title) or _SOFT_404.search(text) or (length < LEAST and _SOFT_404.search(visible))
    return ("soft_404", said[0]) if said else None


def _navigation(title: str, text: str) -> tuple[str, str] | None:
    """Recognise a column: its title is that of no document, or its lines are titles of reports and hardly a sentence."""
    lines = [line for line in text.split("\n") if line.strip()]
    sentences = sum(line.rstrip().endswith(("。", "；", "：", "！")) or "。" in line for line in lines)
    listed = [line for line in lines if CORE.search(line) and TAIL.search(line) and len(line) < 80 and "。" not in line]
    if len(listed) >= 3 and sentences <= len(lines) / 5 and len(listed) >= len(lines) / 3:
        return "navigation", listed[0][:40]
    if not sentences and (COLUMN_TITLE.fullmatch(tidy(title)) or (len(lines) >= 5 and not CORE.search(title))):
        return "navigation", tidy(title) or "no sentence"
    return None


def _reads_like_a_report(title: str, text: str) -> str:
    """Return the words that show a report by its body alone, else "".

    It names a year in its opening, has headings of results and of problems, and is full of the words of the law. Where there is
    a title, plans do for problems, but a title about something else asks for the subject in the opening and in a heading.
    """
    opening, size = text[:_OPENING], max(len(text), 1) / 1000
    core = CORE.search(text)
    headings = [match[1] for match in _HEADING.finditer(text)]
    results = next((heading for heading in headings if _RESULTS.search(heading)), "")
    closing = next((heading for heading in headings if (_PROBLEMS_OR_PLAN if title else _PROBLEMS).search(heading)), "")
    if not (core and results and closing and _YEAR.search(opening)):
        return ""
    if not title:
        fits = len(_LEGAL.findall(text)) / size >= _LEGAL_WORDS
    else:
        on_subject = len(_SUBJECT_PROPER.findall(text)) / size >= 1
        named = _SUBJECT_PROPER.search(opening) and any(re.search(r"法治|依法", heading) for heading in headings[:3])
        if _OTHER_SUBJECT.fullmatch(title) and not CORE.search(title) and not _DECLARED.search(opening):
            return ""
        fits = on_subject and bool(named or CORE.search(title))
    return f"{core[0]}; {results}; {closing}" if fits else ""

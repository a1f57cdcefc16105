"""gkmlpt, the catalogue of 广东: a tree of categories in the page, the articles of each as JSON (field-notes 2.6)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from scrapy.http import TextResponse
from w3lib.url import add_or_replace_parameters

from cleaning.titles import could_be_report
from crawler.columns import READ, score_column
from crawler.dialects.base import Ask, in_turn, kept
from crawler.dialects.jsonlist import json_of, json_rows, json_total
from crawler.links import Row

_SID = re.compile(r"\bSID['\"]?\s*[:=]\s*['\"]?(\w+)")
_TREE = re.compile(r"\bTREE['\"]?\s*[:=]\s*\[")
_PATH = re.compile(r"/gkmlpt(?=/|$)")
#: What stands between two brackets of the tree holds the id and the name of at most one category.
_NODE = re.compile(r"[^{}\[\]]+")
_ID = re.compile(r"(?<!\w)id['\"]?\s*:\s*['\"]?(\d+)")
_NAME = re.compile(r"(?<!\w)name['\"]?\s*:\s*(?:\"([^\"]*)\"|'([^']*)')")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
#: How titles of reports end (field-notes 1.2): a category of such a name may hold nothing but 依法行政工作要点.
_TAIL = re.compile("报告|情况|总结")
_ALL = "0"


def matches(page: TextResponse) -> bool:
    """Whether the page configures the catalogue, or is an answer of its API."""
    if _is_data(page):
        return True
    text = page.text
    return "_CONFIG" in text and bool(_SID.search(text) and (_PATH.search(text) or _PATH.search(page.url)))


def rows(page: TextResponse) -> list[Row]:
    """Return the articles; the page of the catalogue has none of its own."""
    return list(json_rows(json_of(page), page.url)) if _is_data(page) else []


def following(page: TextResponse) -> list[Ask]:
    """Return the next page of a category, then the next category; the whole catalogue where none of them had a report."""
    if not _is_data(page):
        return _categories(page)
    keep = {**kept(page), "seen": int(kept(page).get("seen", 0)) + len(rows(page))}
    if any(could_be_report(row.title) and _TAIL.search(row.title) for row in rows(page)):
        keep["found"] = 1
    total, number = json_total(json_of(page)), parse_qs(urlsplit(page.url).query).get("page", ["1"])[0]
    if rows(page) and int(keep["seen"]) != total:  # more than the total: it leaves out the categories below this one
        return [Ask(url=add_or_replace_parameters(page.url, {"page": str(int(number) + 1)}), keep=keep)]
    keep["seen"], rest = 0, str(keep.pop("rest", "")).split()
    if not rest and not keep.get("found"):
        rest = [str(keep.pop("all"))] if keep.get("all") else []
    return in_turn(rest, keep)


def _is_data(page: TextResponse) -> bool:
    return "/gkmlpt/api/" in page.url


def _categories(page: TextResponse) -> list[Ask]:
    """Ask for the category that the address names (#20), else for those named like columns of reports, else for all."""
    sid, path = _SID.search(page.text), _PATH.search(urlsplit(page.url).path)
    if not sid:
        return []
    root = page.urljoin(urlsplit(page.url).path[: path.end()] if path else "/gkmlpt")
    named = urlsplit(page.request.url).fragment if page.request else ""
    chosen = [named] if named.isdecimal() else [id_ for id_, name in _tree(page.text) if score_column(name, "") >= READ]
    urls = [f"{root}/api/all/{id_}?page=1&sid={sid[1]}" for id_ in chosen or [_ALL]]
    return in_turn(urls, {"all": f"{root}/api/all/{_ALL}?page=1&sid={sid[1]}" if chosen else ""})


def _tree(text: str) -> list[tuple[str, str]]:
    """Return the (id, name) of every category."""
    start = _TREE.search(text)
    if not start:
        return []
    nodes, found = text[start.end() : _end(text, start.end())], []
    for node in _NODE.findall(nodes):
        if (id_ := _ID.search(node)) and (name := _NAME.search(node)):
            found.append((id_[1], _ESCAPED.sub(lambda code: chr(int(code[1], 16)), name[1] or name[2] or "")))
    return found


def _end(text: str, start: int) -> int:
    """Return where the bracket that was opened before `start` is closed."""
    depth = 1
    for bracket in re.finditer(r"[\[\]]", text[start:]):
        depth += 1 if bracket[0] == "[" else -1
        if not depth:
            return start + bracket.start()
    return len(text)

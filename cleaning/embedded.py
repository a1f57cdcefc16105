"""Embedded: bodies that a page carries where no reader sees them: JSON strings (gkmlpt), templates, hidden fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import chain

from lxml import etree

from cleaning.dates import parse_date
from cleaning.lines import han
from cleaning.markup import Element

_STRING = r'"((?:[^"\\]|\\.)*)"'
_SINGLE = r"'((?:[^'\\]|\\.)*)'"
_NAMES = (
    "content|htmlContent|articleContent|contentHtml|newsContent|docContent|infoContent|articleBody|bodyHtml|detailContent"
    "|html|txt|text"
)
#: "content": "…", content = '…' and document.write("…")
_BODY = re.compile(rf"""(?:["']?\b(?:{_NAMES})["']?\s*[:=]\s*|document\.write(?:ln)?\(\s*)(?:{_STRING}|{_SINGLE})""", re.I)
_TEMPLATE_TYPE = re.compile(r"text/(?:html|xml|plain|template|x-.*)|text/ng-template", re.I)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
#: JSON key of gkmlpt's _CONFIG.DETAIL -> canonical label.
_KEYS = {
    "title": "标题",
    "identifier": "索引号",
    "document_number": "文号",
    "publisher": "发布机构",
    "display_publish_time": "发布日期",
    "date": "发布日期",
    "publishTime": "发布日期",
    "publishDate": "发布日期",
    "pubDate": "发布日期",
    "releaseTime": "发布日期",
    "classify_theme_name": "主题分类",
    "classify_genre_name": "体裁分类",
}
_PAIR = re.compile(rf'["\']?({"|".join(_KEYS)})["\']?\s*:\s*(?:{_STRING}|(\d{{9,13}}))')
_ENOUGH = 40
_DETAIL = re.compile(r"_CONFIG\b[\s\S]{0,20000}?\bDETAIL\b")


def unshown_body(tree: Element) -> tuple[str, dict[str, str]]:
    """Return the longest body found as HTML, "" for none, and the fields that stand beside it in a script."""
    best, where = "", ""
    for value, source in chain(_in_scripts(tree), _in_elements(tree)):
        if han(value) >= _ENOUGH and len(value) > len(best):
            best, where = value, source
    return best, _fields(where)


def _fields(source: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for key, value, number in _PAIR.findall(source):
        moment = parse_date(number) if number else None
        if text := moment.isoformat() if moment else _decode(value).strip():
            fields.setdefault(_KEYS[key], text)
    return fields


def stated_fields(tree: Element) -> dict[str, str]:
    """Return what gkmlpt's _CONFIG.DETAIL says of a document, whether its text is rendered too or not."""
    source = next((script.text for script in tree.iter("script") if script.text and _DETAIL.search(script.text)), "")
    return _fields(source)


def _in_scripts(tree: Element) -> Iterator[tuple[str, str]]:
    for script in tree.iter("script"):
        text = script.text or ""
        if _TEMPLATE_TYPE.fullmatch(script.get("type", "")):
            yield _CDATA.sub("", text), ""
        for match in _BODY.finditer(text):
            yield _decode(match[1] or (match[2] or "").replace("\\'", "'").replace('"', '\\"')), text


def _in_elements(tree: Element) -> Iterator[tuple[str, str]]:
    """Yield what stands in text areas, hidden fields and elements for other browsers."""
    for element in tree.iter("textarea", "input", "noscript", "template", "iframe"):
        if element.tag == "iframe":
            yield element.get("srcdoc") or "", ""
        elif element.tag in ("textarea", "input"):
            yield element.get("value") or "".join(map(str, element.itertext())), ""
        else:
            yield "".join(etree.tostring(child, encoding="unicode", method="html") for child in element), ""


def _decode(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value

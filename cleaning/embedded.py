"""Embedded: bodies and fields that a page carries as JSON strings in its scripts (gkmlpt, pages drawn by script)."""

from __future__ import annotations

import json
import re

from cleaning.dates import parse_date
from cleaning.lines import han
from cleaning.markup import Element

_STRING = r'"((?:[^"\\]|\\.)*)"'
_NAMES = "content|htmlContent|articleContent|contentHtml|newsContent|docContent|infoContent"
_BODY = re.compile(rf'["\']?(?:{_NAMES})["\']?\s*:\s*{_STRING}', re.I)
#: JSON key of gkmlpt's _CONFIG.DETAIL -> canonical label.
_KEYS = {
    "title": "标题",
    "identifier": "索引号",
    "document_number": "文号",
    "publisher": "发布机构",
    "display_publish_time": "发布日期",
    "date": "发布日期",
    "classify_theme_name": "主题分类",
    "classify_genre_name": "体裁分类",
}
_PAIR = re.compile(rf'["\']?({"|".join(_KEYS)})["\']?\s*:\s*(?:{_STRING}|(\d{{9,13}}))')
_ENOUGH = 80


def body_in_scripts(tree: Element) -> tuple[str, dict[str, str]]:
    """Return the longest body found as HTML, "" for none, and the fields that stand beside it."""
    best, where = "", ""
    for script in tree.iter("script"):
        text = script.text or ""
        for match in _BODY.finditer(text):
            value = _decode(match[1])
            if han(value) >= _ENOUGH and len(value) > len(best):
                best, where = value, text
    fields: dict[str, str] = {}
    for key, value, number in _PAIR.findall(where):
        moment = parse_date(number) if number else None
        if text := moment.isoformat() if moment else _decode(value).strip():
            fields.setdefault(_KEYS[key], text)
    return best, fields


def _decode(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value

"""Renders the pages of the sample sites: templates filled, characters converted, bytes encoded as the site does it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import opencc
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from texts import HERE
from world import Column, Row, Site

#: The labels of a metadata block in the order of a page; `labels` in world.yaml renames them.
FIELDS = ("索引号", "主题分类", "发布机构", "成文日期", "文号", "发布日期", "公开方式")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the server answers to one request."""

    status: int = 200
    content_type: str = "text/html"
    body: bytes = b""


@cache
def environment() -> Environment:
    folder = FileSystemLoader(HERE / "templates")
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _converter(kind: str) -> Any:
    return opencc.OpenCC(kind)


def convert(text: str, kind: str = "s2t") -> str:
    """Return the text in other characters: s2t makes Traditional ones of Simplified ones, t2s the other way."""
    return str(_converter(kind).convert(text))


def render(site: Site, template: str, *, status: int = 200, **values: Any) -> Answer:
    """Fill a template for a site.

    Args:
        site: whose page it is; its entry in world.yaml is `spec` in the template.
        template: a file of templates/, without .html.
        status: the HTTP status.
        values: what else the template needs.
    """
    text = environment().get_template(f"{template}.html").render(site=site, spec=site.spec, **values)
    if site.spec.get("script") == "t":
        text = convert(text)
    header = site.spec.get("header")
    content_type = f"text/html; charset={header}" if header else "text/html"
    return Answer(status=status, content_type=content_type, body=text.encode(site.spec.get("charset", "utf-8")))


def plain(text: str, *, status: int = 200, content_type: str = "text/plain; charset=utf-8") -> Answer:
    """Return a text as it is."""
    return Answer(status=status, content_type=content_type, body=text.encode())


def as_json(value: object) -> Answer:
    """Return a value as JSON, the way UCAP answers."""
    return plain(json.dumps(value, ensure_ascii=False), content_type="application/json;charset=UTF-8")


def publisher(site: Site, row: Row) -> str:
    """Return who put a row's page on the web: the issuer itself, or the justice bureau that collects the reports of others."""
    if row.kind == "copy":
        return f"{site.spec['short']}司法局"
    return row.text.issuer or site.name


def fields(site: Site, row: Row) -> list[tuple[str, str]]:
    """Return the metadata block of a page as (label as this site shows it, value); what is not known is a dash."""
    text = row.text
    own = row.kind != "copy"
    values = {
        "索引号": text.index_number if own else "",
        "主题分类": "综合政务",
        "发布机构": publisher(site, row),
        "成文日期": text.signed.isoformat() if text.signed else "",
        "文号": text.document_number,
        "发布日期": row.published.isoformat(),
        "公开方式": "主动公开",
    }
    labels = site.spec.get("labels", {})
    block = [(labels.get(name, name), values[name] or "-") for name in FIELDS]
    return [(label, value) for label, value in block if value != "-"] if site.spec["metadata"] == "inline" else block


def neighbours(column: Column, row: Row) -> tuple[Row | None, Row | None]:
    """Return the rows before and after a row, of those whose pages exist."""
    rows = [other for other in column.rows if other.kind in ("own", "copy", "other", "filler") or other is row]
    place = next(n for n, other in enumerate(rows) if other is row)
    return rows[place - 1] if place else None, rows[place + 1] if place + 1 < len(rows) else None


def path_of(url: str) -> str:
    """Return an address without scheme and host."""
    return re.sub(r"^https?://[^/]+", "", url)

"""Fields: what a page says of its document outside the text, each with the place where it says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from cleaning.dates import date_in_url, parse_date
from cleaning.document import Document
from cleaning.labels import Pair, to_fields
from cleaning.titles import DOCUMENT_NUMBER

#: Labels of an info bar that say nothing about the document.
_TOOL = re.compile(r"分享|打印|字体|浏览|点击|阅读|访问|视力|人气")


def fill(
    document: Document, pairs: Iterable[Pair], *, bare_date: str, said: Mapping[str, str], listing: Mapping[str, str]
) -> None:
    """Fill fields, labels, the published date and the numbers of a document whose text is known.

    Args:
        pairs: labels and values that the page shows, in its order.
        bare_date: the date of an info bar without a label, "" for none.
        said: canonical label -> value of its meta tags.
        listing: what the list page said (`date`).
    """
    pairs = list(pairs)
    for label, value, _ in pairs:
        if not _TOOL.search(label):
            document.labels.setdefault(label, value)
    shown = to_fields(pairs)
    if bare_date:
        shown.setdefault("发布日期", Pair("", bare_date, "info_bar"))
    tags = {label: Pair("", value, "meta") for label, value in said.items() if label != "标题"}
    for label, pair in {**shown, **{label: tags[label] for label in tags if label not in shown}}.items():
        document.fields[label], document.field_sources[label] = pair.value, pair.source
    _publish(document, said.get("发布日期", ""), listing.get("date", ""))
    document.index_number = document.fields.get("索引号")
    document.document_number = document.fields.get("文号")
    if document.document_number is None and (number := _number_in(document.text)):
        document.document_number = document.fields["文号"] = number
        document.field_sources["文号"] = "text"


def _publish(document: Document, said: str, listed: str) -> None:
    """Take the published date from the meta tag, the label, the list row or the address, in this order (field-notes 1.4)."""
    label = "发布日期"
    shown = document.field_sources.get(label, "")
    places = [("meta", said), (shown, document.fields.get(label, "")), ("listing", listed)]
    found = [(source, day) for source, text in places if text and (day := parse_date(text))]
    if not found and (day := date_in_url(document.url)):
        found = [("url", day)]
    if found:
        document.field_sources[label], document.published_date = found[0]


def _number_in(text: str) -> str | None:
    """Return the 文号 that stands as a line of its own at the top of a text."""
    return next((line for line in text.split("\n")[:3] if DOCUMENT_NUMBER.fullmatch(line)), None)

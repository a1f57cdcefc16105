"""Meta: the standard tags of government pages (国办发〔2017〕47号) and their look-alikes, by lower-case name."""

from __future__ import annotations

import re

from cleaning.lines import tidy
from cleaning.markup import Element

#: Canonical label -> meta names, the standard one first; names are compared in lower case, as pages write them in every case.
NAMES = {
    "标题": ("articletitle",),
    "发布日期": ("pubdate", "publishdate", "pub_date", "firstpublishedtime", "article:published_time", "date"),
    "来源": ("contentsource", "source_unit", "source"),
    "发布机构": ("publishunit", "public_unit"),
    "责任编辑": ("author",),
    "索引号": ("indexnumber", "identifier"),
    "文号": ("documentnumber", "filenumber"),
}
_KEYWORDS = "keywords"
_SITE = ("sitename", "columnname", "columntype")
_LINKED_DATA = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')
_UNFILLED = re.compile(r"\{\{|<%|\$\{|\[\$|^null$|^undefined$")


def read_meta(tree: Element) -> dict[str, str]:
    """Return name in lower case -> content; of tags that repeat the first that is not empty."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = (element.get("name") or element.get("property") or "").strip().lower()
        content = tidy((element.get("content") or "").replace("\t", " "))
        if name and content and not _UNFILLED.search(content):
            found.setdefault(name, content)
    for script in tree.iter("script"):
        if script.get("type", "").lower() == "application/ld+json" and (day := _LINKED_DATA.search(script.text or "")):
            found.setdefault("article:published_time", day[1])
    times = [element for element in tree.iter("time") if element.get("datetime")]
    if len(times) == 1:  # several are those of a list
        found.setdefault("article:published_time", times[0].get("datetime", ""))
    return found


def meta_fields(meta: dict[str, str]) -> dict[str, str]:
    """Return canonical label -> value of the content tags; keywords that describe the site are no keywords of the page."""
    fields = {}
    for label, names in NAMES.items():
        value = next((meta[name] for name in names if name in meta), "")
        if value:
            fields[label] = value
    words = meta.get(_KEYWORDS, "")
    names_of_site = [meta[name] for name in _SITE if name in meta]
    if words and "articletitle" in meta and not any(name in words or words in name for name in names_of_site):
        fields["关键词"] = words
    return fields


def own_names(meta: dict[str, str]) -> set[str]:
    """Return what the page says that its site and column are called: never the title of a document."""
    names = {meta[name] for name in (*_SITE, "lanmu", "catalog") if name in meta}
    return names - {meta.get("articletitle", "")}

"""What the CMS families' lists look like: one module a family, and the order in which they are recognised."""

from __future__ import annotations

from scrapy.http import TextResponse

from crawler.dialects import easysite, generic, gkmlpt, hanweb, jpaas, ls, table, trs, ucap, vsb, xxgk_list
from crawler.dialects.base import Dialect
from crawler.links import frames

#: In order of recognition: what leaves the clearest traces comes first, generic takes what is left.
DIALECTS: dict[str, Dialect] = {
    "gkmlpt": gkmlpt,
    "jpaas": jpaas,
    "hanweb": hanweb,
    "easysite": easysite,
    "ls": ls,
    "ucap": ucap,
    "vsb": vsb,
    "xxgk_list": xxgk_list,
    "trs": trs,
    "table": table,
    "generic": generic,
}


def choose(page: TextResponse, wanted: str = "") -> str:
    """Return the name of the dialect that reads this list.

    Args:
        page: the first page of the list.
        wanted: the dialect of the registry or of the last visit; it is taken wherever it fits, or nothing fits better.
    """
    if wanted in DIALECTS and DIALECTS[wanted].matches(page) and not (wanted == "generic" and _unread(page)):
        return wanted
    found = next(name for name, dialect in DIALECTS.items() if dialect.matches(page))
    keeps = wanted in DIALECTS and (DIALECTS[wanted].rows(page) or frames(page))  # a frame's list is told by the frame
    return wanted if found == "generic" and keeps else found


def _unread(page: TextResponse) -> bool:
    """Whether the generic reader finds no list in a page: no row has a date."""
    return not any(row.date for row in generic.rows(page))

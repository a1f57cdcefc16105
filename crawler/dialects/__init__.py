"""What the CMS families' lists look like: one module a family, and the order in which they are recognised."""

from __future__ import annotations

from scrapy.http import TextResponse

from crawler.dialects import generic, hanweb, table, trs, ucap
from crawler.dialects.base import Dialect

#: In order of recognition: what leaves the clearest traces comes first, generic takes what is left.
DIALECTS: dict[str, Dialect] = {
    "hanweb": hanweb,
    "ucap": ucap,
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
    if wanted in DIALECTS and DIALECTS[wanted].matches(page):
        return wanted
    found = next(name for name, dialect in DIALECTS.items() if dialect.matches(page))
    return wanted if found == "generic" and wanted in DIALECTS and DIALECTS[wanted].rows(page) else found

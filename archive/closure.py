"""Which addresses may have to do with each other: everything that could change when one of them does."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from archive.decisions import Decisions
from archive.work import Work

#: A page's attachments and a text's copies are followed from pages and texts of reports only: a list page that links to a
#: hundred files would tie them all together.
USEFUL = "exists (select 1 from documents d where d.address = l.page and d.kind <> 'other')"
NEAR = (
    "select b.address from documents a join documents b on a.core = b.core where a.address = ?",
    "select b.address from documents a join pairs p on p.a = a.id join documents b on b.id = p.b where a.address = ?",
    "select a.address from documents b join pairs p on p.b = b.id join documents a on a.id = p.a where b.address = ?",
    f"select l.attachment from links l where l.page = ? and {USEFUL}",
    f"select l.page from links l where l.attachment = ? and {USEFUL}",
)
IDS = "select source_id from ids where address = ?"
PLACE = "select address from ids where source_id = ?"


def closure(work: Work, decisions: Decisions, start: Iterable[str], together: Callable[[set[str]], set[str]]) -> set[str]:
    """Return all addresses that hang together with these: text, part of it, attachment, decision, one report until now.

    Args:
        work: the working database.
        decisions: what people decided.
        start: normalised addresses.
        together: from source ids to those of the sources that the archive holds in one report with them.
    """
    found: set[str] = set()
    waiting = set(start)
    while waiting:
        address = waiting.pop()
        found.add(address)
        near = {one for sql in NEAR for one in work.strings(sql, address)}
        ids = set(work.strings(IDS, address))
        linked = together(ids).union(*(decisions.linked.get(name, ()) for name in ids))
        near |= {one for name in linked - ids for one in work.strings(PLACE, name)}
        waiting |= near - found
    # A link may lead to an address of which nothing was captured.
    return {
        address for address in found if next(work.strings("select 1 from captures where address = ? limit 1", address), None)
    }

"""Body: which lines of a page are its document: known containers first, then running text, then trafilatura."""

from __future__ import annotations

from dataclasses import dataclass

from cleaning.containers import BODIES, family_of, is_wrapper
from cleaning.page import Page
from cleaning.short import addressed_from, is_dated, leads_elsewhere, sentences, signed_until
from cleaning.titled import above_footer, continues, follows, opened_from, opens, settled, title_ends, under_title

#: Fewer Chinese characters of running text prove nothing.
ENOUGH = 80
_MOSTLY_LINKS = 0.5
#: A container with less than this share of the page's best running text holds something else.
_SHARE_OF_BEST = 0.5
#: An element around the best one that has this much more running text is the better one.
_MORE = 0.15
#: Less than this share of the running text may stand above the title.
_BEFORE = 0.5
#: So many sentences, however short, are a text; a date that closes one counts as well.
_SENTENCES = 2
_MARKERS = ("信息内容", "正文", "content")


@dataclass(frozen=True, slots=True)
class Body:
    """lines[start:end] of a page, and what told so."""

    start: int
    end: int
    found_by: str  #: a family of containers.BODIES, or marker, wrapper, running_text, title, trafilatura


def locate(page: Page) -> Body | None:
    """Return where the document stands, or None when the page has no text of its own."""
    titles = title_ends(page)
    dense = _dense(page, 0, len(page.lines), titles)
    best = page.prose_in(*dense) if dense else 0
    for name in _MARKERS:
        if name in page.marked_lines and _holds(page, page.marked_lines[name], best):
            return Body(*page.marked_lines[name], "marker")
    named = _named(page)
    for place, span in named:
        if _holds(page, span, best) or _stands_under(page, span, titles):
            if dense and _goes_on(page, span, dense):
                return Body(span[0], dense[1], BODIES[place][0])
            return Body(*span, BODIES[place][0])
    if any(_is_empty(page, span, titles) for _, span in named):
        return None
    under = under_title(page)
    enough = dense and (best >= ENOUGH or sentences(page, dense) + is_dated(page, dense) >= _SENTENCES)
    if dense and enough and (kept := settled(page, dense, titles, under)):
        return Body(*above_footer(page, kept), "running_text")
    if under:
        return Body(under.start, under.end, "title")
    for place, span in named:
        if page.characters[span[1]] > page.characters[span[0]] and _few_links(page, span):
            return Body(*span, BODIES[place][0])
    if any(_images(page, span) for _, span in named):
        return None
    return _by_trafilatura(page) or _wrapped(page)


def _stands_under(page: Page, span: tuple[int, int], titles: list[tuple[int, int]]) -> bool:
    """Say whether a known container, however short its text, is what follows the title."""
    if not any(opens(page.lines[n]) for n in range(*span)) or page.link_share(*span) >= _MOSTLY_LINKS:
        return False
    return any(follows(page, end, span) for end, _ in titles)


def _is_empty(page: Page, span: tuple[int, int], titles: list[tuple[int, int]]) -> bool:
    """Say whether a known container under the title holds nothing, and the text does not begin behind a stray closing tag."""
    hollow = page.characters[span[1]] == page.characters[span[0]]
    return hollow and any(follows(page, end, span) for end, _ in titles) and not continues(page, span[1])


def holds_images(page: Page) -> bool:
    """Say whether a page that has no text holds pictures where its body would be."""
    return (
        any(in_text for _, in_text in page.images)
        or any(_images(page, span) for _, span in _named(page))
        or any(is_wrapper(block.element) and _images(page, (block.start, block.end)) for block in page.blocks)
    )


def _named(page: Page) -> list[tuple[int, tuple[int, int]]]:
    """Return the spans of known containers in the order worth trying; of several alike the one with most running text first."""
    found: list[tuple[int, int, int, int]] = []
    reach: dict[int, int] = {}
    for block in page.blocks:
        place = family_of(block.element)
        if place is None or block.start < reach.get(place, 0) or block.end < block.start:
            continue
        reach[place] = block.end
        found.append((place, -page.prose_in(block.start, block.end), block.start, block.end))
    merged = _merge_neighbours(page, found)
    return [(place, (start, end)) for place, _, start, end in sorted(merged)]


def _merge_neighbours(page: Page, found: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    """Join containers of one kind that follow each other without a line between them, unless the second repeats the first."""
    merged: list[tuple[int, int, int, int]] = []
    for place, prose, start, end in found:
        if merged and merged[-1][0] == place and merged[-1][3] == start < end:
            last = merged.pop()
            merged.append((place, last[1] + prose, last[2], end))
        else:
            merged.append((place, prose, start, end))
    return merged


def _holds(page: Page, span: tuple[int, int], best: int) -> bool:
    prose = page.prose_in(*span)
    text = prose >= ENOUGH or (prose > 0 and sentences(page, span) > 0)
    return text and prose >= _SHARE_OF_BEST * best and page.link_share(*span) < _MOSTLY_LINKS


def _few_links(page: Page, span: tuple[int, int]) -> bool:
    """Say whether links to pages are the smaller part; a link to a file may be all that a short document says."""
    return page.link_share(*span) < _MOSTLY_LINKS or span[1] - span[0] <= 3


def _goes_on(page: Page, span: tuple[int, int], dense: tuple[int, int]) -> bool:
    """Say whether a stray closing tag ended the container before its text: the running text goes on right behind it."""
    if dense[0] > span[0] or dense[1] <= span[1] or page.prose_in(span[1], dense[1]) <= 0.3 * page.prose_in(*span):
        return False
    if not continues(page, span[1]):
        return False
    known = {line.text for line in page.lines[span[0] : span[1]]}
    return next(page.lines[n].text not in known for n in range(*dense) if n >= span[1] and page.prose_in(n, n + 1))


def _images(page: Page, span: tuple[int, int]) -> bool:
    return page.characters[span[1]] - page.characters[span[0]] < 10 and any(span[0] <= n <= span[1] for n, _ in page.images)


def _dense(page: Page, start: int, end: int, ends: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the lines of the element that holds the running text: the best parent of paragraphs, widened while it gains.

    What holds the title too is the article: around it stand other things.
    """
    scores: dict[int, int] = {}
    for n in range(start, end):
        prose = page.prose_in(n, n + 1)
        owner = page.owners[n]
        if prose and owner >= 0:
            scores[owner] = scores.get(owner, 0) + prose
            parent = page.blocks[owner].parent
            if parent >= 0:
                scores[parent] = scores.get(parent, 0) + prose
    if not scores:
        return None
    best = max(scores, key=lambda number: (scores[number], number))
    titles = [page.blocks[owner].start if page.blocks[owner].end == end else end - 1 for end, owner in ends]
    around = page.blocks[best].parent
    while around >= 0:
        inner, outer = page.blocks[best], page.blocks[around]
        held = page.prose_in(inner.start, inner.end)
        added = page.prose_in(outer.start, outer.end) - held
        if added >= max(_MORE * held, min(ENOUGH, held)) and page.link_share(outer.start, outer.end) < _MOSTLY_LINKS / 2:
            best = around
        if any(outer.start <= n < outer.end for n in titles):
            break
        around = outer.parent
    return _without_site(page, _with_neighbours(page, best), titles)


def _without_site(page: Page, span: tuple[int, int], titles: list[int]) -> tuple[int, int]:
    """Take off what stands above the title and what links elsewhere below the text, where one element holds it all."""
    start, end = span
    inside = [n for n in titles if start <= n < end and page.prose_in(start, n) < _BEFORE * page.prose_in(n, end)]
    start = max(inside, default=start)
    if above := [n for n in titles if n < start]:
        start = opened_from(page, start, max(above) + 1)
    last = next((n for n in range(end - 1, start, -1) if page.prose_in(n, n + 1)), end)
    return start, next((n for n in range(last + 1, end) if leads_elsewhere(page.lines[n])), end)


def _with_neighbours(page: Page, best: int) -> tuple[int, int]:
    """Return the lines of a block with the addressee above it and the signature below it, which may be blocks of their own."""
    block, around = page.blocks[best], page.blocks[best].parent
    if around < 0:
        return block.start, block.end
    outer = page.blocks[around]
    return addressed_from(page, block.start, outer.start), signed_until(page, block.end, outer.end)


def _by_trafilatura(page: Page) -> Body | None:
    """Let trafilatura say which lines are text, and take them from our own reading, from the first to the last.

    Settings as measured for design.md: without tables, and never `deduplicate`, which depends on earlier calls.
    """
    if page.prose[-1] < ENOUGH:
        return None
    from lxml import html
    from trafilatura import extract

    source = html.tostring(page.tree, encoding="unicode")
    text = extract(source, include_tables=False, include_comments=False, deduplicate=False)
    wanted = {"".join(line.split()) for line in (text or "").splitlines()}
    hits = [n for n, line in enumerate(page.lines) if "".join(line.text.split()) in wanted]
    if not hits:
        return None
    span = (hits[0], hits[-1] + 1)
    return Body(*span, "trafilatura") if page.prose_in(*span) >= ENOUGH and page.link_share(*span) < _MOSTLY_LINKS else None


def _wrapped(page: Page) -> Body | None:
    """Return the innermost wrapper of a short document: some text, hardly any links."""
    for block in reversed(page.blocks):
        span = (block.start, block.end)
        if is_wrapper(block.element) and page.characters[span[1]] > page.characters[span[0]] and _few_links(page, span):
            return Body(*span, "wrapper")
    return None

"""Boxes: what a site sets into the element of a text that is none of it: comments, surveys, other articles."""

from __future__ import annotations

from cleaning.body import Body
from cleaning.lines import squeeze
from cleaning.page import Page
from cleaning.rules.peel import rule_of

#: Rules whose lines head such a box.
_HEADS = ("related", "replies")


def boxes(page: Page, body: Body) -> set[int]:
    """Return the numbers of the lines of a body that are in boxes: each an element that opens with the heading of one."""
    found: set[int] = set()
    for block in page.blocks:
        inside = body.start < block.start < block.end <= body.end and block.start not in found
        if not inside or (block.end - block.start < 2 and block.start + 1 < body.end):
            continue
        rule = rule_of(page.lines[block.start].text, squeeze)
        if rule is not None and rule.opens and rule.name in _HEADS:
            found.update(range(block.start, block.end))
    return found

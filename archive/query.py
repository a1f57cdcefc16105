"""The language of the search box: words, "phrases", AND, OR, NOT, + and -, brackets, title: — parsed, never a syntax error.

What cannot be an operator is a word. docs/search.md says what readers may expect.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from unicodedata import normalize


@dataclass(frozen=True)
class Word:
    """A word or phrase as typed; `title`: only the title is looked at."""

    text: str
    title: bool = False


@dataclass(frozen=True)
class Every:
    """All of them must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Some:
    """One of them must match."""

    parts: tuple[Node, ...]


@dataclass(frozen=True)
class But:
    """`wanted` must match, and none of `unwanted`."""

    wanted: Node
    unwanted: tuple[Node, ...]


Node = Word | Every | Some | But
#: Positive parts, and what is excluded from them: an exclusion acts on the whole of the brackets it stands in.
Clause = tuple[list[Node], list[Node]]

OPERATORS = ("AND", "OR", "NOT")
OPEN, CLOSE = "(（", ")）"
SIGNS = {"-": "NOT", "－": "NOT", "−": "NOT", "+": "+", "＋": "+"}
TITLE = re.compile(r"(?:title|标题|標題)[:：]\s*(?=\S)", re.IGNORECASE)
#: What stands before the beginning of a term.
BEFORE = re.compile(r"(?:^|[\s(（])(?:[-－−+＋]?(?:title|标题|標題)[:：]|[-－−+＋])?$", re.IGNORECASE)
#: Brackets deeper than this are marks.
DEPTH = 16

#: What a query is cut into: kind (one of OPERATORS, +, title, brackets or word) and, of words, the text.
Item = tuple[str, str]


def parse(query: str, keep: Callable[[str], bool] = str.strip) -> Node | None:  # type: ignore[assignment]
    """Return what a query asks for, or None where it names nothing to look for: only operators, marks or exclusions.

    Args:
        query: as typed.
        keep: whether a word is one: those without a letter or digit are left out.
    """
    items = [item for item in _items(query) if item[0] != "word" or keep(item[1])]
    if all(kind != "word" for kind, _ in items):
        return None
    wanted, _ = _group(iter(_operators(items)), title=False)
    return wanted


def words(node: Node | None) -> list[Word]:
    """Return the words that a query looks for, in its order, without those that it excludes."""
    match node:
        case Word():
            return [node]
        case Every(parts) | Some(parts):
            return list(dict.fromkeys(word for part in parts for word in words(part)))
        case But(wanted, _):
            return words(wanted)
    return []


def _items(query: str) -> Iterator[Item]:
    brackets = _brackets(query)
    at = 0
    while at < len(query):
        character, free = query[at], at == 0 or query[at - 1].isspace() or at - 1 in brackets
        if character.isspace():
            at += 1
        elif at in brackets:
            yield ("(" if character in OPEN else ")"), ""
            at += 1
        elif character == '"':
            end = query.find('"', at + 1)
            end = len(query) if end < 0 else end
            yield "word", query[at + 1 : end]
            at = end + 1
        elif character in SIGNS and _opens(query, at) and at + 1 < len(query) and not query[at + 1].isspace():
            yield SIGNS[character], ""
            at += 1
        elif (found := TITLE.match(query, at)) and _opens(query, at):
            yield "title", found[0]
            at = found.end()
        elif character == "“" and (end := _closing(query, at, brackets)):
            yield "word", query[at + 1 : end]
            at = end + 1
        else:
            end = at
            while end < len(query) and not query[end].isspace() and query[end] != '"' and (end == at or end not in brackets):
                end += 1
            text = query[at:end]
            operator = normalize("NFKC", text)
            yield (operator, text) if operator in OPERATORS and free else ("word", text)
            at = end


def _opens(query: str, at: int) -> bool:
    """Whether a term may begin here, and this is not the inside of a word."""
    return bool(BEFORE.search(query, max(0, at - 9), at))


def _closing(query: str, at: int, brackets: set[int]) -> int:
    """Return where a “phrase” ends, 0 where what stands here only is a mark of a word: “12348”热线."""
    end = query.find("”", at)
    whole = end > 0 and (end + 1 == len(query) or query[end + 1].isspace() or end + 1 in brackets)
    return end if whole and _opens(query, at) else 0


def _brackets(query: str) -> set[int]:
    """Return where brackets stand that group: in pairs, and free of words on their outer sides. Others are marks."""
    found: set[int] = set()
    stack: list[int] = []
    quoted = False
    for at, character in enumerate(query):
        if character == '"':
            quoted = not quoted
        elif character in OPEN and not quoted:
            stack.append(at)
        elif character in CLOSE and not quoted and stack:
            begin = stack.pop()
            after = query[at + 1 : at + 2]
            if len(stack) < DEPTH and (not after or after.isspace() or after in CLOSE) and _opens(query, begin):
                found |= {begin, at}
    return found


def _operators(items: list[Item]) -> list[Item]:
    """Make words of operators that have nothing to join or to exclude."""
    made = list(items)
    for n in reversed(range(len(made))):  # from the end: whether NOT excludes depends on what follows
        kind, text = made[n]
        follows = made[n + 1][0] if n + 1 < len(made) else ""
        operand = follows in ("word", "(", "NOT", "+", "title")
        if kind in ("NOT", "+", "title") and not operand:
            made[n] = ("word", text or "")
        elif kind in ("AND", "OR") and not (operand and n and made[n - 1][0] in ("word", ")")):
            made[n] = ("word", text)
    return [item for item in made if item != ("word", "")]


def _group(items: Iterator[Item], *, title: bool) -> tuple[Node | None, list[Node]]:
    """Read up to the closing bracket; return what is wanted, and what is excluded where nothing is wanted beside it."""
    clauses: list[Clause] = [([], [])]
    negative, only_title = False, title
    for kind, text in items:
        if kind == ")":
            break
        if kind == "OR":
            clauses.append(([], []))
        elif kind == "NOT":
            negative = not negative
        elif kind == "title":
            only_title = True
        elif kind in ("word", "("):
            wanted: Node | None = Word(text, only_title)
            excluded: list[Node] = []
            if kind == "(":
                wanted, excluded = _group(items, title=only_title)
            if negative and wanted is None and excluded:  # not without them: with one of them
                wanted, excluded = _some(excluded), []
                negative = False
            clauses[-1][negative].extend([wanted] if wanted else [])
            clauses[-1][1].extend(excluded)
            negative, only_title = False, title
    positives = [_but(_every(wanted), excluded) for wanted, excluded in clauses if wanted]
    lifted = [node for wanted, excluded in clauses if not wanted for node in excluded]
    return (_but(_some(positives), lifted), []) if positives else (None, lifted)


def _every(parts: list[Node]) -> Node:
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else Every(distinct)


def _some(parts: list[Node]) -> Node:
    distinct = tuple(dict.fromkeys(parts))
    return distinct[0] if len(distinct) == 1 else Some(distinct)


def _but(wanted: Node, unwanted: list[Node]) -> Node:
    return But(wanted, tuple(dict.fromkeys(unwanted))) if unwanted else wanted


def in_title(node: Node) -> Node:
    """Return the same question asked of titles only."""
    match node:
        case Word():
            return replace(node, title=True)
        case But(wanted, unwanted):
            return But(in_title(wanted), tuple(map(in_title, unwanted)))
        case Every(parts) | Some(parts):
            return type(node)(tuple(map(in_title, parts)))

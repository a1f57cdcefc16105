"""Chinese text for full-text search: folded, cut into tokens, and from a query to FTS5 phrases; pure functions.

The index holds overlapping pairs of characters (复议案 gives 复议 议案 案), so every word of any length is found wherever
it stands, and plain SQLite can read the index. docs/search.md says what readers may expect.
"""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache
from typing import NamedTuple
from unicodedata import normalize

import numpy as np
import numpy.typing as npt

from archive import charmap
from archive.query import But, Every, Node, Some, Word, parse

#: Han, kana and hangul, 々〆〇: what is cut into pairs. Every other letter or digit belongs to a whole word or number.
CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U000323af"
)
LETTER = rf"[^\W_{CJK}]"
#: Marks that people leave out or vary: 双随机、一公开, “12348”热线, 互联网+监管. Stops and line ends are no such marks.
LIGHT = r""" 、“”‘’"'《》〈〉「」『』()【】〔〕\[\]{}+·•・\-–—/&|~_*"""

CHARACTER = re.compile(f"[{CJK}]")
RUN = re.compile(rf"([{CJK}]+)|({LETTER}+)(?=([{CJK}])?)")
#: One to three light marks with Chinese on one side and Chinese, a letter or digit on the other. The first mark stands
#: before the look at what precedes it: so `re` leaps from mark to mark, ten times as fast.
LIGHT_GAP = re.compile(
    rf"[{LIGHT}](?:(?<=[{CJK}].)[{LIGHT}]{{0,2}}(?=[{CJK}]|{LETTER})|(?<={LETTER}.)[{LIGHT}]{{0,2}}(?=[{CJK}]))"
)
#: No letter or digit stands behind it: planes of marks and private characters.
LAST_LETTER = 0x323AF
SPACE = np.uint32(ord(" "))
#: Tokens of a word that are looked for in a text before its own are made.
FIRST = 8


class _Folding(dict[int, str]):
    """Code point -> what search takes it for, character by character, so that a part of a text folds to a part of it."""

    simplified = str.maketrans(charmap.load())

    def __missing__(self, code: int) -> str:
        self[code] = folded = normalize("NFKC", chr(code)).lower().translate(self.simplified)
        return folded


FOLDING = _Folding()
#: Most of a text are characters that stay what they are, and most of the rest these marks: `translate` on a whole text
#: takes five times as long.
_WIDE = {mark: FOLDING[ord(mark)] for mark in "，：；！？（）％"}
_SAME = "".join(chr(code) for code in range(0x4E00, 0xA000) if code not in _Folding.simplified)
_FOLDS = re.compile(rf"[^\n -@\[-~。、“”《》{_SAME}]+")


def normalise_text(text: str) -> str:
    """Return the text as search sees it: NFKC (widths, radicals), lower case, Simplified."""
    for wide, narrow in _WIDE.items():
        text = text.replace(wide, narrow)
    return _FOLDS.sub(lambda found: found[0].translate(FOLDING), text)


def squeezed(text: str) -> str:
    """Return the folded text without the light marks inside of what is searched as one."""
    return LIGHT_GAP.sub("", normalise_text(text))


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Return for every code point whether it is Chinese (2), another letter or digit (1), or parts what stands beside it."""
    characters = "".join(map(chr, range(LAST_LETTER + 1)))
    kinds = np.zeros(0x110000, np.uint8)
    for kind, pattern in ((1, LETTER), (2, f"[{CJK}]")):
        for found in re.finditer(f"{pattern}+", characters):
            kinds[found.start() : found.end()] = kind
    return kinds


def _tokens(squeezed: str) -> str:
    """Return the tokens of a squeezed text: pairs and last character of a Chinese run; words and numbers whole.

    Where Chinese follows a number or word directly, the two meet in one more token: 2023年 gives 2023 3年 年. All characters
    are looked at together, each with the one after it: three times as fast as run by run.
    """
    if not squeezed:
        return ""
    codes = np.frombuffer(squeezed.encode("utf-32-le", "surrogatepass"), np.uint32)
    kinds = _kinds()[codes]
    after, kind_after = np.append(codes[1:], np.uint32(0)), np.append(kinds[1:], np.uint8(0))
    chinese, chinese_after = kinds == 2, kind_after == 2
    word = kinds == 1
    made = np.zeros((len(codes), 5), np.uint32)  # what each character gives, 0 for nothing
    made[:, 0] = codes * (kinds > 0)
    made[:, 1] = after * (chinese & chinese_after) + SPACE * (word & (kind_after != 1))
    made[:, 2] = SPACE * chinese
    if (bridges := np.flatnonzero(word & chinese_after)).size:
        made[bridges, 2], made[bridges, 3], made[bridges, 4] = codes[bridges], after[bridges], SPACE
    flat = made.ravel()
    return flat[flat > 0][:-1].tobytes().decode("utf-32-le", "surrogatepass")


def zh_tokens(text: str) -> str:
    """Return the tokens of a title or text, joined by spaces: what is written into `reports_fts`."""
    return _tokens(squeezed(text))


class Phrase(NamedTuple):
    """A word of a query as the index sees it."""

    run: str  #: the word where it is one run of Chinese, else ""
    tokens: str  #: its tokens, joined by spaces
    prefix: bool  #: the last token is only the beginning of one of the text's


def zh_characters(text: str) -> str:
    """Return the Chinese characters of a text as search sees it, each once, joined by spaces: for `reports_chars`."""
    return " ".join(sorted(character for character in set(squeezed(text)) if CHARACTER.match(character)))


def one_character(query: str) -> bool:
    """Whether a query is a single Chinese character: the beginning of thousands of tokens, looked up in `reports_chars`."""
    node = parsed(query)
    return isinstance(node, Word) and not node.title and CHARACTER.fullmatch(squeezed(node.text)) is not None


@lru_cache(maxsize=256)
def parsed(query: str) -> Node | None:
    """Return what a query asks for; words without a letter or digit are left out."""
    return parse(query, lambda word: RUN.search(normalise_text(word)) is not None)


@lru_cache(maxsize=4096)
def _phrase(word: str) -> Phrase:
    folded = squeezed(word)
    tokens = _tokens(folded).split(" ")
    # The last character of a run is a token only where the text's run ends too: elsewhere it begins a pair.
    prefix = RUN.findall(tokens[-1])[0][0] != ""
    if prefix and len(tokens) > 1 and len(tokens[-2]) == 2 and tokens[-2][1] == tokens[-1]:
        tokens.pop()
        prefix = False
    runs = RUN.findall(folded)
    return Phrase(runs[0][0] if len(runs) == 1 else "", " ".join(tokens), prefix)


def zh_match(query: str, column: str = "") -> str:
    """Return the FTS5 expression for a query; "" in quotes where it names nothing to look for.

    Everything of the user's stands inside quotes and is letters and digits alone, so no query can be a syntax error.

    Args:
        query: as typed, in the language of archive.query.
        column: where the words must occur, a column of reports_fts; "": anywhere. title: words look in titles all the same.
    """
    node = parsed(query)
    return _expression(node, column) if node else '""'


def _expression(node: Node, column: str) -> str:
    match node:
        case Word(text, title):
            phrase = _phrase(text)
            place = "title : " if title else f"{column} : " if column else ""
            return f'{place}"{phrase.tokens}"{" *" * phrase.prefix}'
        case Every(parts):
            return _joined(" " if all(isinstance(part, Word) for part in parts) else " AND ", parts, column)
        case Some(parts):
            return _joined(" OR ", parts, column)
        case But(wanted, unwanted):
            return f"{_part(wanted, column)} NOT {_part(unwanted[0] if len(unwanted) == 1 else Some(unwanted), column)}"


def _joined(operator: str, parts: tuple[Node, ...], column: str) -> str:
    return operator.join(dict.fromkeys(_part(part, column) for part in parts))


def _part(node: Node, column: str) -> str:
    said = _expression(node, column)
    return said if isinstance(node, Word) else f"({said})"


def zh_has(text: str, query: str) -> bool:
    """Whether a text that is not in the index is what a query asks for, by the rules of the index."""
    node = parsed(query)
    return node is not None and _holds(_Text(text), node)


class _Text:
    """A text, and lazily what words are looked for in: most are found, or missed, without its tokens."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def folded(self) -> str:
        return squeezed(self.text)

    @cached_property
    def tokens(self) -> str:
        return f" {_tokens(self.folded)} "


def _holds(text: _Text, node: Node) -> bool:
    match node:
        case Every(parts):
            return all(_holds(text, part) for part in parts)
        case Some(parts):
            return any(_holds(text, part) for part in parts)
        case But(wanted, unwanted):
            return _holds(text, wanted) and not any(_holds(text, part) for part in unwanted)
        case Word(word):
            phrase = _phrase(word)
            if phrase.run:  # folding leaves what is folded, so a word may be found in the text as it is
                return phrase.run in text.text or phrase.run in text.folded
            if not all(token in text.folded for token in phrase.tokens.split(" ", FIRST)[:FIRST]):
                return False  # most texts: making the tokens of a text takes ten times as long
            return f" {phrase.tokens}{'' if phrase.prefix else ' '}" in text.tokens

"""Residue: what converters leave inside genuine lines. The token goes, the line stays, and a quality flag says so."""

from __future__ import annotations

import re

_WORD = re.compile(
    r"\[(?:bookmark|image):[^\[\]\n]{0,200}\]|(?<![A-Za-z])(?:HYPERLINK\s+(?:\\l\s+)?[\"“][^\"”\n]{0,300}[\"”](?:\s*\\[a-z])*|PAGEREF\s+_?\w+(?:\s*\\[a-z])*"
    r"|TOC\s+\\[a-z](?:\s*(?:\"[^\"\n]{0,20}\"|\\[a-z]))*|(?:SHAPE|PAGE|NUMPAGES)\s*\\\*\s*MERGEFORMAT|EMBED\s+[A-Z]\w+(?:\.\w+)*)"
    r"|</?o:p\s*/?>|&lt;/?o:p&gt;|<!--\[if[^\]]{0,80}\]>|<!\[endif\]-->",
)
#: A few question marks in a row are emphasis, where the sentence asks; this many never are.
_LOST_SPACES = re.compile(r"\?{3,}")
_ASKING = re.compile(r"[吗呢么何谁哪啥什怎几否][^。！；]{0,6}$")
_ALWAYS = 8
_ASKED_IN, _NESTED = 8, 20


def remove_residue(line: str) -> tuple[str, str]:
    """Return a line without residue, and the flag that names the repair, "" where nothing was removed."""
    flag = ""
    if "[" in line or "\\" in line or "HYPERLINK" in line or "EMBED" in line or "<" in line or "PAGEREF" in line:
        for _ in range(_NESTED):  # one that is taken out may lay another bare
            line, count = _WORD.subn("", line)
            if not count:
                break
            flag = "bookmark_residue"
    if "???" in line:
        shorter = _LOST_SPACES.sub(lambda match: _spaces(match, line), line)
        if shorter != line:
            return shorter.strip(), "question_marks"
    return line.strip(), flag


def _spaces(match: re.Match[str], line: str) -> str:
    if len(match[0]) < _ALWAYS and _ASKING.search(line[max(0, match.start() - _ASKED_IN) : match.start()]):
        return match[0]
    return " " if match.start() > 0 and match.end() < len(line) else ""

"""What scripts write into a page while it loads, put where they write it: document.writeln lists (field-notes 2.4)."""

from __future__ import annotations

import re

_SCRIPT = re.compile(r"<script\b[^>]*>(?P<code>.*?)</script\s*>", re.I | re.S)
_COMMENT = re.compile(r"^\s*//.*$", re.M)
_STRING = r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
_PART = rf"(?:{_STRING}|[A-Za-z_$][\w$]*(?:\.\w+)*(?:\([^()'\"]*\))?|\d+)"
_SUM = rf"{_PART}(?:\s*\+\s*{_PART})*"
#: A variable that is given a value, or a text that is written; whatever else a script does is passed over.
_STEP = re.compile(
    rf"document\.write(?:ln)?\s*\(\s*(?P<shown>{_SUM})\s*\)|(?<![\w.$])(?P<name>[A-Za-z_$][\w$]*)\s*=(?!=)\s*(?P<value>{_SUM})"
)
_TOKEN = re.compile(rf"(?P<string>{_STRING})|(?P<name>[A-Za-z_$][\w$]*)(?:\.\w+)*(?:\([^()'\"]*\))?")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.S)
_LINK = re.compile(r"<a\b", re.I)


def with_written(text: str) -> str:
    """Return the page with the markup that each of its scripts writes behind that script, where it holds a link.

    Strings, variables and + are understood; branches are taken and loops passed once, as the lists of TRS need no more.
    """
    return _SCRIPT.sub(_add, text)


def _add(script: re.Match[str]) -> str:
    shown = written(script["code"]) if "document.write" in script["code"] else ""
    return script[0] + (_SCRIPT.sub("", shown) if _LINK.search(shown) else "")


def written(code: str) -> str:
    """Return what a script writes into its page."""
    values: dict[str, str] = {}
    shown = []
    for step in _STEP.finditer(_COMMENT.sub("", code)):
        if step["shown"]:
            shown.append(_value(step["shown"], values))
        elif value := _value(step["value"], values):  # an empty text only makes the variable known
            values[step["name"]] = value
    return "\n".join(shown)


def _value(parts: str, values: dict[str, str]) -> str:
    return "".join(
        _ESCAPE.sub(_unescaped, token["string"][1:-1]) if token["string"] else values.get(token["name"], "")
        for token in _TOKEN.finditer(parts)
    )


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else {"n": "\n", "t": "\t", "r": ""}.get(found[3], found[3])

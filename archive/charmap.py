"""The 1:1 map from Traditional to Simplified characters that search folds by; it is made by OpenCC once and shipped.

OpenCC itself is not used when searching: it converts a word differently in and out of context, and then a part of a text
would not be found in the text. To make the map again: python -m archive.charmap
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from unicodedata import normalize

PATH = Path(__file__).with_name("data") / "charmap.json"

#: OpenCC's configurations, applied one after the other.
CONFIGURATIONS = ("t2s", "tw2s", "hk2s")
#: Han characters: extension A, the main block, and the supplementary planes.
HAN = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x323B0))


def load(path: Path = PATH) -> dict[str, str]:
    """Return the shipped map: one Traditional or variant character -> its Simplified one."""
    pairs: dict[str, str] = json.loads(path.read_text("utf-8"))
    return pairs


def generate(blocks: Iterable[range] = HAN) -> dict[str, str]:
    """Make the map from OpenCC, character by character.

    Compatibility characters are left out: search applies NFKC first, so they never come this far.
    """
    from opencc import OpenCC

    converters = [OpenCC(name) for name in CONFIGURATIONS]
    pairs = {}
    for character in (chr(code) for block in blocks for code in block):
        simplified = character
        for converter in converters:
            simplified = converter.convert(simplified)
        if simplified != character and len(simplified) == 1 and normalize("NFKC", character) == character:
            pairs[character] = simplified
    return pairs


if __name__ == "__main__":
    PATH.write_text(json.dumps(generate(), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")

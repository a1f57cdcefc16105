"""Charset: which encoding the bytes are really in, whatever the header and the page say."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
_IN_PAGE = re.compile(
    rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I
)
#: The page's label is looked for this far; the standard says 1024 bytes, pages with scripts before their meta tags do not care.
_META_BYTES = 32_768
_DETECTED_BYTES = 500_000
#: Labels of the WHATWG Encoding Standard whose meaning on the web is not Python's: every gb* label is the gb18030 decoder.
_ON_THE_WEB = (
    (re.compile(r"(?:x-)?(?:gb.*|csgb.*|chinese|cp936|ms936|windows-936|iso-ir-58|euc-cn)"), "gb18030"),
    (re.compile(r"(?:x-x-)?(?:cn-)?big5.*"), "big5hkscs"),
    (re.compile(r"iso-?8859-?1|l(?:atin)?-?1|us-ascii|ascii|cp1252|x-cp1252|windows-1252"), "cp1252"),
)
#: A label of this codec says nothing on a Chinese page: servers send it when nobody set any.
_NO_NEWS = "cp1252"
#: Codecs of Python for text that no page is written in.
_NO_CHARSETS = frozenset(
    {"idna", "punycode", "undefined", "unicode-escape", "unicode_escape", "raw-unicode-escape", "utf-7", "charmap"}
)
_PRIVATE, _PRIVATE_PER = re.compile("[\ue000-\uf8ff]"), 50
#: A text with fewer good multi-byte sequences than this for each bad one is not UTF-8 with a few broken bytes.
_GOOD_PER_BAD = 20


@dataclass
class Decoded:
    """The text of a page and how it was read."""

    text: str
    declared: str | None  #: the label of the header, else that of the page
    used: str  #: the name of Python's codec
    flags: list[str] = field(default_factory=list)


def codec_of(label: str) -> str | None:
    """Return the codec that a label means on the web, or None for a label nobody knows."""
    label = label.strip().lower()
    for pattern, codec in _ON_THE_WEB:
        if pattern.fullmatch(label):
            return codec
    try:
        b"  ".decode(label, "ignore")  # what is no charset at all (hex, rot13, zlib) is refused
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return name if name not in _NO_CHARSETS else None


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode bytes in the order BOM, strict UTF-8, header, meta, detector.

    A UTF-16 label without BOM or NUL bytes is ignored, and so is any label that does not fit the bytes. Bytes that fit nothing
    become U+FFFD.
    """
    header = _IN_HEADER.search(content_type)
    page = _IN_PAGE.search(body[:_META_BYTES].replace(b"\0", b""))
    labels = [header[1]] if header else []
    labels += [(page[1] or page[2]).decode("ascii", "replace")] if page else []
    text, used = _read(body, [codec for label in labels if (codec := codec_of(label))])
    flags = []
    if labels and not text.isascii() and codec_of(labels[0]) != used:
        flags.append("charset_mislabelled")
    return Decoded(text.removeprefix("\ufeff"), labels[0].lower() if labels else None, used, flags)


def _read(body: bytes, declared: list[str]) -> tuple[str, str]:
    for bom, codec in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(codec, "replace"), codec
    if wide := _wide(body):
        return body.decode(wide, "replace"), wide
    wanted = [codec for codec in declared if codec != _NO_NEWS and not codec.startswith(("utf-16", "utf-32"))]
    strict = [(_strictly, codec) for codec in wanted]
    lenient = [(_nearly, codec) for codec in wanted]
    for read, codec in ((_strictly, "utf-8"), (_nearly, "utf-8"), *strict, *lenient):
        found = read(body, codec)
        if found is not None and codec == "gb18030" and _is_private(found) and (other := _strictly(body, "big5hkscs")):
            return other, "big5hkscs"  # nearly every Big5 text is one of GB18030 too, of characters that nobody has
        if found is not None:
            return found, codec
    return _detected(body)


def _is_private(text: str) -> bool:
    """Say whether many characters are of the private use area, where GB18030 keeps what it has no characters for."""
    private = len(_PRIVATE.findall(text))
    return private * _PRIVATE_PER > len(text) - len(text.encode("ascii", "ignore"))


def _detected(body: bytes) -> tuple[str, str]:
    from charset_normalizer import from_bytes

    # The whole body in one chunk: on samples it finds nothing for half the GBK pages. Only what is longer than any page is cut.
    sample = body[:_DETECTED_BYTES]
    best = from_bytes(sample, steps=1, chunk_size=len(sample), cp_isolation=["gb18030", "big5hkscs", "cp1252"]).best()
    if best is not None and best.encoding in ("gb18030", "big5hkscs"):
        return body.decode(best.encoding, "replace"), best.encoding
    codecs_left = ("gb18030", "utf-8", "big5hkscs")
    used = min(codecs_left, key=lambda codec: body.decode(codec, "replace").count("\ufffd"))
    return body.decode(used, "replace"), used


def _strictly(body: bytes, codec: str) -> str | None:
    """Decode without any error but a last character that was cut off."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        return decoder.decode(body)
    except UnicodeDecodeError:
        return None


def _nearly(body: bytes, codec: str) -> str | None:
    """Decode with a few broken bytes, which become U+FFFD."""
    if len(body) > _DETECTED_BYTES and _nearly(body[:_DETECTED_BYTES], codec) is None:
        return None
    text = body.decode(codec, "replace")
    broken = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", "ignore")) - broken
    return text if good > _GOOD_PER_BAD * broken else None


def _wide(body: bytes) -> str | None:
    """Recognise UTF-16 without a BOM by the NUL bytes that its ASCII characters leave on one side."""
    sample = body[:4096]
    if sample.count(0) < len(sample) / 20 or len(sample) < 4:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"

"""What reading an attachment gives: a Reading, or the exception that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(kw_only=True)
class Reading:
    """The text of an attachment, one paragraph a line and table cells separated by TAB, or the problem with it."""

    text: str = ""
    flags: list[str] = field(default_factory=list)  #: of QUALITY_FLAGS
    problem: str = ""  #: "" or unreadable, unsupported_format, needs_ocr, needs_converter, empty_body
    detail: str = ""  #: the error, for people


class Unreadable(Exception):
    """The bytes are not what they claim to be; the message says what is wrong."""

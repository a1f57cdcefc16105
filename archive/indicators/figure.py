"""Figure: one number of a report with what it counts and the sentence it stands in."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number of the text. Offsets count characters of the text."""

    name: str  #: one of RULES
    value: float  #: a plain number in the unit: 1.61万件 is 16100
    unit: str  #: as printed; shares in %
    sentence: str  #: as it stands in the text
    start: int  #: of the number as printed, 万 included where it multiplies
    end: int
    confidence: float  #: 0 to 1

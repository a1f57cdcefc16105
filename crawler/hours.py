"""Hours: requests only at the hours of the day that a run is allowed (OFF_HOURS), by the clocks of China."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import call_later

from cleaning.dates import CHINA

logger = logging.getLogger(__name__)
_HOURS = re.compile(r"([01]?\d|2[0-4])-([01]?\d|2[0-4])")
#: Seconds between two looks at the clock.
_LOOK = 30.0


def allowed(hours: str, hour: int) -> bool:
    """Tell whether requests may be made at an hour of the day (0 to 23).

    Args:
        hours: FROM-TO, over midnight where TO is not later: 20-7 is from eight in the evening to seven in the morning.
        hour: the hour that it is.

    Raises:
        ValueError: `hours` is no such span.
    """
    match = _HOURS.fullmatch(hours.strip())
    if not match:
        raise ValueError(f"OFF_HOURS {hours!r} must be FROM-TO in hours, as in 20-7")
    begin, end = int(match[1]), int(match[2])
    return begin <= hour < end if begin < end else hour >= begin or hour < end


class OffHours:
    """Pauses the engine outside of the hours, and lets it go on."""

    def __init__(self, crawler: Crawler, hours: str) -> None:
        self.crawler, self.hours, self.paused, self.over = crawler, hours, False, False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension.

        Raises:
            NotConfigured: OFF_HOURS is not set: any hour is right.
            ValueError: it is no span of hours.
        """
        hours = str(crawler.settings.get("OFF_HOURS") or "")
        if not hours:
            raise NotConfigured
        allowed(hours, 0)
        extension = cls(crawler, hours)
        crawler.signals.connect(extension.look, signal=signals.spider_opened)
        crawler.signals.connect(extension.stop, signal=signals.spider_closed)
        return extension

    def look(self) -> None:
        """Pause or go on as the clock says, and look again in a while."""
        if self.over or not self.crawler.engine:
            return
        may = allowed(self.hours, datetime.now(CHINA).hour)
        if may == self.paused:
            self.paused = not may
            (self.crawler.engine.unpause if may else self.crawler.engine.pause)()
            logger.warning("%s: the hours are %s", "going on" if may else "pausing", self.hours)
        call_later(_LOOK, self.look)

    def stop(self) -> None:
        """Look no more: the run has ended."""
        self.over = True

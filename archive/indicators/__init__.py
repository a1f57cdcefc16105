"""Indicators: the figures that evaluators copy by hand, each with its sentence; precise rather than complete."""

from archive.indicators.figure import Figure
from archive.indicators.reader import indicators
from archive.indicators.rules import RULES

__all__ = ["RULES", "Figure", "indicators"]

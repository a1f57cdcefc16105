"""Attachments: what a file is, told by its bytes, and its text, read in a child process with limits."""

from cleaning.attachments.child import read
from cleaning.attachments.reading import Reading
from cleaning.attachments.sniffing import sniff

__all__ = ["Reading", "read", "sniff"]

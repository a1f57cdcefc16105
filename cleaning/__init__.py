"""Cleaning: the bytes of a page or attachment in, a Document out; no network, no clock, no writing.

>>> from cleaning import clean
>>> page = "<h1>甲县2023年法治政府建设情况报告</h1><p>2023年，甲县……</p>".encode()
>>> clean(page, url="http://www.jia.example/a.html").report_year
2023
"""

from cleaning.cleaner import clean
from cleaning.document import CLEANER_VERSION, Attachment, Document, Dropped, Section

__all__ = ["CLEANER_VERSION", "Attachment", "Document", "Dropped", "Section", "clean"]

"""Zip members with limits, and XML without entities: what docx and ofd stand on."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO

from lxml import etree

from cleaning.attachments.reading import Unreadable

MAX_MEMBERS = 2_000
MAX_MEMBER_BYTES = 50_000_000
MAX_TOTAL_BYTES = 200_000_000
#: A document that only repeats itself packs well too; below this size a file is no bomb, however well it packs.
MAX_RATIO, RATIO_FROM = 200, 30_000_000

#: What reading a damaged zip file may end in: an encrypted member, or a method nobody knows, is a RuntimeError.
DAMAGED = (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError, EOFError)


class Zip:
    """A zip file whose members are read one by one, counted while they are inflated."""

    def __init__(self, body: bytes) -> None:
        """Open it.

        Raises:
            Unreadable: it is cut short, damaged, encrypted, or larger inside than any honest document.
        """
        try:
            self._archive = zipfile.ZipFile(BytesIO(body))
        except DAMAGED as error:
            raise Unreadable(f"the file is cut short or damaged ({error})") from None
        infos = self._archive.infolist()
        total = sum(info.file_size for info in infos)
        if len(infos) > MAX_MEMBERS or total > MAX_TOTAL_BYTES or total > max(RATIO_FROM, MAX_RATIO * len(body)):
            raise Unreadable(f"{len(infos)} members of {total} bytes in {len(body)}: a zip bomb")
        self.names = {info.filename.lstrip("/"): info.filename for info in infos}

    def read(self, name: str) -> bytes:
        """Return a member's bytes; b"" where there is no such member.

        Raises:
            Unreadable: it is damaged or too large.
        """
        if name.lstrip("/") not in self.names:
            return b""
        try:
            with self._archive.open(self.names[name.lstrip("/")]) as member:
                content = member.read(MAX_MEMBER_BYTES + 1)
        except DAMAGED as error:
            raise Unreadable(f"{name} cannot be inflated ({error})") from None
        if len(content) > MAX_MEMBER_BYTES:
            raise Unreadable(f"{name} is larger than {MAX_MEMBER_BYTES} bytes")
        return content

    def xml(self, name: str) -> etree._Element | None:
        """Return a member's root element; None where there is no such member.

        Raises:
            Unreadable: it is no XML, nests deeper than 256, or declares a DOCTYPE (no office program writes one).
        """
        content = self.read(name)
        if not content:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise Unreadable(f"{name} is no XML ({error})") from None
        if b"<!DOCTYPE" in content[:4096]:
            raise Unreadable(f"{name} declares a DOCTYPE")
        return root


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str:
    """Return an attribute by its local name, or ""."""
    if element is None:
        return ""
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), "")


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """Follow local names downwards and return the element there, or None."""
    for name in path:
        if element is None:
            return None
        element = next((below for below in element if local(below) == name), None)
    return element

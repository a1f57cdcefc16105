"""The child process that reads one attachment: `python -m cleaning.attachments KIND < FILE` prints a Reading as JSON."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict

from cleaning.attachments.reading import Reading, Unreadable

#: Measured: bombs die in 2 s at these limits, ordinary files need 0.2 s and 60 MB.
MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
MAX_CHARACTERS = 5_000_000


def reader(kind: str) -> Callable[[bytes], Reading]:
    """Return the function that reads files of a kind; imported when needed."""
    match kind:
        case "docx":
            from cleaning.attachments.docx import read_docx as chosen
        case "doc":
            from cleaning.attachments.doc import read_doc as chosen
        case "pdf":
            from cleaning.attachments.pdf import read_pdf as chosen
        case "ofd":
            from cleaning.attachments.ofd import read_ofd as chosen
        case _:
            raise ValueError(f"no reader for {kind}")
    return chosen


def main() -> None:
    """Read a file from standard input and print its Reading."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    kind = sys.argv[1]
    try:
        reading = reader(kind)(sys.stdin.buffer.read())
    except (Unreadable, MemoryError, RecursionError) as error:
        reading = Reading(problem="unreadable", detail=f"{kind}: {str(error) or type(error).__name__}")
    if len(reading.text) > MAX_CHARACTERS:
        reading.text = reading.text[:MAX_CHARACTERS]
        reading.flags.append("truncated")
    json.dump(asdict(reading), sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()

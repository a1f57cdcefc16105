"""Reading an attachment in a child process with limits, so that a hostile file costs a line and never a crawl.

The child (`__main__.py`) limits its own memory and CPU; this side limits the time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from cleaning.attachments.reading import Reading

WALL_SECONDS = 30
#: Kinds nobody here reads -> the problem they are.
UNREAD = {"rtf": "needs_converter", "odt": "needs_converter", "image": "needs_ocr", "empty": "empty_body"}
READERS = ("docx", "doc", "pdf", "ofd")


def read(body: bytes, kind: str) -> Reading:
    """Return the text of an attachment of that kind (see `sniff`). Never raises on content.

    Args:
        body: the file's bytes.
        kind: docx, doc, pdf or ofd are read; every other kind is a problem of its own.
    """
    if kind not in READERS:
        return Reading(problem=UNREAD.get(kind, "unsupported_format"), detail=kind)
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-m", "cleaning.attachments", kind]
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(command, input=body, capture_output=True, timeout=WALL_SECONDS, env=environment, check=False)
    except subprocess.TimeoutExpired:
        return Reading(problem="unreadable", detail=f"{kind}: took longer than {WALL_SECONDS} s")
    try:
        return Reading(**json.loads(done.stdout))
    except (ValueError, TypeError):
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = lines[-1][:200] if lines else f"the reader was stopped (signal or limit, code {done.returncode})"
        return Reading(problem="unreadable", detail=f"{kind}: {reason}")

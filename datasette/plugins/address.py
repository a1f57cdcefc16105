"""Whole addresses of our pages, for link previews and examples, and the address to which readers may write."""

import os
from collections.abc import Callable
from typing import Any

from datasette import hookimpl


@hookimpl
def extra_template_vars(request: Any, datasette: Any) -> dict[str, Any]:
    def absolute(path: str) -> str:
        return str(datasette.absolute_url(request, path)) if request else path

    whole: Callable[[str], str] = absolute
    return {"absolute": whole, "contact": os.environ.get("FAZHI_CONTACT", "").strip()}

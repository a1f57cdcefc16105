"""Behind a path prefix (the setting base_url), whether the proxy passes the prefix on or takes it off.

Datasette routes a prefixed path, but then puts the prefix before its links to JSON, CSV and facets a second time.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl

App = Callable[..., Awaitable[None]]


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        prefix = datasette.setting("base_url").rstrip("/")

        async def without_prefix(scope: dict[str, Any], receive: Any, send: Any) -> None:
            path = scope.get("path") or ""
            raw = (scope.get("raw_path") or path.encode()).decode("latin-1")
            # A path that ends in a slash is left for Datasette to redirect: the new address needs the prefix.
            if prefix and raw.startswith(f"{prefix}/") and (raw == f"{prefix}/" or not raw.partition("?")[0].endswith("/")):
                scope = {**scope, "path": path[len(prefix) :], "raw_path": raw[len(prefix) :].encode("latin-1")}
            await app(scope, receive, send)

        return without_prefix

    return wrap

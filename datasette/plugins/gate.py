"""What the site does not answer: methods that write, addresses too long to repeat in headers, and pages about the server."""

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Forbidden, Response, hookimpl

App = Callable[..., Awaitable[None]]

#: Longest query string, bytes. Datasette repeats the address in a header, and clients take headers up to 65,536 bytes.
LONGEST = 20_000
#: Pages of Datasette about the machine it runs on (paths, threads) and for those who develop it.
INWARD = r"^/-/(databases|threads|patterns|messages|allow-debug)(\.json)?$"


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(INWARD, inward)]


async def inward() -> Response:
    """Refuse: these pages are for whoever runs the server."""
    raise Forbidden("本站不公开这一页。")


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        async def gated(scope: dict[str, Any], receive: Any, send: Any) -> None:
            refusal = refused(scope) if scope["type"] == "http" else None
            if refusal is None:
                return await app(scope, receive, send)
            status, sentence = refusal
            page = await datasette.render_template("error.html", {"status": status, "error": sentence})
            headers = {"allow": "GET, HEAD, OPTIONS"} if status == 405 else {}
            await Response.html(page, status=status, headers=headers).asgi_send(send)

        return gated

    return wrap


def refused(scope: dict[str, Any]) -> tuple[int, str] | None:
    """Return status and reason where a request is not answered. Pages under /-/ (a plugin's log-in) may be posted to."""
    method, length = scope["method"], len(scope.get("query_string") or b"")
    if method not in ("GET", "HEAD", "OPTIONS") and not (method == "POST" and "/-/" in scope["path"]):
        return 405, f"本站只供阅读，不接受 {method[:20]}。"
    if length > LONGEST:
        return 400, f"地址太长（参数有 {length:,} 字节，最多 {LONGEST:,}），请缩短检索词。"
    return None

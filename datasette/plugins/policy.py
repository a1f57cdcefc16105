"""What a browser may do with our pages: run and style by our own files only, load nothing from elsewhere, sit in no frame.

Pages that stay Datasette's own hold scripts and styles. Their templates get a nonce when they are compiled: what the source
of a template says is trusted, what data brings into a page never is.
"""

import re
import secrets
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Any

from datasette import hookimpl
from jinja2.ext import Extension

#: {} takes the nonce, where a page has one.
POLICY = (
    "default-src 'none'; script-src 'self'{0}; style-src 'self'{0}; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
OTHERS = {b"x-content-type-options": b"nosniff", b"referrer-policy": b"same-origin"}
#: Where a script or style begins in the source of a template; a script that is a file needs no nonce.
BEGINS = re.compile(r"<(script|style)(?![^>]*\bsrc=)(?=[\s>{])", re.I)

App = Callable[..., Awaitable[None]]


class Nonce:
    """The nonce of an answer, made when a template first asks for it."""

    value = ""

    def __str__(self) -> str:
        self.value = self.value or secrets.token_urlsafe(16)
        return self.value


NONCE = ContextVar("nonce", default=Nonce())  # noqa: B039 (pages made outside of a request have one that no header repeats)


class WithNonce(Extension):
    """Puts the nonce into every inline script and style of a template."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Return the source of a template with nonces."""
        return BEGINS.sub(r'<\1 nonce="{{ nonce() }}"', source)


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.add_extension(WithNonce)
    env.globals["nonce"] = lambda: str(NONCE.get())


@hookimpl(trylast=True)  # outermost, so that refusals of other plugins have the headers too
def asgi_wrapper() -> Callable[[App], App]:
    def wrap(app: App) -> App:
        async def bound(scope: dict[str, Any], receive: Any, send: Any) -> None:
            nonce = Nonce()
            NONCE.set(nonce)

            async def with_headers(message: dict[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    policy = POLICY.format(f" 'nonce-{nonce.value}'" if nonce.value else "")
                    kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in OTHERS]
                    # A page that has a policy of its own has both: browsers do what all of them allow.
                    ours = [*OTHERS.items(), (b"content-security-policy", policy.encode())]
                    message = {**message, "headers": [*kept, *ours]}
                await send(message)

            await app(scope, receive, with_headers)

        return bound

    return wrap

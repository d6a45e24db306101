"""The web application: the API, the MCP tools and the page over one asker, behind one guard."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.responses import Response
from mcp.server.transport_security import TransportSecuritySettings

from rag_commons import __version__
from rag_commons.server.api import Api
from rag_commons.server.failures import add_failures, refusal
from rag_commons.server.guard import LARGEST_BODY, Guard
from rag_commons.server.guide import add_guides
from rag_commons.server.password import Password
from rag_commons.server.rate import Rate
from rag_commons.server.tools import Tools
from rag_commons.server.wording import say
from rag_commons.ui.asker import Asker
from rag_commons.ui.mounting import mount_page
from rag_commons.ui.page import Setting


def application(asker: Asker, setting: Setting, host: str = "127.0.0.1", password: str | None = None, rate: int | None = None) -> FastAPI:
    """Return everything that `rag-commons serve` serves; `rate` is requests a minute for a client, None for no limit."""
    app = build_app(asker)
    app.add_middleware(Guard, host=host, password=Password(password) if password else None, rate=Rate(rate) if rate else None)
    # last, since the page answers every address that nothing else does
    mount_page(app, asker, setting)
    return app


def build_app(asker: Asker) -> FastAPI:
    """Return the API under `/api` and the MCP tools at `/mcp`, without page or guard."""
    tools = Tools(asker).server()
    # each call stands alone: no session to hold, to lose or to guess; the guard checks hosts and sizes
    mounted = tools.streamable_http_app(
        streamable_http_path="/mcp",
        stateless_http=True,
        json_response=True,
        max_request_body_size=LARGEST_BODY,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with tools.session_manager.run():
            yield

    app = FastAPI(
        title="rag-commons",
        version=__version__,
        description=say("about", "fr"),
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        license_info={"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/fr/"},
    )
    add_failures(app)
    # before the API, which refuses every address under `/api` that is not its own
    add_guides(app)
    app.include_router(Api(asker).router())

    @app.api_route("/mcp", methods=["GET", "DELETE"], include_in_schema=False)
    def no_session() -> Response:
        # the tools never speak first: an open stream would wait for nothing
        return refusal(405, "a POST", "another method", "send each message by POST", {"allow": "POST"})

    app.router.routes.extend(mounted.routes)
    return app

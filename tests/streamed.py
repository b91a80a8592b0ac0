"""A transport that answers from a function, with bodies that arrive as from a network."""

from __future__ import annotations

import httpx


class Streamed(httpx.MockTransport):
    """Unlike httpx's own, it leaves the body to be read by whom it is for."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await super().handle_async_request(request)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))

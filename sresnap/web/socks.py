"""Connections through a SOCKS5 proxy (RFC 1928, and RFC 1929 for its login). socksio knows the messages.

httpx's own way through such a proxy waits for it without a limit, and leaves the connection open when it refuses.
"""

from __future__ import annotations

import functools
from collections.abc import Generator, Iterable
from typing import Any

import httpcore
from socksio import ProtocolError, socks5

_LONGEST_REPLY = 512
_LONGEST_HOST = 255
_LOGIN, _NO_LOGIN = socks5.SOCKS5AuthMethod.USERNAME_PASSWORD, socks5.SOCKS5AuthMethod.NO_AUTH_REQUIRED
_Login = tuple[str, str] | None


class SocksBackend(httpcore.NetworkBackend):
    """Opens connections of a client that waits."""

    def __init__(self, host: str, port: int, login: _Login) -> None:
        """Take the proxy's address."""
        self._proxy = (host, port)
        self._login = login
        self._below = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._below.connect_tcp(*self._proxy, timeout, local_address, socket_options)
        steps = _steps(host, port, self._login)
        try:
            message = next(steps)
            while True:
                stream.write(message, timeout)
                message = steps.send(stream.read(_LONGEST_REPLY, timeout))
        except StopIteration:
            return stream
        except BaseException as error:  # noqa: BLE001 - raised again
            stream.close()
            raise _fault(error) from None


class AsyncSocksBackend(httpcore.AsyncNetworkBackend):
    """Opens connections of a client with many requests at a time."""

    def __init__(self, host: str, port: int, login: _Login) -> None:
        """Take the proxy's address."""
        self._proxy = (host, port)
        self._login = login

    @functools.cached_property
    def _below(self) -> httpcore.AsyncNetworkBackend:
        return httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        stream = await self._below.connect_tcp(*self._proxy, timeout, local_address, socket_options)
        steps = _steps(host, port, self._login)
        try:
            message = next(steps)
            while True:
                await stream.write(message, timeout)
                message = steps.send(await stream.read(_LONGEST_REPLY, timeout))
        except StopIteration:
            return stream
        except BaseException as error:  # noqa: BLE001 - raised again
            await stream.aclose()
            raise _fault(error) from None


def _steps(host: str, port: int, login: _Login) -> Generator[bytes, bytes, None]:
    """The messages to send; each gets the proxy's reply."""
    connection = socks5.SOCKS5Connection()
    method = _NO_LOGIN if login is None else _LOGIN
    connection.send(socks5.SOCKS5AuthMethodsRequest([method]))
    reply = connection.receive_data((yield connection.data_to_send()))
    if not isinstance(reply, socks5.SOCKS5AuthReply) or reply.method != method:
        raise httpcore.ProxyError("it wants a login" if login is None else "it takes no login of user and password")
    if login is not None:
        connection.send(socks5.SOCKS5UsernamePasswordRequest(login[0].encode(), login[1].encode()))
        reply = connection.receive_data((yield connection.data_to_send()))
        if not isinstance(reply, socks5.SOCKS5UsernamePasswordReply) or not reply.success:
            raise httpcore.ProxyError("it refuses the login")
    if len(host) > _LONGEST_HOST:
        raise httpcore.ProxyError("it takes no host name of that length")
    connection.send(socks5.SOCKS5CommandRequest.from_address(socks5.SOCKS5Command.CONNECT, (host, port)))
    reply = connection.receive_data((yield connection.data_to_send()))
    if not isinstance(reply, socks5.SOCKS5Reply) or reply.reply_code != socks5.SOCKS5ReplyCode.SUCCEEDED:
        code = reply.reply_code.name if isinstance(reply, socks5.SOCKS5Reply) else "no reply"
        raise httpcore.ProxyError(f"it cannot connect to that host ({code.replace('_', ' ').lower()})")


def _fault(error: BaseException) -> BaseException:
    """What went wrong, in words of our own."""
    match error:
        case httpcore.TimeoutException():
            return httpcore.ProxyError("it does not answer in time")
        case httpcore.NetworkError():
            return httpcore.ProxyError("it ended the connection")
        case ProtocolError() | ValueError() | IndexError():
            return httpcore.ProxyError("its answer is not SOCKS5")
    return error

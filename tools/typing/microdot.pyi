"""The part of microdot 2.7 that the firmware uses. Its own annotations lack streamed bodies and
need CPython's streams."""

from collections.abc import Callable
from typing import Any, TypeVar

from contracts import Client

_Handler = TypeVar("_Handler", bound=Callable[..., Any])

class Request:
    max_body_length: int
    max_content_length: int
    method: str
    path: str
    args: dict[str, str]
    url_args: dict[str, str]
    headers: dict[str, str]
    content_length: int
    stream: Client
    @staticmethod
    async def create(
        app: Microdot, client_reader: Client, client_writer: Client, client_addr: None
    ) -> Request | None: ...

class Response:
    status_code: int
    headers: dict[str, str]
    is_head: bool
    body: Any  # bytes, an open file, or an iterator of str
    def __init__(
        self, body: object = "", status_code: int = 200, headers: dict[str, str] | None = None
    ) -> None: ...
    def complete(self) -> None: ...

class Microdot:
    def __init__(self) -> None: ...
    def errorhandler(
        self, status_code_or_exception_class: int | type[Exception]
    ) -> Callable[[_Handler], _Handler]: ...
    def find_route(self, req: Request) -> tuple[Any, str, None]: ...
    async def dispatch_request(self, req: Request) -> Response: ...

"""microdot 2.7, as far as the firmware uses it. Its own annotations know no streamed bodies, and
take CPython's streams for granted."""

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

from web.connection import Connection

_Handler = TypeVar("_Handler", bound=Callable[..., Any])

class Request:
    max_body_length: int
    max_content_length: int
    method: str
    path: str
    args: dict[str, str]
    headers: dict[str, str]
    content_length: int
    body: bytes
    form: dict[str, str] | None
    stream: Connection
    @staticmethod
    async def create(
        app: Microdot, client_reader: Connection, client_writer: Connection, client_addr: None
    ) -> Request | None: ...

class Response:
    send_file_buffer_size: int
    status_code: int
    headers: dict[str, str]
    is_head: bool
    body: Any  # bytes, an open file, an iterator of str, or an asynchronous one of iterables
    def __init__(
        self, body: object = "", status_code: int = 200, headers: dict[str, str] | None = None
    ) -> None: ...
    def complete(self) -> None: ...

class Microdot:
    def __init__(self) -> None: ...
    def get(self, url_pattern: str) -> Callable[[_Handler], _Handler]: ...
    def post(self, url_pattern: str) -> Callable[[_Handler], _Handler]: ...
    def before_request(self, f: _Handler) -> _Handler: ...
    def errorhandler(
        self, status_code_or_exception_class: int | type[Exception]
    ) -> Callable[[_Handler], _Handler]: ...
    async def dispatch_request(self, req: Request) -> Response: ...

def abort(status_code: int, reason: str | None = None) -> NoReturn: ...

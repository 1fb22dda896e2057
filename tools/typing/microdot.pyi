"""The part of microdot 2.7 that the firmware uses. Its own annotations lack streamed bodies and
need CPython's streams."""

from typing import Any

from contracts import Client

class Request:
    max_body_length: int
    method: str
    path: str
    args: dict[str, str]
    headers: dict[str, str]
    content_length: int
    stream: Client
    @staticmethod
    async def create(
        app: None, client_reader: Client, client_writer: Client, client_addr: None
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

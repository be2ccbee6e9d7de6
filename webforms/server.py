"""waitress, so that it keeps the site's promises too: bodies in memory, our headers on its own error pages, quiet logs."""

from functools import partial
from typing import TYPE_CHECKING, Any

from waitress.adjustments import Adjustments  # type: ignore[import-untyped]
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.parser import HTTPRequestParser  # type: ignore[import-untyped]
from waitress.server import TcpWSGIServer  # type: ignore[import-untyped]
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask  # type: ignore[import-untyped]

from gateway.logs import silence
from gateway.settings.doors import Web
from webforms.bodies import CUT
from webforms.headers import exact
from webforms.memory import Budget, MemoryBody

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

OUTRAGEOUS = 16
"""A body announced as this many times the limit is refused at its headers; less is read to its end, so that the person
sees a page and not a broken connection."""

CONNECTIONS = 200
IDLE_SECONDS = 60
HEADER_BYTES = 32 * 1024

_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>{title}</title><link rel=stylesheet href=/static/site.css><main class=wrap><h1>{title}</h1>"
    "<p>This request could not be read. <a href=/>Back to the start</a></p></main></html>"
)


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress carries no types
    """Receives a request into memory."""

    body: MemoryBody | None = None

    def __init__(self, adjustments: Adjustments, *, limit: int, budget: Budget) -> None:
        super().__init__(adjustments)
        self._limit = limit
        self._budget = budget

    def parse_header(self, header_plus: bytes) -> None:
        """As waitress does, then give the body a place of ours instead of one that overflows to a file."""
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            self.body = MemoryBody(self._limit, self._budget, announced=self.content_length)
            self.body_rcv.buf = self.body

    def received(self, data: bytes) -> int:
        """As waitress does; a body of which only the front was kept is announced by its new length."""
        consumed: int = super().received(data)
        if self.completed and self.body is not None and self.error is None:
            self.headers["CONTENT_LENGTH"] = str(len(self.body))
        return consumed


class Task(WSGITask):  # type: ignore[misc]
    """A request's turn; says why a body is not whole."""

    def get_environment(self) -> dict[str, Any]:
        """As waitress does, and why the body was cut."""
        environment: dict[str, Any] = super().get_environment()
        body = self.request.body
        environment[CUT] = body.cut if body is not None else ""
        return environment


class QuietErrorTask(ErrorTask):  # type: ignore[misc]
    """waitress's own answers, with our headers and without the words of the request."""

    def execute(self) -> None:
        """Answer and close."""
        error = self.request.error
        body = _PAGE.format(title=error.reason).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(exact([("Content-Type", "text/html; charset=utf-8")]))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(b"" if getattr(self.request, "command", "") == "HEAD" else body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection."""

    task_class = Task
    error_task_class = QuietErrorTask

    def __init__(self, server: "Server", *arguments: Any, **named: Any) -> None:
        self.parser_class = partial(Parser, limit=server.limit, budget=server.budget)
        super().__init__(server, *arguments, **named)

    def handle_close(self) -> None:
        """Also give back what half a request had taken."""
        if self.request is not None:
            self.request.close()
        super().handle_close()


class Server(TcpWSGIServer):  # type: ignore[misc]
    """The site's server. `run` answers until SystemExit or KeyboardInterrupt."""

    channel_class = Channel

    def __init__(self, application: "WSGIApplication", web: Web) -> None:
        self.limit = web.max_upload_bytes
        self.budget = Budget(web.upload_memory_bytes)
        adjustments = Adjustments(
            host=web.host,
            port=web.port,
            threads=web.threads,
            ident=None,
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE_SECONDS,
            cleanup_interval=15,
            max_request_header_size=HEADER_BYTES,
            max_request_body_size=self.limit * OUTRAGEOUS,
            inbuf_overflow=self.limit * OUTRAGEOUS,
            outbuf_overflow=self.limit * OUTRAGEOUS,
            log_socket_errors=False,
            clear_untrusted_proxy_headers=True,
        )
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(adjustments.threads)
        silence()
        super().__init__(application, {}, dispatcher=dispatcher, adj=adjustments, sockinfo=adjustments.listen[0])

    @property
    def address(self) -> str:
        """HOST:PORT as bound."""
        host = f"[{self.effective_host}]" if ":" in self.effective_host else self.effective_host
        return f"{host}:{self.effective_port}"

    def end(self) -> None:
        """Close every connection and thread."""
        self.task_dispatcher.shutdown()
        for channel in list(self.active_channels.values()):
            channel.handle_close()
        self.close()

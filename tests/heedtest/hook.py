"""A chat webhook that keeps what it is told, and misbehaves on request."""

import json
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Hook:
    """What was posted, by its idempotency key: the bodies that came under it."""

    def __init__(self) -> None:
        self.told: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self.refuse = 0
        self.die = 0
        hook = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.answer(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Take one notice; `refuse` of them are answered 503, `die` of them are taken and never answered."""
        body = request.rfile.read(int(request.headers["Content-Length"]))
        if self.refuse > 0:
            self.refuse -= 1
            request.send_error(503)
            return
        self.told[request.headers["Idempotency-Key"]].append(json.loads(body))
        if self.die > 0:
            self.die -= 1
            request.close_connection = True
            return
        request.send_response(204)
        request.end_headers()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, name="hook", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

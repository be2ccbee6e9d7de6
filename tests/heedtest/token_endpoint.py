"""A token endpoint as Microsoft 365 and Google have one, on this machine; it also tells Dovecot what a token is worth."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass
class TokenEndpoint:
    """What was asked, and what is answered. Every token is good for `user` until it is revoked."""

    url: str = ""
    user: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    life: int = 3600
    refuses: str = ""
    renews_to: str = ""

    def revoke(self) -> None:
        """No token of before is believed from now on."""
        self.good.clear()

    def answer(self, path: str, question: dict[str, str]) -> tuple[int, dict[str, object]]:
        """Status and JSON of one answer."""
        if path == "/introspect":
            active = question.get("token", "") in self.good
            return 200, {"active": str(active).lower(), "username": self.user}
        self.asked.append(question)
        if self.refuses:
            return 400, {"error": self.refuses, "error_description": "words that quote secrets"}
        token = f"token-{len(self.asked)}"
        self.good.add(token)
        renewed = {"refresh_token": self.renews_to} if self.renews_to else {}
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": self.life, **renewed}


@contextmanager
def token_endpoint() -> Iterator[TokenEndpoint]:
    """A running endpoint."""
    endpoint = TokenEndpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            status, said = endpoint.answer(self.path, {name: values[0] for name, values in parse_qs(body).items()})
            raw = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    endpoint.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield endpoint
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)

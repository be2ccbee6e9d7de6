"""The public site's real server in a thread of the test, and a plain client."""

import http.client
import socket
import threading

from heedtest.sites import World, multipart
from webforms.app import create_app
from webforms.server import Server


class Live:
    """A running server and a plain client."""

    def __init__(self, world: World) -> None:
        self.server = Server(create_app(world.site), world.site.web)
        self.port = int(self.server.address.rpartition(":")[2])
        self._ended = False
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended:
            self.server.asyncore.loop(timeout=0.05, map=self.server._map, count=1)

    def end(self) -> None:
        self._ended = True
        self._thread.join()
        self.server.end()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    def post(self, path: str, fields: dict[str, str], files: dict[str, bytes] | None = None):
        kind, body = multipart(fields, files)
        return self.ask("POST", path, body, Content_Type=kind)

    def raw(self, data: bytes) -> str:
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(data)
            said = b""
            while chunk := connection.recv(65536):
                said += chunk
        return said.decode("latin-1")

    def token(self, form: str = "anonymous") -> str:
        return self.ask("GET", f"/en/write/{form}")[2].split('name="token" value="')[1].split('"')[0]

"""Anonymous reporters in front of a running Heed: each files a report, keeps the receipt shown, and comes back with it."""

import http.client
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from heedtest.sites import multipart

AGAIN = (ConnectionError, http.client.HTTPException, TimeoutError)
TOKEN = re.compile(r'name="token" value="(\w+)"')
RECEIPT = re.compile(r'name="receipt" value="([\w-]+)"')


def ask(
    where: tuple[str, int], method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    """One request, on a connection of its own."""
    connection = http.client.HTTPConnection(*where, timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def report(where: tuple[str, int], text: str, files: dict[str, bytes] | None = None, **headers: str) -> str:
    """The receipt that is shown for a report; "" when none was."""
    found = TOKEN.search(ask(where, "GET", "/en/write/anonymous", **headers)[2].decode())
    if not found:
        return ""
    kind, body = multipart({"token": found[1], "text": text}, files)
    _, _, page = ask(where, "POST", "/en/write/anonymous", body, Content_Type=kind, **headers)
    shown = RECEIPT.search(page.decode())
    return shown[1] if shown else ""


def come_back(where: tuple[str, int], receipt: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    """The page that a receipt opens."""
    body = urlencode({"receipt": receipt}).encode()
    form = "application/x-www-form-urlencoded"
    return ask(where, "POST", "/en/receipt", body, Content_Type=form, **headers)


@dataclass
class Reporters:
    """Many who report at once until `wanted` receipts have been shown, whatever dies meanwhile."""

    where: Callable[[], tuple[str, int]]
    wanted: int
    receipts: list[str] = field(default_factory=list)
    refused: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, meanwhile: Callable[[], None], *, hands: int = 4) -> None:
        """Report in `hands` threads, and call `meanwhile` again and again until all have their receipts."""
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(hands)]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            meanwhile()
        for thread in threads:
            thread.join()

    def lost(self) -> list[str]:
        """The receipts that do not open a report."""
        return [one for one in self.receipts if not self._opens(one)]

    def _opens(self, receipt: str) -> bool:
        status, _, page = come_back(self.where(), receipt)
        return status == 200 and RECEIPT.search(page.decode()) is not None

    def _work(self) -> None:
        while len(self.receipts) < self.wanted:
            try:
                receipt = report(self.where(), "What I saw in the store room.")
            except AGAIN:
                receipt = ""
            with self._lock:
                self.receipts += [receipt] if receipt else []
                self.refused += not receipt
            if not receipt:
                time.sleep(0.02)

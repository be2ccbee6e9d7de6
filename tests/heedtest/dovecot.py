"""A real Dovecot of our own: configuration and mail in a temporary folder, a port of its own, gone afterwards."""

import grp
import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from heedtest.certificates import certify
from heedtest.waiting import wait_until

PASSWORD = "swordfish"

_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
{ssl}
disable_plaintext_auth = no
protocols = imap
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {internal_group}
mail_location = maildir:{folder}/mail/%u
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
auth_mechanisms = plain xoauth2
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = static
  mechanisms = plain
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Rubbish {{
    auto = create
    special_use = \\Junk
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """One Dovecot; any user may sign in with `PASSWORD`. `tokens` is where it asks what an access token is worth.

    With a `tls_port` it offers STARTTLS on the other one too, under a certificate of the authority `ca.pem` in its folder.
    """

    folder: Path
    port: int
    tokens: str = ""
    tls_port: int = 0
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run, and wait until it answers."""
        files = f"ssl = yes\nssl_cert = <{self.folder}/cert.pem\nssl_key = <{self.folder}/key.pem"
        words = {"folder": self.folder, "port": self.port, **_accounts(self.folder)}
        words |= {"ssl": files if self.tls_port else "ssl = no", "tls_port": self.tls_port}
        (self.folder / "dovecot.conf").write_text(_CONFIGURATION.format(**words, password=PASSWORD))
        (self.folder / "oauth2.conf").write_text(
            f"introspection_url = {self.tokens or 'http://127.0.0.1:9'}/introspect\nintrospection_mode = post\n"
            "username_attribute = username\nactive_attribute = active\nactive_value = true\n"
        )
        self.process = subprocess.Popen(
            (find_dovecot() or "dovecot", "-F", "-c", str(self.folder / "dovecot.conf")),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers, "Dovecot to answer", seconds=20)

    def kill(self) -> None:
        """SIGKILL to all of it."""
        if self.process is None:
            return
        with suppress(psutil.NoSuchProcess):
            everyone = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]
            for one in everyone:
                with suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGKILL)
        self.process.wait(10)
        self.process = None
        for pid in self.folder.glob("run/master.pid"):
            pid.unlink()

    def client(self, user: str) -> imaplib.IMAP4:
        """A connection of somebody else's, signed in."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        client.login(user, PASSWORD)
        return client

    def deliver(self, user: str, *mails: bytes, folder: str = "INBOX") -> None:
        """Put mails into a folder, as a mail server would."""
        client = self.client(user)
        for mail in mails:
            kind, said = client.append(folder, None, None, mail)
            assert kind == "OK", said
        client.logout()

    def read(self, user: str) -> list[bytes]:
        """Every mail in somebody's inbox, as their client gets it, oldest first."""
        client = self.client(user)
        client.select("INBOX", readonly=True)
        _, said = (
            client.fetch("1:*", "(BODY.PEEK[])") if client.untagged_responses.get("EXISTS") != [b"0"] else ("OK", [])
        )
        client.logout()
        return [one[1] for one in said if isinstance(one, tuple)]

    def count(self, user: str, folder: str) -> int:
        """How many mails a folder holds; 0 when there is none of that name."""
        client = self.client(user)
        kind, said = client.select(folder, readonly=True)
        client.logout()
        return int(said[0] or 0) if kind == "OK" else 0

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
            return probe.recv(4) == b"* OK"
        return False


def find_dovecot() -> str | None:
    """The dovecot program; None where it is not installed."""
    return shutil.which("dovecot") or shutil.which("/usr/sbin/dovecot")


def _accounts(folder: Path) -> dict[str, str]:
    """Whom it runs as: us; but for root it wants its own two accounts, and nobody for the mail."""
    if os.getuid() != 0:
        me = pwd.getpwuid(os.getuid()).pw_name
        group = grp.getgrgid(os.getgid()).gr_name
        return {"user": me, "group": group, "internal": me, "internal_group": group, "login": me}
    nobody = pwd.getpwnam("nobody")
    for path in (folder, folder / "mail"):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    folder.chmod(0o755)
    group = grp.getgrgid(nobody.pw_gid).gr_name
    return {"user": "nobody", "group": group, "internal": "dovecot", "internal_group": "dovecot", "login": "dovenull"}


@contextmanager
def dovecot(tokens: str = "", *, tls: bool = False) -> Iterator[Dovecot]:
    """A running Dovecot."""
    folder = Path(tempfile.mkdtemp(prefix="heed-imap-"))
    (folder / "run").mkdir()
    (folder / "mail").mkdir()
    if tls:
        certify(folder)
    server = Dovecot(folder, _free_port(), tokens, _free_port() if tls else 0)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

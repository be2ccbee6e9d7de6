"""The process that cleans one file: no network, no files, no environment, bounded memory and time. Started by `cleaner.py`.

Its standard input holds the file, its standard output takes the answer: a line of JSON, then the copy. Everything that is
loaded late is loaded first; then it can open nothing any more, neither a file nor a socket (RLIMIT_NOFILE of 0), and what
it writes is bounded by RLIMIT_FSIZE.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import warnings
from hashlib import sha256
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gateway.cleaning import images, mail_file, office, pdf, text
from gateway.cleaning.kinds import IMAGES, OFFICE, CannotClean, Copy, Kind, kind_of

MEMORY = 3 << 29
"""Address space in bytes, one and a half gibibytes: the largest picture drawn anew takes two thirds."""
PROCESSOR_SECONDS = 20
LARGEST_COPY = 200_000_000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
CLONE_NEWNET, CLONE_NEWUSER = 0x40000000, 0x10000000


def main(ending: str) -> None:
    """Clean what standard input holds; `ending` is that of its name."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)  # a library's complaints may quote the file
    warnings.simplefilter("ignore")
    leave_the_world()
    for room in (text, images, pdf, office, mail_file):
        room.prepare()
    content = sys.stdin.buffer.read()
    limit()
    try:
        answer = _answered(clean(content, ending))
    except CannotClean as error:
        answer = _refused(str(error))
    except MemoryError:
        answer = _refused("the file takes too much memory")
    written = 0
    while written < len(answer):
        written += os.write(out, answer[written:])
    os._exit(0)  # libraries have nothing to tidy up that matters, and could hang over it


def clean(content: bytes, ending: str) -> Copy:
    """The clean copy of a file of any kind. Raises `CannotClean`."""
    kind = kind_of(content, ending)
    if kind is None:
        raise CannotClean("files of this kind cannot be cleaned")
    if kind in IMAGES:
        return images.clean_image(content, kind)
    if kind in OFFICE:
        return office.clean_office(content, kind)
    if kind is Kind.PDF:
        return pdf.clean_pdf(content)
    return mail_file.clean_mail(content, _enclosure) if kind is Kind.MAIL else text.clean_text(content, ending)


def _enclosure(content: bytes, ending: str) -> Copy | None:
    try:
        return clean(content, ending) if ending != Kind.MAIL.value else None
    except CannotClean:
        return None


def leave_the_world() -> None:
    """End with our parent, gain no rights, and leave the network where the kernel lets us."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if libc.unshare(CLONE_NEWNET):  # for root; others need a user namespace of their own, which some kernels refuse
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def limit() -> None:
    """Nothing can be opened or started from here on, and memory, time and what is written have an end."""
    for kind, wanted in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_FSIZE, LARGEST_COPY),
        (resource.RLIMIT_CPU, PROCESSOR_SECONDS),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_NOFILE, 0),
    ):
        most = resource.getrlimit(kind)[1]
        value = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(kind, (value, value))


def _answered(copy: Copy) -> bytes:
    head = {"ending": copy.ending, "size": len(copy.content), "sha256": sha256(copy.content).hexdigest()}
    return json.dumps(head).encode() + b"\n" + copy.content


def _refused(why: str) -> bytes:
    return json.dumps({"cannot": why}).encode() + b"\n"


if __name__ == "__main__":
    main(sys.argv[1])

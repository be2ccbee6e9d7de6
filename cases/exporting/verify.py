"""Checks a case that was exported from Heed: python3 verify.py [FOLDER]. Offline; needs Python 3.8, nothing else."""
# mypy: ignore-errors
# fmt: off
# ruff: noqa: D103, E501, S101, PT018, B905

import hashlib
import json
import sys
from pathlib import Path

P, D = 2**255 - 19, -121665 * pow(121666, 2**255 - 21, 2**255 - 19)  # Ed25519, RFC 8032
BASE = (15112221349535400772501151409588531511454012693041857206046113283949847762202, 46316835694926478169428394003475163141307993866256225615783033603165251855960)


def plus(a, b):
    t = D * a[0] * b[0] * a[1] * b[1]
    return (a[0] * b[1] + b[0] * a[1]) * pow(1 + t, P - 2, P) % P, (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, P - 2, P) % P


def times(point, n):
    total = (0, 1)
    for bit in bin(n)[2:]:
        total = plus(total, total)
        total = plus(total, point) if bit == "1" else total
    return total


def point(raw):
    y = int.from_bytes(raw, "little") % 2**255
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    x = x if (x * x - xx) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    return (x if x % 2 == raw[31] >> 7 else P - x), y


def signed(key, said, signature):
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + said).digest(), "little")
    return times(BASE, int.from_bytes(signature[32:], "little")) == plus(point(signature[:32]), times(point(key), h))


def canonical(*fields):
    return json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()


def check(folder, trusted=""):
    """What was checked, in words; raises AssertionError with what is wrong."""
    files = json.loads((folder / "manifest.json").read_text("utf-8"))["files"]
    for name, digest in files.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, f"{name} was altered"
    events = [json.loads(line) for line in (folder / "proof/events.jsonl").read_text("utf-8").split("\n") if line]
    last = "0" * 64
    for number, event in enumerate(events, 1):
        fields = [event[name] for name in ("stream", "seq", "verb", "actor", "at", "data")]
        assert event["seq"] == number and hashlib.sha256(canonical(last, *fields)).hexdigest() == event["hash"], f"event {number} was altered, or one before it is missing"
        last = event["hash"]
    heads = [json.loads(line) for line in (folder / "proof/heads.jsonl").read_text("utf-8").split("\n") if line]
    for head, before in zip(heads, [None, *heads]):
        assert before is None or (head["previous"], head["seq"]) == (before["hash"], before["seq"] + 1), f"a head before {head['seq']} is missing"
        assert hashlib.sha256(canonical(head["previous"], head["seq"], head["at"], head["entries"])).hexdigest() == head["hash"], f"head {head['seq']} was altered"
    seen = {seq: digest for head in heads for stream, seq, digest in json.loads(head["entries"]) if stream == events[0]["stream"]}
    assert all(events[seq - 1]["hash"] == digest for seq, digest in seen.items()), "the deployment's chain has other events"
    said = {}
    for data in (json.loads(event["data"]) for event in events):
        for kind in ("message", "evidence", "conclusion", "action", "party"):
            if kind in data and "digest" in data:
                said.setdefault(data[kind], data["digest"])
                break
    words = list((folder / "words").glob("*.json")) if (folder / "words").is_dir() else []
    for path in words:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == said.get(path.stem.split("-")[-1]), f"{path.name} is not what was written"
    result = f"{len(files)} files, {len(events)} events, {len(words)} of {len(said)} writings"
    if not (folder / "proof/anchor.txt").exists():
        return f"{result}: unbroken, covered up to event {max(seen, default=0)}; no anchor has been signed yet."
    anchor = dict(line.split(" ", 1) for line in (folder / "proof/anchor.txt").read_text().splitlines()[1:])
    number, seq = int(anchor["number"]), int(anchor["head"])
    assert any((head["seq"], head["hash"]) == (seq, anchor["hash"]) for head in heads), "the anchor signs another chain"
    assert signed(bytes.fromhex(anchor["key"]), canonical("heed-anchor-1", number, anchor["at"], seq, anchor["hash"]), bytes.fromhex(anchor["signature"])), "the anchor's signature is wrong"
    assert trusted in ("", anchor["key"]), "the anchor is signed by another key than the one you trust"
    covered = max((one for head in heads if head["seq"] <= seq for stream, one, _ in json.loads(head["entries"]) if stream == events[0]["stream"]), default=0)
    return f"{result}: unbroken, signed up to event {covered} on {anchor['at'][:16]} by key {anchor['key']}"


if __name__ == "__main__":
    print(check(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent), "".join(sys.argv[2:])))

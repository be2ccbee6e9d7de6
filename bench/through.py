"""The whole way: from accepting a mail to its case and its acknowledgement in the relay's hands."""

import time

from heedtest.bare import BareServer
from heedtest.blaster import blast
from heedtest.look import account, settled
from heedtest.served import Served
from heedtest.sink import Sink
from heedtest.waiting import wait_until

from bench.figures import Figure, percentile, ratio


def end_to_end(bare: BareServer, served: Served, sink: Sink, *, mails: int, rounds: int) -> list[Figure]:
    """All acknowledgements handed over, counted from the first connection; every mail must have its one case."""
    through, base = list[float](), list[float]()
    used = served.processor_seconds()
    for number in range(rounds):
        wait_until(lambda: settled(served.home), "nothing to be under way", seconds=300, every=0.3)
        base.append(blast(bare.address, run=f"barethrough{number}", count=mails).rate)
        before = sink.answers()
        blasted = blast(served.door, run=f"through{number}", count=mails)
        wait_until_taken(sink, before + mails, seconds=300)
        through.append(mails / (time.monotonic() - blasted.began))
        found = account(served.home, [one.message_id for one in blasted.accepted], sink.mails())
        assert not found.without_case, str(found)
        assert not found.with_many_cases, str(found)
        assert not found.unanswered, str(found)
    used = {name: seconds - used.get(name, 0.0) for name, seconds in served.processor_seconds().items()}
    return [ratio(f"end to end, {mails} mails", through, base, floor=0.12, aim=0.25), _cost(used, mails * rounds)]


def _cost(used: dict[str, float], mails: int) -> Figure:
    """Processor time a mail: what other work on the machine distorts least."""
    parts = {name: seconds * 1000 / mails for name, seconds in sorted(used.items(), key=lambda part: -part[1])}
    against = ", ".join(f"{name} {milliseconds:.2f}" for name, milliseconds in parts.items() if milliseconds >= 0.01)
    return Figure("end to end: processor time a mail", sum(parts.values()), "ms", against)


def idle_latency(served: Served, sink: Sink, *, mails: int) -> list[Figure]:
    """From the last byte of DATA to the acknowledgement at the relay, one mail at a time on an idle system."""
    wait_until(lambda: settled(served.home), "nothing to be under way", seconds=300, every=0.3)
    seconds = []
    for number in range(mails):
        before = sink.answers()
        sent = blast(served.door, run="idle", count=1, first=number, connections=1).accepted[0]
        wait_until_taken(sink, before + 1, seconds=30)
        time.sleep(0.1)  # let it become idle again
        arrived = {mail.in_reply_to: mail.at for mail in sink.mails()}
        seconds.append(arrived[sent.message_id] - sent.sent)
    against = f"{mails} mails one by one, relay on this machine"
    return [
        Figure("idle: DATA to acknowledgement, p50", percentile(seconds, 50), "s", against),
        Figure("idle: DATA to acknowledgement, p95", percentile(seconds, 95), "s", against, aim=1.0, at_least=False),
    ]


def wait_until_taken(sink: Sink, mails: int, *, seconds: float) -> None:
    """Until the relay has this many acknowledgements."""
    wait_until(lambda: sink.answers() >= mails, f"{mails} acknowledgements at the relay", seconds=seconds, every=0.03)

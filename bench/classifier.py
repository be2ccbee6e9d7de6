"""The classifier: one message, a batch with its risk chunks, and what a model weighs on disk, at start and in memory.

Messages are the corpus' own, joined in fours: employees write 900 characters and more, and a long one has more chunks.
Processor time, not the clock: a shared machine would measure its neighbours.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.figures import Figure, percentile
from classifier import corpus, model, store
from classifier.model import Message

MEGABYTE = 1e6
MESSAGES, LONGEST = 600, 1700
ALONE = 300

ASLEEP = """
import json, sys, time
from pathlib import Path
import psutil
from classifier import model
own = psutil.Process()
before, begun = own.memory_info().rss, time.process_time()
held = model.load(Path(sys.argv[1]))
loaded = time.process_time() - begun
text = "My supervisor cut my hours after I asked about the overtime, and nobody answers me. " * 40
held.assess_many([model.Message("", text)] * 64)
print(json.dumps({"seconds": loaded, "bytes": own.memory_info().rss - before}))
"""
"""What a worker does when it starts, in a process of its own: imports first, then the model, then its first batch."""


def classifier_figures() -> Iterator[Figure]:
    """Every figure of the model that is shipped."""
    folder = store.newest_shipped()
    rows = [row for row in corpus.load() if row.language == "en"]
    texts = [" ".join(row.text for row in rows[at : at + 4])[:LONGEST] for at in range(0, 4 * MESSAGES, 4)]
    messages = [Message("", text) for text in texts]
    held = model.load(folder)
    against = f"{len(messages)} messages of {sum(map(len, texts)) // len(texts)} characters, one core"
    held.assess_many(messages[:64])

    alone = []
    for message in messages[:ALONE]:
        begun = time.process_time()
        held.assess_many([message])
        alone.append((time.process_time() - begun) * 1e3)
    yield Figure("classifier, one message, p95", percentile(alone, 95), "ms", against, 5, 2, at_least=False)

    begun = time.process_time()
    held.assess_many(messages)
    yield Figure(
        "classifier, a batch with its chunks", len(messages) / (time.process_time() - begun), "/s", against, 500, 1000
    )

    size = sum(path.stat().st_size for path in folder.iterdir()) / MEGABYTE
    yield Figure("classifier, a model on disk", size, "MB", folder.name, 15, at_least=False)
    asleep = json.loads(
        subprocess.run(
            [sys.executable, "-c", ASLEEP, str(folder)], check=True, capture_output=True, text=True, timeout=120
        ).stdout
    )
    yield Figure("classifier, to load after imports", asleep["seconds"], "s", folder.name, 1, at_least=False)
    yield Figure("classifier, memory added", asleep["bytes"] / MEGABYTE, "MB", "loaded, one batch", 200, at_least=False)

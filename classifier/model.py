"""Reads messages: category probabilities, a risk score of its own, what carried them, or that it cannot tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from cases.model.assessment import Assessment
from classifier import artifact
from classifier.artifact import Artifact, Calibration
from classifier.evidence import chunk_text, evidence
from classifier.features import Array
from classifier.language import detect
from classifier.masking import MASKS
from classifier.reading import read_batch
from classifier.text import Words, words
from classifier.vocabulary import Vocabulary

BATCH = 16  # messages computed at once: enough for numpy to be quick, few enough to stay in the processor's cache
SHORTEST = 2  # words, masked ones not counted, below which nothing can be said
KNOWN = 4  # known features below which nothing can be said: the text is of some other world
SUGGESTED = 3
UNREAD = ("language", "too short")  # why nothing can be said of a text, its risk included


@dataclass(frozen=True, slots=True)
class Message:
    """What is assessed. `language` is an ISO 639-1 code, "" when the model is to find out."""

    subject: str
    text: str
    language: str = ""


class Model:
    """A trained model, held as plain arrays. Safe to share between threads: assessing changes nothing."""

    def __init__(self, held: Artifact) -> None:
        self.artifact = held
        self.version = held.manifest.version  # names the model in assessments and decisions
        self._vocabulary = Vocabulary(held.hashes, held.blocks, held.idf, held.block_weights)

    @property
    def classes(self) -> tuple[str, ...]:
        """The categories it knows."""
        return self.artifact.manifest.classes

    @property
    def calibration(self) -> Calibration:
        """Temperature and thresholds, as fitted on messages that the model had not seen."""
        return self.artifact.manifest.calibration

    def assess(self, subject: str, text: str, language: str = "") -> Assessment:
        """One message's assessment."""
        return self.assess_many((Message(subject, text, language),))[0]

    def assess_many(self, messages: Sequence[Message]) -> list[Assessment]:
        """The assessments of many messages, in their order: the same as one by one, and much faster."""
        assessed: list[Assessment] = []
        for begin in range(0, len(messages), BATCH):
            assessed.extend(self._batch(messages[begin : begin + BATCH]))
        return assessed

    def _batch(self, messages: Sequence[Message]) -> list[Assessment]:
        documents = [words(message.subject, message.text) for message in messages]
        reading = read_batch(self.artifact, self._vocabulary, documents)
        ends = np.cumsum([document.length for document in documents])
        assessed = []
        for at, (message, document) in enumerate(zip(messages, documents, strict=True)):
            language = message.language or detect(document.counted)
            confidence = float(reading.confidence[at])
            category, suggestions, because = self._choose(
                reading.probabilities[at], confidence, language, document, int(reading.known[at])
            )
            risk = self.calibration.risk.in_language(float(reading.risk[at]), language)
            assessed.append(
                Assessment(
                    category=category,
                    confidence=confidence,
                    scores=_best_first(self.classes, reading.probabilities[at]),
                    risk=risk,
                    suggestions=suggestions,
                    evidence=evidence(document, reading.parts[ends[at] - document.length : ends[at]], language),
                    risk_chunk=chunk_text(document, reading.chunks[at]),
                    language=language,
                    model=self.version,
                    abstained_because=because,
                    caution=risk >= self.calibration.caution_at,
                    read=because not in UNREAD,
                )
            )
        return assessed

    def _choose(
        self, probabilities: Array, confidence: float, language: str, document: Words, known: int
    ) -> tuple[str, tuple[str, ...], str]:
        """The category, or "" with the likeliest three and why."""
        manifest = self.artifact.manifest
        order = np.argsort(-probabilities, kind="stable")
        likeliest = tuple(self.classes[index] for index in order[:SUGGESTED])
        if language and language not in manifest.languages:
            return "", likeliest, "language"
        plain = islice((word for word in document.counted if word not in MASKS), SHORTEST)
        if known < KNOWN or len(list(plain)) < SHORTEST:
            return "", likeliest, "too short"
        if likeliest[0] in manifest.tentative:
            return "", likeliest, "new category"
        if confidence < self.calibration.abstain_below:
            return "", likeliest, "low margin"
        return likeliest[0], (), ""


def _best_first(classes: Sequence[str], probabilities: Array) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-probabilities, kind="stable")
    return tuple(zip([classes[index] for index in order.tolist()], probabilities[order].round(6).tolist(), strict=True))


def load(path: Path) -> Model:
    """The model in the folder `path`, verified. Raises Refused when it is missing, altered or of another format."""
    return Model(artifact.read(path))

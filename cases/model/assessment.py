"""The classifier's view of a submission."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word or phrase that carried a score, as it stands in the text. Never called a reason."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """Category probabilities (they sum to 1), a risk score of its own (0 to 1), and what carried them.

    `category` is "" when the model abstains (unsupported language, too short, low margin); `suggestions` then holds
    the three likeliest, best first. `confidence` is the calibrated probability of the likeliest category. `caution`: the risk
    is high enough that nothing should be quoted and no outside team have it before a person has looked. `read`: the model
    knows the language and there was text enough, so that a low risk says something.
    """

    category: str
    confidence: float
    scores: tuple[tuple[str, float], ...]
    risk: float
    suggestions: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    risk_chunk: str = ""
    language: str = ""
    model: str = ""
    abstained_because: str = ""
    caution: bool = False
    read: bool = False

    def score(self, category: str) -> float:
        """The probability of `category`, 0.0 when the model does not know it."""
        return dict(self.scores).get(category, 0.0)

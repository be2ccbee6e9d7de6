"""What HR works out about a case, as closed sets: kinds of conclusion, results, root causes, states of an action."""

from enum import StrEnum


class ConclusionKind(StrEnum):
    """What was concluded: what was found, what was decided, why it came to it."""

    FINDING = "finding"
    DECISION = "decision"
    ROOT_CAUSE = "root_cause"


class Result(StrEnum):
    """How a formal decision goes."""

    SUBSTANTIATED = "substantiated"
    PARTLY_SUBSTANTIATED = "partly_substantiated"
    NOT_SUBSTANTIATED = "not_substantiated"
    INCONCLUSIVE = "inconclusive"


class RootCause(StrEnum):
    """Why it came to the case."""

    UNCLEAR_POLICY = "unclear_policy"
    POLICY_NOT_KNOWN = "policy_not_known"
    PROCESS_GAP = "process_gap"
    SYSTEM_ERROR = "system_error"
    HUMAN_ERROR = "human_error"
    TRAINING_GAP = "training_gap"
    COMMUNICATION = "communication"
    WORKLOAD = "workload"
    LEADERSHIP = "leadership"
    INDIVIDUAL_CONDUCT = "individual_conduct"
    EXTERNAL = "external"
    UNKNOWN = "unknown"


class ActionState(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class LinkKind(StrEnum):
    """What two cases are to each other: related; one merged into the other; the other split out of the one."""

    RELATED = "related"
    MERGED = "merged"
    SPLIT = "split"

"""The guarded engine: right on thousands of random decisions, and alive whatever happens to its child."""

import os
import random
import resource
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import rules.engine
from cases.errors import Refused
from rules.engine import frames
from rules.engine.guard import GuardedEngine
from rules.engine.installed import available, child_command, core_path
from rules.program import EngineFailed, Program, ProgramRule
from rules.reference import ReferenceEngine

ROOT = Path(rules.engine.__file__).parents[2]
PHASES = ("classify", "assess", "route")

pytestmark = [
    pytest.mark.skipif(not available(), reason="durable-rules is not installed for this Python"),
    pytest.mark.system,
]


def program_of(*needs, phase="classify"):
    return Program("test", tuple(ProgramRule(f"r{n}", phase, n, tuple(each)) for n, each in enumerate(needs)))


SMALL = program_of(["a"], ["a", "b"], [], ["c"])
AB = frozenset({"a", "b"})


@pytest.fixture
def alarms():
    return []


@pytest.fixture
def engine(alarms):
    with GuardedEngine(SMALL, 20.0, alarm=alarms.append) as made:
        yield made


def test_rules_fire_in_place_order_whatever_order_they_are_listed_in():
    listed = Program("x", (ProgramRule("late", "assess", 9, ("a",)), ProgramRule("early", "assess", 2, ("a",))))
    with GuardedEngine(listed, 20.0) as engine:
        assert engine.fire("assess", frozenset({"a"})) == ("early", "late")


def test_a_rule_without_signals_always_fires(engine):
    assert engine.fire("classify", frozenset()) == ("r2",)
    assert engine.fire("classify", AB) == ("r0", "r1", "r2")


def test_a_phase_without_rules_fires_nothing(engine):
    assert engine.fire("route", AB) == ()
    assert engine.fire_many("route", [AB, AB]) == [(), ()]


def test_an_empty_program_is_served():
    with GuardedEngine(Program("empty", ()), 20.0) as engine:
        assert engine.fire("classify", AB) == ()


def test_signals_that_no_rule_knows_change_nothing(engine):
    assert engine.fire("classify", frozenset({"x" * 70_000, 'quote"\\\n', "a"})) == ("r0", "r2")


def random_program(chance):
    """Three phases; few or many signals, rules alike or not, some with none and some with all twelve."""
    universe = [f"s{n}" for n in range(chance.choice([3, 12, 40, 200, 900]))]
    most = min(len(universe), chance.choice([1, 3, 12]))
    rules = [
        ProgramRule(f"r{n}", chance.choice(PHASES), n, tuple(chance.sample(universe, chance.randint(0, most))))
        for n in range(chance.choice([1, 5, 60, 300]))
    ]
    chance.shuffle(rules)
    return Program("random", tuple(rules)), universe


@pytest.mark.parametrize("seed", range(24))
def test_it_agrees_with_plain_python_on_random_programs(seed):
    chance = random.Random(seed)
    program, universe = random_program(chance)
    reference = ReferenceEngine(program)
    with GuardedEngine(program, 20.0) as engine:
        for phase in PHASES:
            sets = [frozenset(chance.sample(universe, chance.randint(0, min(len(universe), 60)))) for _ in range(60)]
            assert engine.fire_many(phase, sets) == [reference.fire(phase, each) for each in sets]
        assert engine.replacements == 0


@pytest.mark.parametrize("needs", [
    [["same"]] * 1_000,
    [["shared", f"own{n}"] for n in range(1_000)],
    [[f"own{n}"] for n in range(1_000)],
    [[f"s{n % 90}", f"t{n % 70}", "shared"] for n in range(1_000)],
], ids=["all alike", "one signal in all", "a signal each", "mixed"])  # fmt: skip
def test_a_thousand_rules_are_accepted_in_every_shape(needs):
    program = program_of(*needs)
    everything = frozenset(each for rule in needs for each in rule)
    some = frozenset(sorted(everything)[:30]) | {"shared"}
    reference = ReferenceEngine(program)
    with GuardedEngine(program, 20.0) as engine:
        for signals in (everything, some, frozenset({"own7"})):
            assert engine.fire("classify", signals) == reference.fire("classify", signals)


def test_more_than_it_can_carry_is_refused_with_a_sentence():
    with pytest.raises(Refused, match="at most 1000 rules, not 1001"):
        GuardedEngine(program_of(*[["a"]] * 1_001))
    with pytest.raises(Refused, match='rule "r0" needs more than 12 signals'):
        GuardedEngine(program_of([f"s{n}" for n in range(13)]))
    with pytest.raises(Refused, match="twice"):
        GuardedEngine(Program("x", (ProgramRule("r", "assess", 1, ()), ProgramRule("r", "assess", 2, ()))))
    with pytest.raises(Refused, match="twice"):
        GuardedEngine(Program("x", (ProgramRule("r", "assess", 1, ()), ProgramRule("q", "assess", 1, ()))))


def test_a_killed_child_is_replaced_and_the_alarm_raised(engine, alarms):
    first = engine.child_id
    os.kill(first, signal.SIGKILL)
    with pytest.raises(EngineFailed, match="died"):
        engine.fire("classify", AB)
    assert alarms == ["the rules engine's child died (ruleset test, replacement 1)"]
    assert engine.fire("classify", AB) == ("r0", "r1", "r2")
    assert engine.replacements == 1
    assert engine.child_id != first


def test_a_child_killed_in_the_middle_of_a_decision_is_replaced(engine):
    os.kill(engine.child_id, signal.SIGSTOP)  # so that the decision is still open when it dies
    answers = []
    asking = threading.Thread(target=lambda: answers.extend(engine.fire_many("classify", [AB, AB])))
    asking.start()
    os.kill(engine.child_id, signal.SIGKILL)
    asking.join()
    assert isinstance(answers[0], EngineFailed)
    assert answers[1] == ("r0", "r1", "r2")


def test_a_stopped_child_is_replaced_after_the_deadline(alarms):
    with GuardedEngine(SMALL, 0.05, alarm=alarms.append) as engine:
        os.kill(engine.child_id, signal.SIGSTOP)
        with pytest.raises(EngineFailed, match="hung"):
            engine.fire("classify", AB)
        assert "hung" in alarms[0]
        assert engine.child_id is None


def test_a_stopped_child_cannot_block_a_batch_larger_than_the_pipe():
    needs = [[f"s{n}"] for n in range(1_000)]
    everything = frozenset(each for rule in needs for each in rule)
    with GuardedEngine(program_of(*needs), 0.05) as engine:
        os.kill(engine.child_id, signal.SIGSTOP)
        answers = engine.fire_many("classify", [everything] * 50)
        assert isinstance(answers[0], EngineFailed)


DOUBLE = """
import json, os, sys, time
mode = sys.argv[1]
def read():
    length = int.from_bytes(sys.stdin.buffer.read(4), "big")
    return json.loads(sys.stdin.buffer.read(length))
def raw(body):
    sys.stdout.buffer.write(len(body).to_bytes(4, "big") + body)
    sys.stdout.buffer.flush()
def write(message):
    raw(json.dumps(message).encode())
if mode == "ready in plain text":
    raw(b"ready")
read()
write("ready" if mode != "not ready" else ["ready"])
while True:
    phase, number, decisions, seconds = read()
    for number, signals in enumerate(decisions, number):
        if mode == "printed text":
            sys.stdout.buffer.write(b"Evaluating regexp\\n"); sys.stdout.buffer.flush()
        elif mode == "no json":
            raw(b"{nonsense")
        elif mode == "deep json":
            raw(b"[" * 200_000)
        elif mode == "too long":
            sys.stdout.buffer.write(b"\\xff" * 8); sys.stdout.buffer.flush()
        elif mode == "dies":
            os.kill(os.getpid(), 9)
        elif mode == "hangs":
            time.sleep(1000)
        elif mode == "half":
            sys.stdout.buffer.write(b"\\0\\0\\0\\5[0"); sys.stdout.buffer.flush(); os._exit(0)
        elif mode == "twice":
            write([number, [2]]); write([number, [2]])
        else:
            write(eval(mode, {"n": number}))
"""

NONSENSE = [
    "printed text", "no json", "deep json", "too long", "dies", "half",
    "[n, [0, 2, 1]]", "[n, [2, 2]]", "[n, [4]]", "[n, [-1]]", "[n, [3]]", "[n, [True]]", "[n, ['r2']]", "[n, [1.0]]", "[n, {}]",
    "[n, None]", "[n + 1, [2]]", "[n]", "[]", "'ready'", "[2]",
]  # fmt: skip


def double(mode):
    return [sys.executable, "-I", "-c", DOUBLE, mode]


@pytest.mark.parametrize("mode", NONSENSE)
def test_a_child_that_answers_nonsense_is_not_believed(mode, alarms):
    with GuardedEngine(SMALL, 20.0, alarm=alarms.append, command=double(mode)) as engine:
        with pytest.raises(EngineFailed, match=r"died|answered nonsense"):
            engine.fire("classify", AB)
        assert engine.replacements == len(alarms) == 1
        assert engine.child_id is None


def test_an_answer_left_over_is_no_answer_to_the_next_decision():
    with GuardedEngine(SMALL, 20.0, command=double("twice")) as engine:
        assert engine.fire("classify", AB) == ("r2",)
        with pytest.raises(EngineFailed, match="nonsense"):
            engine.fire("classify", AB)


def test_a_child_that_hangs_is_left_at_the_deadline():
    with (
        GuardedEngine(SMALL, 0.05, command=double("hangs")) as engine,
        pytest.raises(EngineFailed, match="hung"),
    ):
        engine.fire("classify", AB)


@pytest.mark.parametrize(
    "command", [double("not ready"), double("ready in plain text"), ["/nonexistent"], ["/bin/false"]]
)
def test_a_child_that_does_not_come_up_is_an_error_at_once(command, alarms):
    with pytest.raises(EngineFailed):
        GuardedEngine(SMALL, 20.0, alarm=alarms.append, command=command)
    assert len(alarms) == 1


def test_after_a_failed_start_decisions_do_not_wait_for_another(engine, alarms):
    engine._command = ["/nonexistent"]
    os.kill(engine.child_id, signal.SIGKILL)
    answers = engine.fire_many("classify", [AB] * 5)
    assert all(isinstance(answer, EngineFailed) for answer in answers)
    assert len(alarms) == 2  # the child that died, and the one that could not be started


def test_a_closed_engine_answers_no_more(engine):
    child = engine.child_id
    engine.close()
    engine.close()
    with pytest.raises(EngineFailed, match="closed"):
        engine.fire("classify", AB)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_threads_share_one_engine(engine):
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.extend(engine.fire("classify", AB) for _ in range(50)))
        for _ in range(6)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert answers == [("r0", "r1", "r2")] * 300


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")
def test_a_forked_process_gets_a_child_of_its_own(engine):
    mine = engine.child_id
    forked = os.fork()
    if not forked:
        right = engine.fire("classify", AB) == ("r0", "r1", "r2") and engine.child_id != mine
        engine.close()
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(forked, 0)[1]) == 0
    assert engine.fire("classify", AB) == ("r0", "r1", "r2")
    assert engine.child_id == mine


def test_the_child_dies_with_its_guard():
    script = (
        "import sys, time; sys.path.insert(0, sys.argv[1])\n"
        "from rules.engine.guard import GuardedEngine; from rules.program import Program\n"
        "engine = GuardedEngine(Program('x', ())); print(engine.child_id, flush=True); time.sleep(1000)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(ROOT)], stdout=subprocess.PIPE) as guard:
        child = os.pidfd_open(int(guard.stdout.readline()))
        guard.kill()
    assert select.select([child], [], [], 60)[0]
    os.close(child)


HANGING_CORE = """
import sys; sys.path.insert(0, sys.argv[1])
from rules.engine import child
class Core:
    calls = 0
    def create_ruleset(self, *_): return 1
    def assert_facts(self, *_):
        self.calls += 1
        while self.calls > 1: pass
        return 0, 0
    def start_action_for_state(self, *_): return "", '{"0":{}}'
    def complete_and_start_action(self, *_): return None
    def delete_state(self, *_): pass
child._load = lambda path: Core()
child.main("")
"""


def test_a_core_that_hangs_is_ended_by_its_own_alarm_when_nobody_is_left_to_kill_it():
    command = [sys.executable, "-I", "-c", HANGING_CORE, str(ROOT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        child.stdin.write(frames.encode({"classify": [[0]]}) + frames.encode(["classify", 0, [[0]], 0.0]))
        child.stdin.flush()
        assert child.wait(60) == -signal.SIGALRM


def test_the_child_has_no_environment_and_hard_limits(engine):
    child = engine.child_id
    assert Path(f"/proc/{child}/environ").read_bytes() == b""
    assert Path(f"/proc/{child}/cwd").readlink() == Path("/")
    assert resource.prlimit(child, resource.RLIMIT_CORE) == (0, 0)
    assert resource.prlimit(child, resource.RLIMIT_FSIZE) == (0, 0)
    assert resource.prlimit(child, resource.RLIMIT_NPROC) == (0, 0)
    assert 0 < resource.prlimit(child, resource.RLIMIT_AS)[1] <= 1 << 30
    for descriptor in ("0", "1", "2"):
        assert Path(f"/proc/{child}/fd/{descriptor}").readlink() == Path("/dev/null")
    assert len(list(Path(f"/proc/{child}/fd").iterdir())) == 5


def test_the_parent_never_loads_the_engine(engine):
    assert "durable_rules_engine" not in sys.modules
    assert "durable" not in sys.modules


def test_another_python_or_release_is_not_used(monkeypatch):
    monkeypatch.setattr("importlib.metadata.version", lambda _name: "3.0.0")
    assert core_path() == ""
    with pytest.raises(EngineFailed, match="not available"):
        child_command()
    monkeypatch.undo()
    monkeypatch.setattr("sys.version_info", (3, 13, 0))
    assert not available()

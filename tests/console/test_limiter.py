"""How often signing in may be tried, and whom a stranger's attempts hold up."""

from console.limiter import Proof, SignInLimiter

PIA, OMAR = "pia@acme.example", "omar@acme.example"


def limiter(per_account: int = 3, per_minute: int = 5) -> SignInLimiter:
    return SignInLimiter(per_account=per_account, per_minute=per_minute, key=b"k" * 32)


def test_guesses_at_one_address_hold_up_nobody_else():
    limits = limiter()
    tried = [limits.allows(PIA, Proof.PASSWORD) for _ in range(60)]
    assert tried.count(True) == 3
    assert limits.allows(OMAR, Proof.PASSWORD)


def test_guesses_at_many_addresses_hold_up_nobody_who_has_given_a_password():
    limits = limiter()
    tried = [limits.allows(f"nobody{number}@acme.example", Proof.PASSWORD) for number in range(60)]
    assert tried.count(True) == 5
    assert not limits.allows(PIA, Proof.PASSWORD)
    assert limits.allows(PIA, Proof.CODE)
    assert limits.allows(PIA, Proof.AGAIN)


def test_what_was_refused_to_all_uses_up_nothing_of_ones_own():
    limits = limiter(per_minute=1)
    assert [limits.allows(address, Proof.PASSWORD) for address in (OMAR, *[PIA] * 9)] == [True] + [False] * 9
    assert [limits.allows(PIA, Proof.CODE) for _ in range(4)] == [True, True, True, False]


def test_guesses_at_a_password_leave_the_code_alone_and_success_forgets_both():
    limits = limiter(per_minute=50)
    for proof in Proof:
        assert [limits.allows(PIA, proof) for _ in range(4)] == [True, True, True, False]
    limits.succeeded(PIA)
    assert all(limits.allows(PIA, proof) for proof in Proof)

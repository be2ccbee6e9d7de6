"""How often signing in may be tried: per address, and by strangers all together, in memory, without keeping any address."""

from enum import StrEnum
from hashlib import blake2b

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

ACCOUNT_SECONDS = 300


class Proof(StrEnum):
    """What is tried. Each is counted by itself: whoever guesses at a password keeps nobody from giving their code."""

    PASSWORD = "password"  # noqa: S105  a proof
    CODE = "code"
    AGAIN = "again"
    """A password where only known people come: after the provider, before choosing another, as a second person."""


class SignInLimiter:
    """Counts every attempt before it is made, so that many at once gain nothing."""

    def __init__(self, *, per_account: int, per_minute: int, key: bytes) -> None:
        """`per_account` attempts in five minutes for one address at each proof; `key` hides addresses.

        Strangers have `per_minute` attempts at passwords in a minute, all together: each costs as much memory and time as
        Argon2 takes. Whoever has come further is not among them.
        """
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._account = RateLimitItemPerSecond(per_account, ACCOUNT_SECONDS)
        self._all = RateLimitItemPerMinute(per_minute)
        self._key = key

    def allows(self, address: str, proof: Proof) -> bool:
        """Count an attempt; False when there were too many. What one address may not try counts for nobody else."""
        name = self._name(address)
        if not self._limiter.test(self._account, proof, name):
            return False
        if proof is Proof.PASSWORD and not self._limiter.hit(self._all, "strangers"):
            return False
        return self._limiter.hit(self._account, proof, name)

    def succeeded(self, address: str) -> None:
        """They are who they say: their earlier attempts count no more."""
        for proof in Proof:
            self._limiter.clear(self._account, proof, self._name(address))

    def _name(self, address: str) -> str:
        return blake2b(address.strip().casefold().encode(), key=self._key, digest_size=16).hexdigest()

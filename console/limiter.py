"""How often signing in may be tried: per address and all together, in memory, without keeping any address."""

from hashlib import blake2b

from limits import RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

ACCOUNT_SECONDS = 300


class SignInLimiter:
    """Counts every attempt before it is made, so that many at once gain nothing."""

    def __init__(self, *, per_account: int, per_minute: int, key: bytes) -> None:
        """`per_account` attempts in five minutes for one address, `per_minute` in a minute for all; `key` hides addresses."""
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._account = RateLimitItemPerSecond(per_account, ACCOUNT_SECONDS)
        self._all = RateLimitItemPerMinute(per_minute)
        self._key = key

    def allows(self, address: str) -> bool:
        """Count an attempt; False when there were too many."""
        everyone = self._limiter.hit(self._all, "everyone")
        return self._limiter.hit(self._account, self._name(address)) and everyone

    def succeeded(self, address: str) -> None:
        """They are who they say: their earlier attempts count no more."""
        self._limiter.clear(self._account, self._name(address))

    def _name(self, address: str) -> str:
        return blake2b(address.strip().casefold().encode(), key=self._key, digest_size=16).hexdigest()

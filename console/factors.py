"""The second factor: time-based codes of six digits (RFC 6238), each good once."""

import secrets
from base64 import b32encode
from datetime import datetime

import pyotp

STEP_SECONDS = 30
DRIFT = 1
"""Steps of 30 seconds by which a phone's clock may be off, either way (RFC 6238 5.2 advises one)."""


def new_secret() -> str:
    """A fresh secret of 160 bits in base 32 (RFC 4226 4 asks for that many)."""
    return b32encode(secrets.token_bytes(20)).decode()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, None when it is none of the current ones."""
    typed = "".join(code.split())
    if not typed.isascii() or not typed.isdigit():
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    generator = pyotp.TOTP(secret)
    found = None
    for step in range(current - DRIFT, current + DRIFT + 1):
        if secrets.compare_digest(generator.generate_otp(step), typed):
            found = step
    return found


def link(secret: str, address: str, organisation: str) -> str:
    """The otpauth link that an authenticator app on the same device opens."""
    return pyotp.TOTP(secret).provisioning_uri(name=address, issuer_name=f"Heed {organisation}")


def grouped(secret: str) -> str:
    """The secret in groups of four, to be typed."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))

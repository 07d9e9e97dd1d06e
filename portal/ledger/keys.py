"""The key that signs the daily seal (Ed25519, base64 of its 32 raw bytes, from the environment alone)."""

import base64
import binascii

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


def generate() -> str:
    """A new private key for `SEAL_KEY`; `make run` makes one for a machine of its own."""
    return _text(Ed25519PrivateKey.generate().private_bytes_raw())


def public_of(private: str) -> str:
    """The public half of a `SEAL_KEY`: safe to publish, needed by everyone who checks a seal."""
    return _text(_private(private).public_key().public_bytes_raw())


def own() -> str:
    """The public key of the present `SEAL_KEY`. Refused while none is set."""
    return public_of(settings.SEAL_KEY)


def trusted() -> frozenset[str]:
    """Public keys whose seals we believe: the present key's, and those named in `SEAL_PUBLIC_KEYS` (used before it)."""
    present = {own()} if settings.SEAL_KEY else set()
    return frozenset(present | set(settings.SEAL_PUBLIC_KEYS))


def sign(body: bytes) -> str:
    """Signs with the present `SEAL_KEY`; base64 of 64 bytes."""
    return _text(_private(settings.SEAL_KEY).sign(body))


def signed(body: bytes, *, signature: str, public_key: str) -> bool:
    """Whether the holder of this key signed exactly this."""
    try:
        Ed25519PublicKey.from_public_bytes(_raw(public_key)).verify(_raw(signature), body)
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public_key: str) -> str:
    """The short name of a public key, as people read it out: its first 12 characters."""
    return public_key[:12]


def _private(text: str) -> Ed25519PrivateKey:
    if not text:
        raise ImproperlyConfigured("SEAL_KEY is not set: without it no day can be sealed.")
    try:
        return Ed25519PrivateKey.from_private_bytes(_raw(text))
    except ValueError as wrong:
        raise ImproperlyConfigured(
            "SEAL_KEY must be 32 bytes in base64, as portal.ledger.keys.generate makes"
        ) from wrong


def _raw(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as wrong:
        raise ValueError("not base64") from wrong


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()

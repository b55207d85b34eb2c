"""Secrets that are kept: sealed with a key made from the house's own."""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MARK = "sealed:"
_NONCE = 12  # bytes


class BadSeal(ValueError):
    """It cannot be opened with this key."""


def sealed(plain: str, house: str) -> str:
    """AES-256-GCM under a key drawn from `house`; another one each time."""
    nonce = os.urandom(_NONCE)
    kept = nonce + AESGCM(_key(house)).encrypt(nonce, plain.encode(), None)
    return _MARK + urlsafe_b64encode(kept).decode()


def opened(kept: str, house: str) -> str:
    """Raises BadSeal."""
    if not kept.startswith(_MARK):
        raise BadSeal("This is not sealed.")
    try:
        raw = urlsafe_b64decode(kept.removeprefix(_MARK))
        return AESGCM(_key(house)).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except (ValueError, InvalidTag) as problem:
        raise BadSeal("It was sealed with another key.") from problem


def _key(house: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"connections").derive(house.encode())

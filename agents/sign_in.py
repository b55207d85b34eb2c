"""How often somebody may try to sign in, so that guessing is slow and the owner is never locked out.

Nothing is locked: buckets refill. Whoever signed in from this browser before brings a signed note
of it (the cookie below) and has a bucket of their own, so that a stranger who guesses at their name
from elsewhere cannot keep them out.
"""

from django.conf import settings
from django.core import signing

from conversations.limits import Limit

DEVICE_COOKIE = "known_device"
DEVICE_DAYS = 180
_SALT = "agents.sign_in.device"

_ADDRESSES = Limit(rate=settings.SIGN_INS_PER_MINUTE / 60, burst=settings.SIGN_INS_PER_MINUTE)
_DEVICES = Limit(rate=1 / 3, burst=10)
_STRANGERS = Limit(rate=1 / 6, burst=20)


def note_for_device(username: str) -> str:
    """What the browser keeps once this person has signed in there."""
    return signing.dumps(_folded(username), salt=_SALT)


def knows_device(note: str, username: str) -> bool:
    """Has this person signed in from the browser that brings this note?"""
    try:
        name = signing.loads(note, salt=_SALT, max_age=DEVICE_DAYS * 86_400)
    except signing.BadSignature:
        return False
    return bool(name == _folded(username))


def check_attempt(*, username: str, address: str, device: str = "") -> None:
    """Raises RateLimited when it is too soon for another try; call it before the password is read.

    `device` is the note that the browser brought, or nothing.
    """
    if device and knows_device(device, username):
        _DEVICES.check(device)
        return
    _ADDRESSES.check(address)
    _STRANGERS.check(_folded(username))


def _folded(username: str) -> str:
    return username.strip().casefold()[:150]

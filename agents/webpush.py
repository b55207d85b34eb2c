"""Web Push without a library: a message sealed for one browser (RFC 8291), and who sends it (RFC 8292).

Pure, but for the house's key: it comes out of SECRET_KEY, so that every machine has the same one.
"""

import base64
import json
import os
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LONGEST = 3000  # bytes of a message; push services take 4096 with everything around it
_CURVE = ec.SECP256R1()
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_RECORD = 4096
_GOOD_FOR = timedelta(hours=12)


class BadKey(ValueError):
    """This is not the public key, or not the secret, of a browser."""


def house_key(secret: str) -> ec.EllipticCurvePrivateKey:
    """The key that names this house to push services."""
    drawn = HKDF(hashes.SHA256(), 48, salt=None, info=b"web push").derive(secret.encode())
    return ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, _CURVE)


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """What a page gives its browser when it asks for a subscription."""
    return unpadded(_point(key.public_key()))


def checked(p256dh: str, auth: str) -> None:
    """Raises BadKey."""
    _browser(p256dh)
    if len(_bytes(auth)) != 16:
        raise BadKey("The secret has 16 bytes.")


def sealed(
    message: bytes,
    *,
    p256dh: str,
    auth: str,
    once: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body of a push. `once` and `salt` are drawn anew for each unless a test says them."""
    if len(message) > LONGEST:
        raise ValueError(f"Up to {LONGEST} bytes.")
    browser = _browser(p256dh)
    once = once or ec.generate_private_key(_CURVE)
    salt = salt or os.urandom(16)
    theirs, ours = _point(browser), _point(once.public_key())
    shared = once.exchange(ec.ECDH(), browser)
    both = b"WebPush: info\x00" + theirs + ours
    root = HKDF(hashes.SHA256(), 32, salt=_bytes(auth), info=both).derive(shared)
    key = HKDF(hashes.SHA256(), 16, salt=salt, info=b"Content-Encoding: aes128gcm\x00").derive(root)
    nonce = HKDF(hashes.SHA256(), 12, salt=salt, info=b"Content-Encoding: nonce\x00").derive(root)
    head = salt + _RECORD.to_bytes(4) + len(ours).to_bytes(1) + ours
    return head + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def authorization(
    endpoint: str, key: ec.EllipticCurvePrivateKey, *, contact: str, at: datetime
) -> str:
    """Who asks this push service, signed, and for half a day."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + _GOOD_FOR).timestamp()),
        "sub": contact,
    }
    words = ".".join(
        unpadded(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(words.encode(), ec.ECDSA(hashes.SHA256())))
    signature = unpadded(r.to_bytes(32) + s.to_bytes(32))
    return f"vapid t={words}.{signature}, k={public(key)}"


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, TypeError) as problem:
        raise BadKey("It is not written in base64url.") from problem


def _browser(p256dh: str) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _bytes(p256dh))
    except ValueError as problem:
        raise BadKey("It is not a point of P-256.") from problem


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

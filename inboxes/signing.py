"""Did this claim really come from the company's own site?"""

import hashlib
import hmac


def signature_of(external_id: str, *, secret: str) -> str:
    """Hex HMAC-SHA256 of the external id under the inbox's identity secret."""
    return hmac.new(secret.encode(), external_id.encode(), hashlib.sha256).hexdigest()


def is_signed(external_id: str, signature: str, *, secret: str) -> bool:
    """Compares in constant time; an absent or odd signature is simply wrong."""
    expected = signature_of(external_id, secret=secret)
    return hmac.compare_digest(expected.encode(), signature.strip().lower().encode())

"""Verifies signed requests with http-message-signatures, and that they are refused with anything changed. Prints how
many there were."""
import base64
import json
import sys
from types import SimpleNamespace

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, InvalidSignature, algorithms

given = json.load(sys.stdin)
public = base64.urlsafe_b64decode(given["public"] + "=")


class Keys(HTTPSignatureKeyResolver):
    def resolve_public_key(self, key_id):
        return Ed25519PublicKey.from_public_bytes(public)


class Verifier(HTTPMessageVerifier):
    """By the clock of the test."""

    def validate_created_and_expires(self, sig_input, max_age=None):
        if not sig_input.params["created"] <= given["now"] < sig_input.params["expires"]:
            raise InvalidSignature("not valid at this time")


def verify(url, headers):
    message = SimpleNamespace(method="GET", url=url, headers=dict(headers))
    verifier = Verifier(signature_algorithm=algorithms.ED25519, key_resolver=Keys())
    return verifier.verify(message, expect_tag="web-bot-auth")


def refused(url, headers):
    try:
        verify(url, headers)
    except Exception:
        return True
    return False


for request in given["requests"]:
    url, headers = request["url"], request["headers"]
    (result,) = verify(url, headers)
    covered = [str(it) for it in result.covered_components]
    assert any("@authority" in it for it in covered) and any("signature-agent" in it for it in covered), covered
    assert refused("http://other.test/", headers)
    assert refused(url, {**headers, "signature-agent": 'sig1="https://other.test"'})
    assert refused(url, {**headers, "signature-input": headers["signature-input"].replace("created=1", "created=0")})
print(len(given["requests"]))

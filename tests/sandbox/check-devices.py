#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The REST API of acceptance devices as the sandbox pretends it, as TAP."""
import base64
import hashlib
import hmac
import json
import subprocess
import sys
import uuid
from email.utils import formatdate

from stranger import Sandbox, run, temporary

NOW = 1767225600  # 1 January 2026, for a clock that stands still
PATH = "/dms/v2/devices/certificates/rootca"
SPELLINGS = ("host date (request-target) v-c-merchant-id", "host date request-target v-c-merchant-id",
             "host v-c-date request-target v-c-merchant-id", "v-c-merchant-id (request-target) v-c-date host")


def signature_of(secret, values):
    text = "\n".join("%s: %s" % pair for pair in values)
    return base64.b64encode(hmac.new(base64.b64decode(secret), text.encode(), hashlib.sha256).digest()).decode()


def digest_of(body):
    return base64.b64encode(hashlib.sha256(body).digest()).decode()


def signed(box, spelling=SPELLINGS[0], method="get", target=PATH, body=b"", host=None, date=None, key=None, secret=None,
           merchant=None, **changes):
    date = formatdate(box.now, usegmt=True) if date is None else date
    host = "127.0.0.1:%d" % box.port if host is None else host
    merchant = merchant or box.info["organizationId"]
    known = {"host": host, "date": date, "v-c-date": date, "v-c-merchant-id": merchant,
             "(request-target)": "%s %s" % (method, target), "request-target": "%s %s" % (method, target),
             "digest": "SHA-256=" + digest_of(body)}
    names = spelling.split(" ")
    headers = {"v-c-merchant-id": merchant, "signature":
               'keyid="%s", algorithm="HmacSHA256", headers="%s", signature="%s"' % (
                   key or box.info["keyId"], spelling,
                   signature_of(secret or box.info["sharedSecret"], [(name, known.get(name, "")) for name in names]))}
    if "v-c-date" in names:
        headers["v-c-date"] = date
    else:
        headers["date"] = date
    if body:
        headers["digest"] = known["digest"]
        headers["content-type"] = "application/json"
    headers.update(changes)
    return headers


def part(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def jwt(box, header=None, secret=None, **changes):
    now = int(box.now)
    claims = {"iat": now, "exp": now + 120, "request-host": "127.0.0.1:%d" % box.port, "request-resource-path": PATH,
              "request-method": "get", "iss": box.info["organizationId"], "jti": str(uuid.uuid4()),
              "v-c-jwt-version": "2", "v-c-merchant-id": box.info["organizationId"]}
    claims.update({name.replace("_", "-"): value for name, value in changes.items()})
    claims = {name: value for name, value in claims.items() if value is not None}
    head = header or {"typ": "JWT", "alg": "HS256", "kid": box.info["keyId"]}
    text = part(json.dumps(head).encode()) + "." + part(json.dumps(claims).encode())
    mac = hmac.new(base64.b64decode(secret or box.info["sharedSecret"]), text.encode(), hashlib.sha256).digest()
    return {"Authorization": "Bearer %s.%s" % (text, part(mac))}


def refused(answer, words=""):
    assert answer.status == 401 and answer.json == {"response": {"rmsg": "Authentication Failed"}}, answer
    assert words in answer.why, (answer, words)


def good(answer):
    assert answer.status == 200, answer
    assert "v-c-correlation-id" in answer.headers and list(answer.json) == ["certificateChain"], answer
    return answer.json["certificateChain"]


def test_vectors():
    """this client signs as the reference's test vectors say"""
    secret = base64.b64encode(bytes(range(32))).decode()
    date = "Wed, 01 Jan 2025 00:00:00 GMT"
    right = ("lI9MlPp2xqhOcOIsIeVk4hiStSpaNYqkQXn6W/y+KhY=", "QEOurCi52lo7hr45FKR4PduVjYEjaWUbQ9VZtqLDh3g=",
             "WMJ4R5PdzM8ytLIxMmpn19PujGgvJnRIm/QWfdrgomM=")
    for spelling, signature in zip(SPELLINGS, right):
        names = spelling.split(" ")
        values = {"host": "apitest.visaacceptance.com", "date": date, "v-c-date": date, "v-c-merchant-id": "example_org_1",
                  "(request-target)": "get " + PATH, "request-target": "get " + PATH}
        assert signature_of(secret, [(name, values[name]) for name in names]) == signature, spelling


def test_root():
    """the root certificate is one, and comes to who signs in any of the spellings"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        pem = good(box.call("GET", PATH, signed(box)))
        assert pem.count("BEGIN CERTIFICATE") == 1
        text = subprocess.run(["openssl", "x509", "-noout", "-text", "-ext", "basicConstraints"], input=pem.encode(),
                              capture_output=True, check=True).stdout.decode()
        assert "CA:TRUE" in text and "prime256v1" in text
        for spelling in SPELLINGS:
            assert good(box.call("GET", PATH, signed(box, spelling))) == pem, spelling
        assert good(box.call("GET", PATH, signed(box, host="127.0.0.1"))) == pem, "host without port"
        body = b"{}"
        spelling = "host date (request-target) digest v-c-merchant-id"
        assert good(box.call("GET", PATH, signed(box, spelling, body=body), body)) == pem
        assert good(box.call("GET", PATH + "?a=b", signed(box, target=PATH + "?a=b"))) == pem
        assert good(box.call("GET", PATH, jwt(box))) == pem
        assert good(box.call("GET", PATH, jwt(box, request_host="127.0.0.1"))) == pem
        assert good(box.call("GET", PATH, jwt(box, digest=digest_of(body), digest_algorithm="SHA-256"), body)) == pem


def test_bad_signatures():
    """a signature that is wrong in any part is refused"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        def ask(*args, body=b"", **changes):
            return box.call("GET", PATH, signed(box, *args, **changes), body)

        refused(box.call("GET", PATH), "neither")
        refused(ask(secret=base64.b64encode(b"x" * 32).decode()), "not that")
        refused(ask(key=str(uuid.uuid4())), "no such key")
        refused(ask(merchant="other"), "no such key")
        refused(ask(method="post"), "not that")
        refused(ask(target="/other"), "not that")
        refused(ask(host="example.com"), "not that")
        for name in ("host", "date", "(request-target)", "v-c-merchant-id"):
            refused(ask(" ".join(word for word in SPELLINGS[0].split(" ") if word != name)), "must be signed")
        refused(ask(SPELLINGS[0] + " x-missing"), "not that")
        refused(ask(body=b"{}"), "digest")
        spelling = "host date (request-target) digest v-c-merchant-id"
        refused(box.call("GET", PATH, signed(box, spelling, body=b"{}"), b"{ }"), "digest")
        for offset in (-301, 301, -86400, 10 ** 9):
            refused(ask(date=formatdate(NOW + offset, usegmt=True)), "date")
        for offset in (-300, 300):
            good(ask(date=formatdate(NOW + offset, usegmt=True)))
        box.assume("devices-clock-window=1000")
        good(ask(date=formatdate(NOW - 1000, usegmt=True)))
        for date in ("", "now", "Wed, 99 Foo 2025 00:00:00 GMT", "2026-01-01T00:00:00Z"):
            refused(ask(date=date), "date")
        right = signed(box)["signature"]
        for wrong in ("", "x", '"', "keyid=", right.replace("keyid", "key"), right.replace("HmacSHA256", "none"),
                      right.replace(", algorithm=\"HmacSHA256\"", ""), right[:-10], right.split(", headers")[0],
                      "," * 5000, 'keyid="' + "x" * 9000, right.replace('headers="', 'headers="  '),
                      right.replace("signature=\"", "signature=\"A")):
            refused(box.call("GET", PATH, {**signed(box), "signature": wrong}))


def test_bad_tokens():
    """a token that is wrong in any part is refused"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        def ask(header=None, **changes):
            return box.call("GET", PATH, jwt(box, header, **changes))

        good(ask())
        refused(ask(secret=base64.b64encode(b"x" * 32).decode()), "signature")
        for header in ({"alg": "none", "kid": box.info["keyId"]}, {"alg": "HS512", "kid": box.info["keyId"]},
                       {"alg": "HS256"}, {"alg": "HS256", "kid": "x"}, [], 5):
            refused(ask(header if header else [1]), "alg")
        for name, values in (("iat", (None, "x", NOW - 301, NOW + 301, 1.5)), ("exp", (None, NOW - 1, NOW + 121, 10 ** 14)),
                             ("request-host", (None, "example.com", 5)), ("request-resource-path", (None, "/", PATH + "?")),
                             ("request-method", (None, "GET", "post")), ("iss", (None, "other")),
                             ("v-c-merchant-id", (None, "other", [])), ("v-c-jwt-version", (None, "1", 2)),
                             ("jti", (None,))):
            for value in values:
                refused(ask(**{name.replace("-", "_"): value}))
        refused(box.call("GET", PATH, jwt(box), b"{}"), "digest")
        refused(box.call("GET", PATH, jwt(box, digest=digest_of(b"x"), digest_algorithm="SHA-256"), b"{}"), "digest")
        token = jwt(box)["Authorization"][7:]
        for wrong in ("", "x", "..", "a.b", "a.b.c", token + ".", token + "=", token[:-2], "." + token, token + ".x",
                      token.replace(".", "!"), "x" * 20000, token.split(".")[0] + ".e30." + token.split(".")[2]):
            refused(box.call("GET", PATH, {"Authorization": "Bearer " + wrong}))
        box.set_clock(NOW + 100)
        late = {"Authorization": "Bearer " + token}
        good(box.call("GET", PATH, late))
        box.set_clock(NOW + 121)
        refused(box.call("GET", PATH, late), "exp")


def test_paths():
    """the probe needs no login, and other paths are not there"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        assert box.call("GET", "/up").status == 200
        for method, path in (("GET", "/"), ("POST", "/up"), ("POST", PATH), ("GET", PATH + "/"), ("GET", "/ch"),
                             ("GET", "/v1"), ("GET", "/%2e%2e/%00"), ("DELETE", "/x" * 2000), ("BREW", "/up")):
            answer = box.call(method, path, signed(box))
            assert answer.status == 404 and answer.body == b"Resource not found", (method, path, answer)


if __name__ == "__main__":
    sys.exit(run([test_vectors, test_root, test_bad_signatures, test_bad_tokens, test_paths]))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commerce Hub as the sandbox pretends it: each step of validation, each call, each assumption, as TAP."""
import base64
import hashlib
import json
import re
import subprocess
import sys
import threading
import time
import uuid

from stranger import Sandbox, error_of, expect, hub_signature, run, temporary

NOW = 1767225600  # 1 January 2026, for a clock that stands still

ISO = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
TRACE = re.compile(r"^[a-f0-9]{32}$")


def check_envelope(answer, request_id):
    details = answer.json["gatewayResponse"]["transactionProcessingDetails"]
    assert TRACE.match(details["apiTraceId"]) and answer.headers["apitraceid"] == details["apiTraceId"], answer
    assert details["clientRequestId"] == request_id and ISO.match(details["transactionTimestamp"]), answer
    assert "**********" in details["apiKey"], answer
    assert answer.headers["content-type"] == "application/json" and "x-request-id" in answer.headers, answer
    assert "no-store" in answer.headers["cache-control"] and answer.headers["date"].endswith("GMT"), answer


def der_size(der):
    """Bits of the modulus of an RSA SubjectPublicKeyInfo, read by openssl."""
    out = subprocess.run(["openssl", "pkey", "-pubin", "-inform", "DER", "-noout", "-text"], input=der,
                         capture_output=True, check=True).stdout
    return int(re.search(rb"(\d+) bit", out)[1])


def test_vectors():
    """this client signs as the reference's test vectors say"""
    key, secret = "EXAMPLEKEY0123456789abcdefABCDEF", "EXAMPLE-secret-do-not-use-0123456789"
    vectors = [
        ("3f2b8c1e-9d47-4a6b-8e15-7c0d2a9b4f61", "1735689600000",
         b'{"merchantDetails":{"merchantId":"100008000003683","terminalId":"10000001"}}',
         "0st1ZTX1OU0A4oqcJvPJVDiyfkcRZI8gHM6sPTCUxIQ="),
        ("7a1c5e90-2b3d-4f68-a1e4-5d6c7b8a9f00", "1735689600123", b"", "dIZYa/UhW3Yd3scNS3pjjin3Q70pGc0l6SCWy31US7Q="),
        ("0b9e4d72-61f8-4c35-9a0d-e8f7a6b5c4d3", "1735689601000",
         '{"clientCryptographicDetails":{"clientKeyID":"café-01","usedFor":"RTAU"}}'.encode(),
         "4QFYVKzXzXBJvuNLLEE9sK8k5PMSRrs5gSInQJj0sdE="),
    ]
    for request_id, timestamp, body, signature in vectors:
        assert hub_signature(key, secret, request_id, timestamp, body) == signature, request_id


def test_order():
    """a request is looked at in the documented order"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        good = json.dumps(box.merchant).encode()
        path = "/security/v1/keys/generate"
        wrong = dict(Content_Type="text/plain", Api_Key=None, Timestamp="x", Authorization="x")
        # 1 path, before all that is wrong as well
        expect(box.hub("/security/v1/keys", b"{", **wrong), 404, None, kind="APIM")
        expect(box.hub("/nothing", b"{", **wrong), 404, None, kind="APIM")
        expect(box.hub(path, b"{", method="PUT"), 404, None, kind="APIM")
        # 2 media type
        expect(box.hub(path, b"{", **wrong), 415, None, kind="APIM")
        expect(box.hub(path, good, Content_Type=None), 415, None, kind="APIM")
        assert box.hub(path, good, Content_Type="application/json; charset=UTF-8").status == 201
        # 3 headers and key
        for header in ("Api_Key", "Authorization", "Auth_Token_Type", "Timestamp"):
            answer = expect(box.hub(path, b"{", **{header: None}), 401, None, kind="APIM")
            assert "missing" in answer.why, answer
            assert error_of(answer)["message"] == "ApiKey and/or Authentication supplied are invalid."
        assert "no such" in expect(box.hub(path, good, key="wrong"), 401, None, kind="APIM").why
        expect(box.hub(path, good, Auth_Token_Type="JWT"), 401, None, kind="APIM")
        expect(box.hub(path, good, Auth_Token_Type="hmac"), 401, None, kind="APIM")
        # 4 clock
        for timestamp in ((NOW - 301) * 1000, (NOW + 301) * 1000, NOW, "x", "", "1e12", "-5", "+%d000" % NOW, "9" * 25):
            answer = expect(box.hub(path, b"{", timestamp=timestamp), 401, None, kind="APIM")
            assert "Timestamp" in answer.why, answer
        for timestamp in ((NOW - 300) * 1000, (NOW + 300) * 1000):
            assert box.hub("/status", method="GET", timestamp=timestamp).status == 200
        # 5 signature
        assert "signature" in expect(box.hub(path, b"{", secret="wrong"), 401, None, kind="APIM").why
        answer = expect(box.hub(path, good, legacy=True), 401, None, kind="APIM")
        assert "hex" in answer.why, answer
        headers = box.hub_headers(good)
        expect(box.call("POST", "/ch" + path, headers, good + b" "), 401, None, kind="APIM")
        # 6 request id
        body = good
        headers = box.hub_headers(body, request_id="")
        expect(box.call("POST", "/ch" + path, headers, body), 400, "138", "Client-Request-Id")
        del headers["Client-Request-Id"]
        expect(box.call("POST", "/ch" + path, headers, body), 400, "138", "Client-Request-Id")
        expect(box.hub(path, good, request_id="x" * 1025), 400, "100", "Client-Request-Id")
        assert box.hub(path, good, request_id="x" * 1024).status == 201
        # 7 JSON, 8 fields, 9 merchant
        expect(box.hub(path, b""), 400, "138")
        for text in (b"{", b"[]", b"null", b'{"a":1,"a":2}', b'{"a":"\xff"}', b'"x"', b"{} {}", b"\xef\xbb\xbf{}",
                     b"[" * 75000, b'{"a":"\\u0000"}', b'{"a":1e400}', b"{'a':1}", b'{"a":"\\ud800"}'):
            expect(box.hub(path, text), 400, "121")
        expect(box.hub(path, {}), 400, "107", "merchantDetails")
        expect(box.hub(path, {"merchantDetails": None}), 400, "107", "merchantDetails")
        expect(box.hub(path, {"merchantDetails": []}), 400, "100", "merchantDetails")
        expect(box.hub(path, {"merchantDetails": {}}), 400, "107", "merchantDetails.merchantId")
        for value, code in ((5, "100"), (True, "100"), ([], "100"), ("", "100"), ("x" * 1025, "100"), ("a\nb", "123"),
                            ("123456789012345", "201"), (None, "107")):
            expect(box.hub(path, {"merchantDetails": {"merchantId": value}}), 400, code, "merchantDetails.merchantId")
        for value, code in ((5, "100"), ("x" * 1025, "100"), ("a\tb", "123"), ("99", "202")):
            merchant = {**box.merchant["merchantDetails"], "terminalId": value}
            expect(box.hub(path, {"merchantDetails": merchant}), 400, code, "merchantDetails.terminalId")
        del merchant["terminalId"]
        assert box.hub(path, {"merchantDetails": merchant, "somethingNew": [1, {}]}).status == 201


def test_generate():
    """a generated key is a real one and lives as long as is assumed"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        answer = expect(box.generate(request_id="4345791"), 201)
        check_envelope(answer, "4345791")
        details = answer.json["asymmetricKeyDetails"]
        assert uuid.UUID(details["keyId"]) and details["encryptionType"] == "RSA" and details["modulus"] == 2048
        assert details["status"] == "ACTIVE", details
        assert details["validFrom"] == "2026-01-01T00:00:00Z" and details["validTo"] == "2026-01-21T00:00:00Z"
        der = base64.b64decode(details["encodedPublicKey"], validate=True)
        assert len(der) == 294 and der_size(der) == 2048
        assert answer.json["symmetricKeyDetails"] == {"encryptionType": "AES-GCM", "modulus": 256}
        other = box.generate().json["asymmetricKeyDetails"]
        assert other["keyId"] != details["keyId"] and other["encodedPublicKey"] != details["encodedPublicKey"]
        box.assume("key-validity=600")
        box.assume("key-encoding=hex")
        box.assume("times=fraction9")
        box.assume("numbers-as-text=yes")
        box.assume("symmetric-details=no")
        answer = expect(box.generate(), 201).json
        details = answer["asymmetricKeyDetails"]
        assert details["validTo"].startswith("2026-01-01T00:10:00.") and len(details["validTo"]) == 30, details
        assert der_size(bytes.fromhex(details["encodedPublicKey"])) == 2048
        assert details["modulus"] == "2048" and "symmetricKeyDetails" not in answer
        for word, length in (("fraction3", 24), ("fraction6", 27), ("plain", 20)):
            box.assume("times=" + word)
            assert len(box.generate().json["asymmetricKeyDetails"]["validTo"]) == length


def test_revoke():
    """a key is revoked once and for all"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        key = box.generate().json["asymmetricKeyDetails"]
        answer = expect(box.revoke(key["keyId"], request_id="r1"), 200)
        check_envelope(answer, "r1")
        assert answer.json["asymmetricKeyDetails"] == {**key, "status": "REVOKED"}
        expect(box.revoke(key["keyId"]), 400, "752")
        with box.assuming("revoke-twice=200", "400"):
            assert expect(box.revoke(key["keyId"]), 200).json["asymmetricKeyDetails"]["status"] == "REVOKED"
        for unknown in (str(uuid.uuid4()), "x", "%20", "a%2Fb", "%C3%A4", "x" * 4000):
            expect(box.revoke(unknown), 400, "666")
        with box.assuming("unknown-key=404", "400"):
            expect(box.revoke("x"), 404, "666")
        for path in ("a/b", "..", "%00"):
            expect(box.revoke(path), 404, None, kind="APIM")
        expect(box.hub("/security/v1/keys//revoke", box.merchant), 404, None, kind="APIM")
        box.assume("revoke-status=201")
        expect(box.revoke(box.generate().json["asymmetricKeyDetails"]["keyId"]), 201)
        # Percent-encoding of what needs none is the same key.
        key_id = box.generate().json["asymmetricKeyDetails"]["keyId"]
        expect(box.revoke("%%%02x%s" % (ord(key_id[0]), key_id[1:])), 201)
        # One that has ended is INACTIVE, and may still be revoked.
        box.assume("key-validity=60")
        key_id = box.generate().json["asymmetricKeyDetails"]["keyId"]
        box.set_clock(NOW + 61)
        assert box.revoke(key_id).json["asymmetricKeyDetails"]["status"] == "REVOKED"


def test_replay():
    """the same request again gets the same answer, another one with its id is refused"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        first = expect(box.generate(request_id="one"), 201)
        again = expect(box.generate(request_id="one"), 201)
        assert again.body == first.body and again.headers["apitraceid"] == first.headers["apitraceid"]
        # A new timestamp with a new signature is still the same request.
        assert box.generate(request_id="one", timestamp=(NOW + 5) * 1000).body == first.body
        answer = expect(box.hub("/security/v1/keys/generate", {**box.merchant, "x": 1}, request_id="one"),
                        401, None, kind="APIM")
        assert "another request" in answer.why, answer
        expect(box.credentials(request_id="one"), 401, None, kind="APIM")
        expect(box.hub("/status", method="GET", request_id="one"), 401, None, kind="APIM")
        # Refusals are answers too.
        refused = box.hub("/security/v1/keys/generate", {}, request_id="two")
        assert box.hub("/security/v1/keys/generate", {}, request_id="two").body == refused.body
        # What came before the id was looked at is not.
        expect(box.generate(request_id="three", secret="wrong"), 401, None, kind="APIM")
        expect(box.generate(request_id="three"), 201)
        box.set_clock(NOW + 299)
        assert box.generate(request_id="one").body == first.body
        box.set_clock(NOW + 300)
        assert expect(box.generate(request_id="one"), 201).body != first.body
        box.assume("duplicate-id=process")
        one, two = box.generate(request_id="four"), box.generate(request_id="four")
        assert one.json["asymmetricKeyDetails"]["keyId"] != two.json["asymmetricKeyDetails"]["keyId"]
        box.assume("duplicate-id=refuse")
        expect(box.generate(request_id="four"), 401, None, kind="APIM")
        box.assume("duplicate-id=replay")
        box.assume("replay-window=0")
        assert box.generate(request_id="one").body != box.generate(request_id="one").body


def test_running():
    """the same request while the first still runs is too early"""
    with temporary() as folder, Sandbox(folder) as box:
        for word, status, code in (("425", 425, None), ("136", 400, "136")):
            box.assume("running-id=" + word)
            box.fault("slow=2@/ch/security/v1/keys/generate")
            answers = []
            thread = threading.Thread(target=lambda: answers.append(box.generate(request_id="slow" + word)))
            thread.start()
            time.sleep(0.7)
            expect(box.generate(request_id="slow" + word), status, code, kind="GATEWAY")
            expect(box.credentials(request_id="slow" + word), 401, None, kind="APIM")
            thread.join()
            expect(answers[0], 201)
            assert box.generate(request_id="slow" + word).body == answers[0].body


def test_concurrent():
    """64 at a time, among them the same one many times: each is done once"""
    with temporary() as folder, Sandbox(folder) as box:
        answers = {}

        def ask(number):
            while True:
                answer = box.credentials(request_id="id-%d" % (number % 16)) if number < 32 else \
                    box.generate(request_id="key-%d" % (number % 4))
                if answer.status != 425:
                    break
                time.sleep(0.05)
            answers[number] = answer

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(64)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(answers) == 64 and all(answer.status == 201 for answer in answers.values())
        tokens = {number % 16: set() for number in range(16)}
        keys = {number: set() for number in range(4)}
        for number, answer in answers.items():
            if number < 32:
                tokens[number % 16].add(answer.json["accessToken"])
            else:
                keys[number % 4].add(answer.json["asymmetricKeyDetails"]["keyId"])
        assert all(len(found) == 1 for found in [*tokens.values(), *keys.values()]), (tokens, keys)
        assert len(set.union(*tokens.values())) == 16 and len(set.union(*keys.values())) == 4


def test_upload():
    """a certificate is taken in each spelling, and refused where it is not one"""
    with temporary() as folder, Sandbox(folder) as box:
        def openssl(*words, data=None):
            return subprocess.run(["openssl", *words], input=data, capture_output=True, check=True, cwd=folder).stdout

        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
                "-subj", "/CN=Shop", "-days", "30")
        pem = open(folder + "/cert.pem").read()
        key_pem = open(folder + "/key.pem").read()
        cert = openssl("x509", "-in", "cert.pem", "-outform", "DER")
        spki = openssl("pkey", "-in", "key.pem", "-pubout", "-outform", "DER")
        private = openssl("pkey", "-in", "key.pem", "-outform", "DER")
        spki_pem = openssl("pkey", "-in", "key.pem", "-pubout").decode()
        key_id = hashlib.sha256(spki).hexdigest()
        members = {"clientKeyID": key_id, "cryptographicResource": base64.b64encode(cert).decode(),
                   "cryptographicAlgorithm": "JWE", "cryptographicResourceEncoding": ".pem",
                   "cryptographicResourceType": "CERTIFICATE", "cryptographicResourceLength": 2048, "usedFor": "RTAU"}

        answer = expect(box.upload(members, request_id="9716198"), 201)
        check_envelope(answer, "9716198")
        gateway = answer.json["gatewayResponse"]
        assert (gateway["transactionType"], gateway["transactionState"], gateway["transactionOrigin"]) == \
            ("UPLOAD", "UPLOADED", "POS")
        echo = answer.json["clientCryptographicDetails"]
        assert echo["publicKeyHash"] == key_id[:32].upper() and echo["cryptographicAlgorithm"] == "JWT"
        assert {**echo, "cryptographicAlgorithm": "JWE"} == {**members, "publicKeyHash": echo["publicKeyHash"]}

        # All spellings are the same key, and the same upload again is no error.
        for resource in (base64.b64encode(spki).decode(), cert.hex(), spki.hex().upper(), pem, spki_pem,
                         base64.encodebytes(cert).decode(), base64.b64encode(pem.encode()).decode(),
                         pem.replace("\n", "\r\n")):
            answer = expect(box.upload({**members, "cryptographicResource": resource}), 201)
            assert answer.json["clientCryptographicDetails"]["publicKeyHash"] == echo["publicKeyHash"]
        for encoding in (".pemEncoded", ".cerEncoded", ".derEncoded", ".cer", ".der"):
            expect(box.upload({**members, "cryptographicResourceEncoding": encoding}), 201)
        for algorithm in ("JWT", "RSA", "DUKPT"):
            answer = expect(box.upload({**members, "cryptographicAlgorithm": algorithm}), 201)
            assert answer.json["clientCryptographicDetails"]["cryptographicAlgorithm"] == algorithm
        other = {**members, "clientKeyId": key_id, "email": "shop@example.com"}
        del other["clientKeyID"]
        answer = expect(box.upload(other, wrapper="cryptographicDetails", beside=box.merchant), 201).json
        assert answer["cryptographicDetails"]["clientKeyId"] == key_id and answer["merchantDetails"] == \
            box.merchant["merchantDetails"] and answer["cryptographicDetails"]["email"] == "shop@example.com"

        def refused(code, member, **changes):
            changed = {name: value for name, value in {**members, **changes}.items() if value != "left out"}
            expect(box.upload(changed), 400, code, "clientCryptographicDetails." + member)

        for member in members:
            refused("107", member, **{member: "left out"})
            refused("107", member, **{member: None})
            refused("100", member, **{member: ["x"]})
        refused("100", "clientKeyID", clientKeyID="x" * 65)
        refused("100", "cryptographicAlgorithm", cryptographicAlgorithm="ROT13")
        refused("100", "cryptographicResourceEncoding", cryptographicResourceEncoding=".txt")
        refused("100", "cryptographicResourceType", cryptographicResourceType="KEYS")
        refused("100", "usedFor", usedFor="ALL")
        refused("100", "cryptographicResourceLength", cryptographicResourceLength="2048")
        refused("100", "cryptographicResourceLength", cryptographicResourceLength=1024)
        for resource in ("", "x", "MIIB", "00", base64.b64encode(private).decode(), key_pem, key_pem + pem,
                         base64.b64encode(key_pem.encode()).decode(), "x" * 70000, base64.b64encode(cert[:-9]).decode(),
                         "-----BEGIN ", "-----BEGIN CERTIFICATE-----\n"):
            refused("100", "cryptographicResource", cryptographicResource=resource)
        expect(box.hub("/tms/v1/client-certificate", {}), 400, "107", "clientCryptographicDetails")
        expect(box.upload(members, beside={"merchantDetails": {"merchantId": "1"}}), 400, "201")
        with box.assuming("upload-length=ignore", "refuse"):
            expect(box.upload({**members, "cryptographicResourceLength": 1}), 201)

        # Another key under the same name.
        ec = openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-outform", "DER")
        ec_spki = openssl("pkey", "-inform", "DER", "-pubout", "-outform", "DER", data=ec)
        changed = {**members, "cryptographicResource": base64.b64encode(ec_spki).decode(),
                   "cryptographicResourceLength": 256, "cryptographicResourceType": "KEY"}
        expect(box.upload(changed), 400, "268", "clientCryptographicDetails.clientKeyID")
        with box.assuming("upload-other-key=replace", "refuse"):
            expect(box.upload(changed), 201)
            expect(box.upload(members), 201)
        with box.assuming("upload-status=200", "201"):
            expect(box.upload(members), 200)
        with box.assuming("upload-algorithm=same", "jwt"):
            assert box.upload(members).json["clientCryptographicDetails"]["cryptographicAlgorithm"] == "JWE"
        with box.assuming("rtau=off", "on"):
            expect(box.upload(members), 400, "207")


def test_upload_expired():
    """a certificate that has ended or not begun is refused"""
    with temporary() as folder, Sandbox(folder, clock=int(time.time()) + 60) as box:
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out",
                        "cert.der", "-outform", "DER", "-subj", "/CN=Shop", "-days", "30"],
                       capture_output=True, check=True, cwd=folder)
        members = {"clientKeyID": "a", "cryptographicAlgorithm": "JWE", "cryptographicResourceEncoding": ".pem",
                   "cryptographicResource": base64.b64encode(open(folder + "/cert.der", "rb").read()).decode(),
                   "cryptographicResourceType": "CERTIFICATE", "cryptographicResourceLength": 2048, "usedFor": "RTAU"}
        expect(box.upload(members), 201)
        for days in (31, -1):
            box.set_clock(int(time.time()) + days * 86400)
            expect(box.upload(members), 400, "100", "clientCryptographicDetails.cryptographicResource")
            with box.assuming("upload-expired=accept", "refuse"):
                expect(box.upload(members), 201)


def test_credentials():
    """credentials in both shapes, with any time to live"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        answer = expect(box.credentials(request_id="c"), 201)
        check_envelope(answer, "c")
        got = answer.json
        once = base64.b64decode(got["publicKey"], validate=True)
        assert len(once) == got["keyLength"] == 392 and der_size(base64.b64decode(once, validate=True)) == 2048
        assert re.match(r"^[A-Z0-9]{28}$", got["accessToken"]) and uuid.UUID(got["sessionId"]) and uuid.UUID(got["keyId"])
        assert got["accessTokenType"] == "BEARER" and got["accessTokenTimeToLive"] == 1800
        assert got["accessTokenIssuedTime"] == "2026-01-01T00:00:00Z" and got["expiresAt"] == "2026-01-01T00:30:00Z"
        assert got["symmetricEncryptionAlgorithm"] == "AES-GCM" and got["asymmetricEncryptionAlgorithm"] == "RSA-2048"
        assert box.credentials().json["accessToken"] != got["accessToken"]

        for value, seconds in (("889", 889), ("1800", 1800), ("1801", 2), ("60000", 60), ("1800000", 1800), ("1", 1)):
            assert box.credentials({"accessTokenTimeToLive": value}).json["accessTokenTimeToLive"] == seconds, value
        for value in ("0", "-1", "x", "", "1800001", "9999999", "12345678", 889, True, "1.5", "+5", " 5"):
            expect(box.credentials({"accessTokenTimeToLive": value}), 400, "100", "accessTokenTimeToLive")
        with box.assuming("token-ttl=milliseconds", "auto"):
            assert box.credentials({"accessTokenTimeToLive": "889"}).json["accessTokenTimeToLive"] == 1
        with box.assuming("token-ttl=seconds", "auto"):
            expect(box.credentials({"accessTokenTimeToLive": "1800000"}), 400, "100", "accessTokenTimeToLive")
        for member in ("publicKeyRequired", "accessTokenRequired"):
            expect(box.credentials({member: True}), 201)
            for value in (False, "true", 1):
                expect(box.credentials({member: value}), 400, "100", member)
        expect(box.credentials({"responseRedirectURL": "https://www.example.com", "domains": [{"url": "x"}],
                                "amount": {"total": 1}}), 201)
        expect(box.credentials({"responseRedirectURL": "x" * 4001}), 400, "100", "responseRedirectURL")

        with box.assuming("credentials-shape=2022", "now"):
            old = expect(box.credentials(), 201).json
            assert set(old) == {"publicKey", "keyLength", "accessToken", "sessionId", "accessTokenIssuedTime",
                                "accessTokenTimeToLive", "symmetricEncryptionAlgorithm",
                                "asymmetricEncryptionAlgorithm"}, old
            assert old["keyLength"] == "392" and old["accessTokenTimeToLive"] == "1800"
        with box.assuming("credentials-feature=off", "on"):
            assert "Value Added" in expect(box.credentials(), 401, None, kind="APIM").why


def test_switches():
    """the other assumptions of this service do what they say"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        def status(**changes):
            return box.hub("/status", method="GET", **changes)

        expect(status(), 200)
        with box.assuming("wrong-method=405", "404"):
            answer = expect(box.hub("/status", box.merchant), 405, None, kind="APIM")
            assert answer.headers["allow"] == "GET"
            assert box.hub("/security/v1/keys/generate", method="GET").headers["allow"] == "POST"
        with box.assuming("clock-window=1000", "300"):
            expect(status(timestamp=(NOW - 1000) * 1000), 200)
            expect(status(timestamp=(NOW - 1001) * 1000), 401, None, kind="APIM")
        with box.assuming("future-timestamps=accept", "symmetric"):
            expect(status(timestamp=(NOW + 86400) * 1000), 200)
            expect(status(timestamp=(NOW - 301) * 1000), 401, None, kind="APIM")
        with box.assuming("legacy-signature=accept", "refuse"):
            expect(status(legacy=True), 200)
            expect(status(), 200)
        with box.assuming("unknown-fields=refuse", "ignore"):
            expect(box.hub("/security/v1/keys/generate", {**box.merchant, "more": 1}), 400, "101", "more")
            merchant = {**box.merchant["merchantDetails"], "more": 1}
            expect(box.hub("/security/v1/keys/generate", {"merchantDetails": merchant}), 400, "101",
                   "merchantDetails.more")
            expect(box.credentials({"amount": {}}), 400, "101", "amount")
        with box.assuming("unknown-merchant=accept", "refuse"):
            key = box.hub("/security/v1/keys/generate", {"merchantDetails": {"merchantId": "other"}})
            expect(key, 201)
            key_id = key.json["asymmetricKeyDetails"]["keyId"]
            # A key of another merchant is as good as none.
            expect(box.revoke(key_id), 400, "666")
        with box.assuming("terminal=required", "optional"):
            merchant = {"merchantDetails": {"merchantId": box.info["merchantId"]}}
            expect(box.hub("/security/v1/keys/generate", merchant), 400, "107", "merchantDetails.terminalId")

        token = box.credentials({"accessTokenTimeToLive": "600"}).json["accessToken"]
        bearer = dict(Auth_Token_Type="AccessToken", Authorization="Bearer " + token)
        expect(status(**bearer), 401, None, kind="APIM")
        box.assume("access-token=accept")
        expect(status(**bearer), 200)
        expect(status(**{**bearer, "Authorization": "bEARER " + token, "Timestamp": None}), 200)
        for wrong in (token, "Bearer " + token[:-1], "Bearer " + token[:-1] + ("A" if token[-1] != "A" else "B"),
                      "Bearer ", "Bearer " + "é" * 14):
            expect(status(**{**bearer, "Authorization": wrong.encode()}), 401, None, kind="APIM")
        box.set_clock(NOW + 600)
        expect(status(**bearer), 401, None, kind="APIM")

        box.assume("rate-limit=3")
        found = [status() for _ in range(5)]
        assert [answer.status for answer in found] == [200, 200, 200, 429, 429], found
        assert found[4].headers["retry-after"] == "1"
        box.assume("retry-after=0")
        assert "retry-after" not in status().headers


def test_error_shapes():
    """errors come in each of the five shapes"""
    with temporary() as folder, Sandbox(folder) as box:
        def refused():
            return box.hub("/security/v1/keys/generate", {}).json

        one = {"type": "GATEWAY", "code": "107", "field": "merchantDetails", "message": "Missing Required Field"}
        assert refused()["error"] == [one]
        box.assume("error-shape=object")
        assert refused()["error"] == one
        box.assume("error-shape=nested")
        assert refused()["errorResponse"]["error"] == [one] and "error" not in refused()
        box.assume("error-shape=gateway")
        assert refused()["gatewayResponse"]["error"] == [one] and "error" not in refused()
        box.assume("error-shape=details")
        assert refused()["details"] == [one] and "error" not in refused()
        box.fault("error-shape=array@/ch")
        assert refused()["error"] == [one]
        assert refused()["details"] == [one]


def test_examples():
    """the keys of the example shop are answers of the service, one ended, one still taken, one near its end"""
    with temporary() as folder, Sandbox(folder, clock=NOW) as box:
        answers = json.loads(box.tell("keys"))
        keys = [answer["asymmetricKeyDetails"] for answer in answers]
        moments = [(key["validFrom"], key["validTo"]) for key in keys]
        now, soon = "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z"
        assert len(keys) == 3 and all(key["status"] == "ACTIVE" and key["modulus"] == 2048 for key in keys)
        assert moments[0][1] < now < moments[1][1] < moments[2][1] < soon, moments
        assert moments[0][0] < moments[1][0] < moments[2][0] < now, moments
        assert moments[1][0] < moments[0][1] and moments[2][0] < moments[1][1], "they do not overlap"
        for answer in answers:
            details = answer["gatewayResponse"]["transactionProcessingDetails"]
            assert TRACE.match(details["apiTraceId"]) and details["transactionTimestamp"] == \
                answer["asymmetricKeyDetails"]["validFrom"]
        expect(box.revoke(keys[1]["keyId"]), 200)
        assert [answer["asymmetricKeyDetails"]["status"] for answer in json.loads(box.tell("keys"))] == \
            ["ACTIVE", "REVOKED", "ACTIVE"]


if __name__ == "__main__":
    sys.exit(run([test_vectors, test_order, test_generate, test_revoke, test_replay, test_running, test_concurrent,
                  test_upload, test_upload_expired, test_credentials, test_switches, test_error_shapes, test_examples]))

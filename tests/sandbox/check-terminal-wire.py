#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's terminal: each assumption switched both ways, each fault seen on the wire, as TAP."""
import json
import re
import socket
import ssl
import sys
import time

import terminal
from stranger import run, temporary
from terminal import (GOOD_STATUS, SECONDS, STATUS, Terminal, blocks, error_message, openssl, public_of_crt, public_of_key,
                      subject)

NOW = 1767225600  # 1 January 2026, for a clock that stands still
BAD = {"posId": "x", "setupCode": "-"}
KEY, LEAF, INTERMEDIATE, ROOT = "key", "leaf", "intermediate", "root"


def kinds(box, text):
    """What the blocks of an answer are, in their order."""
    names = {"Practice Terminal Issuing CA": INTERMEDIATE, "Practice Devices Root CA": ROOT}
    return [KEY if "PRIVATE KEY" in kind else names.get(subject(part), LEAF) for kind, part in blocks(text)]


def loose(text):
    """The blocks of an answer on one line, made whole again."""
    found = []
    for label, body in re.findall(r"-----BEGIN ([A-Z ]+)-----(.*?)-----END \1-----", text, re.S):
        body = "".join(body.split())
        lines = "\n".join(body[i:i + 64] for i in range(0, len(body), 64))
        found.append("-----BEGIN %s-----\n%s\n-----END %s-----\n" % (label, lines, label))
    return "".join(found)


def pair_anew(box, pos_id="x", **keywords):
    box.new_code()
    return box.pair(pos_id, **keywords)


def test_security():
    """terminal-security: mixed, mtls and tls"""
    with temporary() as folder, Terminal(folder) as box:
        box.assume("terminal-security=mixed")
        pem = box.paired()
        box.tell("close")
        box.until(state="idle")
        assert box.refused(BAD, words=("--tls-max", "1.2")).code == 35
        assert box.curl(STATUS, pem=pem).status == 200
        box.new_code()
        assert box.curl(BAD).status == 400 and box.curl(STATUS).status == 403
        # As the vendor's guide reports: a device in mTLS mode can't be paired with.
        box.assume("terminal-security=mtls")
        error = box.refused(BAD, words=("--tls-max", "1.2"))
        assert error.code == 35 and "handshake failure" in error.text, error
        assert box.curl(STATUS, pem=pem).status == 200
        # Who is paired may pair again, though.
        assert box.curl({"posId": "123", "setupCode": box.code}, pem=pem).status == 200
        box.assume("terminal-security=tls")
        assert "No client certificate CA names sent" in box.s_client().stdout
        assert box.curl(STATUS).json == GOOD_STATUS and box.curl(STATUS, pem=pem).json == GOOD_STATUS
        box.tell("close")
        box.until(state="idle")
        reply = box.curl(BAD)
        assert reply.status == 409 and error_message(reply) == "No set-up code is shown.", reply
        assert json.loads(box.talk(STATUS, stay=True)[0]) == GOOD_STATUS
        box.assume("terminal-no-code=400")
        assert box.curl(BAD).status == 400
        box.assume("terminal-no-code=409")
        assert box.curl(BAD).status == 409


def test_handshakes():
    """terminal-name, terminal-tls, terminal-intermediate, terminal-other-certificate"""
    with temporary() as folder, Terminal(folder) as box:
        for word in ("cybs", "pgw"):
            box.assume("terminal-name=" + word)
            assert box.peer_names()[0] == ["%s.%s.seclib.io" % (box.serial, word)]
            assert box.curl(BAD, name="%s.%s.seclib.io" % (box.serial, word)).status == 400
        for word, good in (("1.2", {"1.2"}), ("1.3", {"1.3"}), ("both", {"1.2", "1.3"})):
            box.assume("terminal-tls=" + word)
            for version, words in (("1.2", ("--tls-max", "1.2")), ("1.3", ("--tlsv1.3",))):
                if version in good:
                    assert box.curl(STATUS, words=words).status == 403
                else:
                    assert box.refused(STATUS, words=words).code == 35
        pem = box.paired("same", "old")
        short = box.keep("\n".join(part for _, part in blocks(open(pem).read())[:2]) + "\n", "short")
        assert "certificate unknown" in box.refused(STATUS, pem=short).text
        box.assume("terminal-intermediate=known")
        assert box.curl(STATUS, pem=short).json == GOOD_STATUS and box.curl(STATUS, pem=pem).json == GOOD_STATUS
        names = box.s_client().stdout.split("Acceptable")[1].split("Requested")[0]
        assert "Root" in names and "Issuing" not in names, names
        box.assume("terminal-intermediate=sent")
        assert "certificate unknown" in box.refused(STATUS, pem=short).text
        new = box.paired("same", "new")
        box.assume("terminal-other-certificate=alert")
        assert "certificate unknown" in box.refused(STATUS, pem=pem).text and box.curl(STATUS, pem=new).status == 200
        box.assume("terminal-other-certificate=1008")
        assert box.curl(STATUS, pem=pem).status == 403 and box.talk(STATUS, pem=pem) == [1008]


def test_codes():
    """terminal-code-seconds, -code-use, -code-case, -tries, -withdrawn, -bad-code, -locked"""
    with temporary() as folder, Terminal(folder, "terminal-code-seconds=20", clock=NOW) as box:
        assert box.screen["expiresAt"] == NOW + 20
        first = box.code
        box.advance(20)
        assert box.until(expiresAt=NOW + 40)["code"] != first
        box.assume("terminal-code-seconds=300")
        box.assume("terminal-code-use=until-change")
        code = box.new_code()
        assert [box.pair("a", code).status, box.pair("b", code).status] == [200, 200]
        assert box.until(posId="b")["state"] == "activated"
        box.advance(300)
        box.assume("terminal-security=tls")
        assert box.pair("c", code).status == 409
        box.assume("terminal-code-use=once")
        code = box.new_code()
        assert [box.pair("a", code).status, box.pair("b", code).status] == [200, 409]
        while (code := box.new_code()).isdigit():
            pass
        assert box.pair("a", code.lower()).status == 400
        box.assume("terminal-code-case=fold")
        assert box.pair("a", code.lower()).status == 200
        box.assume("terminal-code-case=exact")
        box.new_code()
        for status in ("401", "403", "400"):
            box.assume("terminal-bad-code=" + status)
            reply = box.curl(BAD)
            assert reply.status == int(status) and error_message(reply) == "The set-up code is not valid.", reply
        box.assume("terminal-tries=0")
        box.new_code()
        assert {box.curl(BAD).status for _ in range(12)} == {400} and box.until(tries=12)["state"] == "code"
        box.assume("terminal-tries=2")
        box.new_code()
        assert [box.curl(BAD).status for _ in range(3)] == [400, 400, 429]
        box.assume("terminal-locked=400")
        reply = box.curl(BAD)
        assert reply.status == 400 and error_message(reply) == "Too many wrong set-up codes.", reply
        box.assume("terminal-locked=429")
        assert box.curl(BAD).status == 429
        box.assume("terminal-withdrawn=tap")
        box.advance(1000)
        time.sleep(1.5)
        assert box.screen["state"] == "withdrawn" and box.curl(BAD).status == 429
        box.assume("terminal-withdrawn=timer")
        box.until(state="code")
        box.assume("terminal-withdrawn=tap")
        assert box.pair("x").status == 200


def test_requests():
    """terminal-pos-id, terminal-same-pos-id, terminal-request-type, unknown-fields, wrong-method"""
    with temporary() as folder, Terminal(folder) as box:
        box.assume("terminal-pos-id=any")
        for pos_id in ("x" * 255, "Kasse 3 – Türe", "../x", "\U0001f4b3"):
            reply = pair_anew(box, pos_id)
            assert reply.status == 200 and box.until(posId=pos_id), reply
            assert box.curl(STATUS, pem=box.keep(reply.body, "odd")).status == 200
        assert pair_anew(box, "x" * 256).status == 400
        box.assume("terminal-pos-id=plain")
        assert pair_anew(box, "a b").status == 400
        first = box.paired("same", "first")
        box.assume("terminal-same-pos-id=refuse")
        code = box.new_code()
        reply = box.pair("same", code)
        assert reply.status == 409 and error_message(reply) == "This POS ID is already used.", reply
        # The code is not used up by that.
        assert box.pair("another", code).status == 200
        box.assume("terminal-same-pos-id=both")
        second = box.paired("same", "second")
        assert box.curl(STATUS, pem=first).status == 200 and box.curl(STATUS, pem=second).status == 200
        box.assume("terminal-same-pos-id=replace")
        third = box.paired("same", "third")
        assert [box.curl(STATUS, pem=pem).status for pem in (first, second, third)] == [403, 403, 200]
        text = json.dumps(BAD)
        box.new_code()

        def typed(kind):
            got, _ = box.raw_bytes(("POST / HTTP/1.1\r\nHost: a\r\n%sContent-Length: %d\r\n\r\n%s" % (kind, len(text), text))
                                   .encode())
            return int(got.split(b" ")[1])

        cases = ("", "Content-Type: text/plain\r\n", "Content-Type: application/json; charset=utf-8\r\n")
        assert [typed(kind) for kind in cases] == [400, 400, 400]
        box.assume("terminal-request-type=json")
        assert [typed(kind) for kind in cases] == [415, 415, 400]
        box.assume("terminal-request-type=any")
        assert typed(cases[1]) == 400
        more = {"posId": "x", "setupCode": box.new_code(), "more": 1}
        box.assume("unknown-fields=refuse")
        assert error_message(box.curl(more)) == "There are unknown fields."
        box.assume("unknown-fields=ignore")
        assert box.curl(more).status == 200
        box.new_code()
        assert box.curl(method="GET").status == 404
        box.assume("wrong-method=405")
        reply = box.curl(method="GET")
        assert reply.status == 405 and reply.headers["allow"] == "POST"
        box.assume("wrong-method=404")


def test_answers():
    """terminal-status, -content-type, -layout, -key, -order, -certificate-days"""
    with temporary() as folder, Terminal(folder) as box:
        plain = pair_anew(box)
        assert plain.status == 200 and kinds(box, plain.body) == [KEY, LEAF, INTERMEDIATE, ROOT]
        box.assume("terminal-status=201")
        assert pair_anew(box).status == 201
        box.assume("terminal-status=200")
        assert pair_anew(box).status == 200
        for kind in ("text/plain", "application/x-pem-file"):
            box.assume("terminal-content-type=" + kind)
            assert pair_anew(box).headers["content-type"] == kind
        box.assume("terminal-layout=crlf")
        text = pair_anew(box).body
        assert text.count("\r\n") == text.count("\n") > 20 and kinds(box, text) == [KEY, LEAF, INTERMEDIATE, ROOT]
        box.assume("terminal-layout=one-line")
        text = pair_anew(box).body
        assert "\n" not in text and "-----END RSA PRIVATE KEY----- -----BEGIN CERTIFICATE----- " in text
        pem = box.keep(loose(text), "one-line")
        assert box.curl(STATUS, pem=pem).status == 200
        box.assume("terminal-layout=json")
        reply = pair_anew(box)
        assert reply.headers["content-type"] == "application/json" and isinstance(reply.json, str)
        assert box.curl(STATUS, pem=box.keep(reply.json, "json")).status == 200
        box.new_code()
        got = box.talk({"posId": "x", "setupCode": box.code})
        assert kinds(box, json.loads(got[0])) == [KEY, LEAF, INTERMEDIATE, ROOT]
        box.assume("terminal-layout=lines")
        assert pair_anew(box).body.startswith("-----BEGIN RSA PRIVATE KEY-----\n")
        box.assume("terminal-key=pkcs8")
        text = pair_anew(box).body
        assert text.startswith("-----BEGIN PRIVATE KEY-----\n")
        assert box.curl(STATUS, pem=box.keep(text, "pkcs8")).status == 200
        box.assume("terminal-key=pkcs1")
        assert pair_anew(box).body.startswith("-----BEGIN RSA PRIVATE KEY-----\n")
        for word, order in (("root-first", [KEY, ROOT, INTERMEDIATE, LEAF]), ("mixed", [KEY, INTERMEDIATE, ROOT, LEAF]),
                            ("leaf-first", [KEY, LEAF, INTERMEDIATE, ROOT])):
            box.assume("terminal-order=" + word)
            assert kinds(box, pair_anew(box).body) == order, word
        for days in (1, 365, 5000):
            box.assume("terminal-certificate-days=%d" % days)
            leaf = blocks(pair_anew(box).body)[1][1]
            ends = ssl.cert_time_to_seconds(openssl("x509", "-noout", "-enddate", data=leaf).strip().split("=")[1])
            # None outlives its issuer.
            assert abs(ends - time.time() - min(days, 3650) * 86400) < 86400, days


def test_channel():
    """terminal-wss-pairing, -wss-after, -wss-refusal, -https-messages"""
    with temporary() as folder, Terminal(folder) as box:
        box.assume("terminal-wss-pairing=discriminator")
        got = box.talk({"posId": "x", "setupCode": box.code})
        assert error_message(got[0]) == "Class discriminator was missing." and got[1] == 1008, got
        # As the fall-back needs it: over HTTPS the same code is good.
        assert box.pair("x").status == 200
        box.new_code()
        box.assume("terminal-wss-pairing=answer")
        assert box.talk({"posId": "x", "setupCode": box.code})[1] == 1000
        box.new_code()
        box.assume("terminal-wss-after=stay")
        got = box.talk({"posId": "x", "setupCode": box.code}, stay=True)
        assert blocks(got[0]) and got[1] == "open"
        box.assume("terminal-wss-after=close")
        box.new_code()
        assert box.talk({"posId": "x", "setupCode": box.code})[1] == 1000
        box.new_code()
        box.assume("terminal-wss-refusal=stay")
        got = box.talk(BAD, BAD, {"posId": "x", "setupCode": box.code})
        assert error_message(got[0]) == error_message(got[1]) and blocks(got[2]) and got[3] == 1000, got
        box.assume("terminal-wss-refusal=close")
        box.new_code()
        assert box.talk(BAD)[1] == 1008
        pem = box.paired()
        box.assume("terminal-https-messages=404")
        assert box.curl(STATUS, pem=pem).status == 404 and json.loads(box.talk(STATUS, pem=pem)[0]) == GOOD_STATUS
        box.assume("terminal-https-messages=answer")
        assert box.curl(STATUS, pem=pem).status == 200


def test_fault_handshakes():
    """faults in the handshake: terminal-identity, terminal-alert, terminal-silence"""
    with temporary() as folder, Terminal(folder) as box:
        names = box.peer_names()[0]
        box.fault("terminal-identity=other-serial")
        others = box.peer_names()[0]
        assert others != names and others[0].endswith(".pgw.seclib.io") and len(others[0]) == len(names[0])
        assert box.peer_names()[0] == names
        for fault, words in (("other-serial", "no alternative certificate subject name"), ("other-root", "certificate"),
                             ("expired", "certificate has expired"), ("not-yet", "certificate is not yet valid")):
            box.fault("terminal-identity=" + fault)
            error = box.refused(BAD)
            assert error.code == 60 and words in error.text, error
        box.fault("terminal-identity=other-root")
        done = box.s_client()
        assert done.returncode != 0 and "i:CN = Practice Terminal Issuing CA" in done.stdout, done.stdout
        assert box.curl(BAD).status == 400
        for fault, words in (("certificate-unknown", "certificate unknown"), ("bad-certificate", "bad certificate"),
                             ("unknown-ca", "unknown ca"), ("handshake-failure", "handshake failure")):
            for version in (("--tls-max", "1.2"), ("--tlsv1.3",)):
                box.fault("terminal-alert=" + fault)
                error = box.refused(BAD, words=version)
                assert error.code == 35 and words in error.text, error
        assert box.screen["tries"] == 1
        for fault in ("handshake", "request"):
            box.fault("terminal-silence=" + fault)
            assert box.refused(BAD, seconds=2).code == 28
        box.fault("terminal-silence=answer")
        code = box.new_code()
        assert box.refused({"posId": "silent", "setupCode": code}, seconds=5).code == 28
        assert box.until(state="activated")["posId"] == "silent"
        box.new_code()
        box.fault("terminal-silence=answer*2")
        for _ in range(2):
            assert box.refused(BAD, seconds=2).code == 28
        assert box.curl(BAD).status == 400


def test_fault_cuts():
    """faults in the answer's way: terminal-cut, terminal-slow, terminal-close"""
    with temporary() as folder, Terminal(folder) as box:
        def body(code):
            text = json.dumps({"posId": "cut", "setupCode": code})
            return ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text)).encode()

        code = box.code
        box.fault("terminal-cut=before")
        assert box.raw_bytes(body(code)) == (b"", False) and box.screen["state"] == "code"
        box.fault("terminal-cut=lost")
        assert box.raw_bytes(body(code)) == (b"", False)
        assert box.until(state="activated")["posId"] == "cut"
        code = box.new_code()
        box.fault("terminal-cut=answer")
        got, clean = box.raw_bytes(body(code))
        head, part = got.split(b"\r\n\r\n", 1)
        length = int(re.search(rb"Content-Length: (\d+)", head)[1])
        assert len(part) == length // 2 and not clean and part.startswith(b"-----BEGIN RSA"), (len(part), length)
        # The same over WSS.
        for fault in ("before", "lost", "answer"):
            code = box.new_code()
            box.fault("terminal-cut=" + fault)
            assert box.talk({"posId": fault, "setupCode": code}) == [1006]
            assert (box.screen["state"] == "code") == (fault == "before") or box.until(posId=fault)
        for name in ("https", "wss"):
            box.new_code()
            box.fault("terminal-slow=1")
            begun = time.monotonic()
            assert box.curl(BAD).status == 400 if name == "https" else box.talk(BAD)[1] == 1008
            assert time.monotonic() - begun > 0.9
        for code in ("1000", "1001", "1002", "1003", "1006", "1007", "1008", "1009", "1011", "1012", "1013"):
            box.fault("terminal-close=" + code)
            assert box.talk(BAD) == [int(code)], code
        # It is for WebSockets only, and nothing was done.
        box.fault("terminal-close=1008")
        assert box.curl(BAD).status == 400 and box.talk(BAD) == [1008]
        pem = box.paired()
        box.fault("terminal-close=1011")
        assert box.talk(STATUS, pem=pem) == [1011] and json.loads(box.talk(STATUS, pem=pem)[0]) == GOOD_STATUS


def test_fault_refusals():
    """terminal-refuse: each in the words of the real thing, and nothing is used up"""
    with temporary() as folder, Terminal(folder) as box:
        code = box.code
        for fault, status, words in (("expired", 400, "The set-up code is not valid."),
                                     ("no-code", 409, "No set-up code is shown."),
                                     ("locked", 429, "Too many wrong set-up codes."),
                                     ("duplicate", 409, "This POS ID is already used."),
                                     ("starting", 503, "The terminal is starting.")):
            box.fault("terminal-refuse=" + fault)
            reply = box.pair("x", code)
            assert reply.status == status and error_message(reply) == words, reply
            box.fault("terminal-refuse=%s@/" % fault)
            got = box.talk({"posId": "x", "setupCode": code})
            assert error_message(got[0]) == words and got[1] == 1008, got
        box.fault("terminal-refuse=expired@/dms/")
        assert box.screen["tries"] == 0 and box.pair("x", code).status == 200
        code = box.new_code()
        assert box.pair("x", code, path="/dms/v2/devices/certificates").status == 400
        assert box.pair("x", code).status == 200


def test_fault_answers():
    """terminal-answer: what is spoilt is spoilt, and counts as activated"""
    with temporary() as folder, Terminal(folder) as box:
        def spoil(fault, number=[0]):
            box.fault("terminal-answer=" + fault)
            number[0] += 1
            reply = pair_anew(box, "pos-%d" % number[0])
            assert reply.status == 200 and box.until(state="activated")["posId"] == "pos-%d" % number[0], reply
            return reply.body

        assert kinds(box, spoil("reversed")) == [ROOT, INTERMEDIATE, LEAF, KEY]
        assert kinds(box, spoil("no-key")) == [LEAF, INTERMEDIATE, ROOT]
        assert kinds(box, spoil("no-leaf")) == [KEY, INTERMEDIATE, ROOT]
        assert kinds(box, spoil("no-intermediate")) == [KEY, LEAF, ROOT]
        assert kinds(box, spoil("no-root")) == [KEY, LEAF, INTERMEDIATE]
        text = spoil("wrong-key")
        assert kinds(box, text) == [KEY, LEAF, INTERMEDIATE, ROOT]
        assert public_of_key(blocks(text)[0][1]) != public_of_crt(blocks(text)[1][1])
        text = spoil("other-root")
        root = blocks(text)[3][1]
        assert subject(root) == "Practice Devices Root CA" and root != open(box.root).read().strip()
        assert "OK" in openssl("verify", "-CAfile", box.keep(root + "\n", "other-root"), box.keep(root + "\n", "same"))
        leaf = blocks(spoil("expired"))[1][1]
        assert "will expire" in openssl("x509", "-noout", "-checkend", "0", data=leaf, check=False)
        text = spoil("truncated")
        assert text.startswith("-----BEGIN RSA") and not text.rstrip().endswith("-----END CERTIFICATE-----")
        text = spoil("damaged")
        assert len(blocks(text)) == 4 and "!" in blocks(text)[1][1]
        assert "unable to load" in openssl("x509", "-noout", data=blocks(text)[1][1], check=False).lower() or \
            "could not read" in openssl("x509", "-noout", data=blocks(text)[1][1], check=False).lower()
        assert spoil("empty") == ""
        text = spoil("chatter")
        assert not text.startswith("-----BEGIN") and kinds(box, text) == [KEY, LEAF, INTERMEDIATE, ROOT]
        # The one without a fault is whole again.
        assert box.curl(STATUS, pem=box.keep(pair_anew(box, "good").body, "good")).status == 200
        # Over WSS an empty answer is an empty frame.
        box.fault("terminal-answer=empty")
        assert box.talk({"posId": "x", "setupCode": box.new_code()}) == ["", 1000]


def test_ports():
    """the port that is asked for is taken where it is free, else another one, and the other services never see its faults"""
    with temporary() as folder, Terminal(folder) as box:
        box.fault("terminal-refuse=expired")
        box.fault("terminal-slow=3600@/up")
        assert box.call("GET", "/up").status == 200 and box.generate().status == 201
        assert box.pair("x").status == 400
        box.tell("clear")
        box.fault("status=503")
        assert box.pair("x").status == 200 and box.wallet("GET").status == 503
    for port in (0, 1):
        with socket.create_server(("127.0.0.1", 0)) as taken, temporary() as folder:
            number = taken.getsockname()[1]
            if port == 0:
                taken.close()
            with Terminal(folder, terminal_port=number) as box:
                assert (box.wire_port == number) == (port == 0), (box.wire_port, number)
                assert box.curl(BAD).status == 400


def test_all():
    """every value of every assumption and fault of the terminal was used above"""
    with temporary() as folder, Terminal(folder) as box:
        tables = json.loads(box.tell("tables"))
    for kind, used in (("assumptions", terminal.assumed), ("faults", terminal.ordered)):
        names = [name for name in tables[kind] if name.startswith("terminal-")]
        assert len(names) > 5
        for name in names:
            values = ["%s=%s" % (name, value) for value in tables[kind][name]]
            for value in values:
                assert value in used, "%s was never tried" % value
            assert values or len([one for one in used if one.startswith(name + "=")]) >= (2 if kind == "assumptions" else 1), \
                "%s was never tried" % name


if __name__ == "__main__":
    sys.exit(run([test_security, test_handshakes, test_codes, test_requests, test_answers, test_channel,
                  test_fault_handshakes, test_fault_cuts, test_fault_refusals, test_fault_answers, test_ports, test_all]))

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault that can be ordered, on the wire, and what strangers may send, as TAP."""
import email.utils
import http.client
import json
import socket
import ssl
import sys
import threading
import time

from stranger import Sandbox, expect, run, temporary

GENERATE = "/ch/security/v1/keys/generate"
CUT = (ConnectionError, ssl.SSLError, http.client.BadStatusLine, http.client.IncompleteRead)


def cut(call, *args, **keywords):
    """What was cut is not answered; gives back what came of it."""
    try:
        answer = call(*args, **keywords)
    except CUT as error:
        return error
    raise AssertionError("answered: %r" % answer)


def keys_of(folder):
    return len(json.load(open(folder + "/hub.json"))["keys"])


def test_orders():
    """orders are read strictly, counted, and meant for the paths they name"""
    with temporary() as folder, Sandbox(folder) as box:
        for wrong in ("", "x", "status", "status=200", "status=", "slow", "slow=x", "slow=-1", "empty=1", "empty*0",
                      "empty*x", "empty*", "empty@x", "empty@", "redirect", "redirect=a b", "redirect=", "drip=0",
                      "date-skew", "error-shape=x", "status=503*9999999", "=", "*", "@", "Empty", "lost-answer=1"):
            try:
                box.tell("fault " + (wrong or " "))
            except ValueError as error:
                assert "there is no fault" in str(error), error
            else:
                raise AssertionError("%r was taken" % wrong)
        box.fault("status=503@/v1/*2")
        box.fault("status=500@/ch/status")
        assert box.call("GET", "/up").status == 200
        assert box.generate().status == 201
        assert [box.wallet("GET").status for _ in range(3)] == [503, 503, 200]
        assert [box.hub("/status", method="GET").status for _ in range(2)] == [500, 200]
        box.fault("status=503*1000000")
        box.tell("clear")
        assert box.wallet("GET").status == 200
        # One after the other, and what goes together goes with the first.
        box.fault("status=429")
        box.fault("status=504")
        box.fault("date-skew=600")
        first, second, third = [box.wallet("GET") for _ in range(3)]
        assert (first.status, second.status, third.status) == (429, 504, 200)
        assert skew_of(first) > 590 and abs(skew_of(second)) < 10


def skew_of(answer):
    return email.utils.parsedate_to_datetime(answer.headers["date"]).timestamp() - time.time()


def test_statuses():
    """each status comes in the words of its service, and nothing is done"""
    with temporary() as folder, Sandbox(folder) as box:
        before = keys_of(folder)
        for status, kind in ((408, "APIM"), (425, "GATEWAY"), (429, "APIM"), (500, "GATEWAY"), (503, "APIM"),
                             (504, "GATEWAY")):
            box.fault("status=%d@/ch" % status)
            answer = expect(box.generate(request_id="same"), status, None, kind=kind)
            assert ("retry-after" in answer.headers) == (status in (429, 503)), answer
            box.fault("status=%d@/v1" % status)
            assert box.wallet("GET").json["code"] == status
        assert keys_of(folder) == before
        assert box.generate(request_id="same").status == 201 and keys_of(folder) == before + 1
        box.assume("retry-after=7")
        box.fault("status=503")
        assert box.generate().headers["retry-after"] == "7"
        box.fault("status=503")
        box.fault("error-shape=object")
        assert isinstance(box.generate().json["error"], dict)


def test_before():
    """what stands in front of the service does nothing in it"""
    with temporary() as folder, Sandbox(folder) as box:
        before = keys_of(folder)
        box.fault("html")
        answer = box.generate()
        assert answer.status == 200 and answer.headers["content-type"].startswith("text/html")
        assert answer.body.startswith(b"<!DOCTYPE html>")
        box.fault("redirect=login.example.net:8443")
        answer = box.generate()
        assert answer.status == 302 and answer.headers["location"] == "https://login.example.net:8443" + GENERATE
        box.fault("cut-before-answer")
        cut(box.generate)
        assert keys_of(folder) == before


def test_lost():
    """a lost answer was done once, and comes when it is asked for again, also after a restart"""
    with temporary() as folder:
        with Sandbox(folder) as box:
            before = keys_of(folder)
            for number in range(5):
                box.fault("lost-answer@" + GENERATE)
                cut(box.generate, request_id="lost-%d" % number)
                assert keys_of(folder) == before + number + 1, "it was not done before the cut"
                one, two = [box.generate(request_id="lost-%d" % number) for _ in range(2)]
                assert one.status == 201 and one.body == two.body and keys_of(folder) == before + number + 1
            box.fault("lost-answer*2")
            cut(box.generate, request_id="kept")
            cut(box.credentials, request_id="token")
            box.kill()
        with Sandbox(folder) as box:
            assert keys_of(folder) == before + 6
            kept = box.generate(request_id="kept")
            assert kept.status == 201 and keys_of(folder) == before + 6 and kept.headers["x-sandbox-replayed"] == "yes"
            assert box.credentials(request_id="token").headers["x-sandbox-replayed"] == "yes"
            key_id = kept.json["asymmetricKeyDetails"]["keyId"]
            box.fault("lost-answer")
            cut(box.revoke, key_id, request_id="revoke")
            assert box.revoke(key_id, request_id="revoke").json["asymmetricKeyDetails"]["status"] == "REVOKED"
            expect(box.revoke(key_id), 400, "752")
            # The wallet has no such id: what was done shows in the list.
            one = box.all_certificates()[1]
            box.fault("lost-answer")
            cut(box.wallet, "PUT", "/" + one["id"], {"name": "done", "comment": None})
            assert box.wallet("GET", "/" + one["id"]).json["name"] == "done"


def test_after():
    """answers are spoilt as ordered, and what they answer was done"""
    with temporary() as folder, Sandbox(folder) as box:
        before = keys_of(folder)

        def spoil(fault, number):
            box.fault(fault)
            answer = box.generate(request_id="spoilt-%d" % number)
            assert answer.status == 201 and keys_of(folder) == before + number
            whole = box.generate(request_id="spoilt-%d" % number)
            assert whole.json["asymmetricKeyDetails"]
            return answer, whole

        answer, whole = spoil("empty", 1)
        assert answer.body == b"" and answer.headers["content-length"] == "0"
        answer, whole = spoil("truncated", 2)
        assert answer.body == whole.body[:len(whole.body) // 2]
        answer, whole = spoil("not-json", 3)
        assert b"{" not in answer.body and answer.headers["content-type"] == "application/json"
        answer, whole = spoil("wrong-content-type", 4)
        assert answer.body == whole.body and answer.headers["content-type"] == "text/html"
        answer, whole = spoil("date-skew=-7200", 5)
        assert answer.body == whole.body and abs(skew_of(answer) + 7200) < 10
        box.fault("cut-in-answer")
        error = cut(box.generate, request_id="spoilt-6")
        assert isinstance(error, (http.client.IncompleteRead, ssl.SSLError)), repr(error)
        assert keys_of(folder) == before + 6


def raw_request(box, request_id):
    body = json.dumps(box.merchant).encode()
    lines = ["POST %s HTTP/1.1" % GENERATE, "Host: 127.0.0.1:%d" % box.port, "Content-Length: %d" % len(body)]
    lines += ["%s: %s" % pair for pair in box.hub_headers(body, request_id=request_id).items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def test_cut_in_answer():
    """an answer that is cut says how long it would have been, and stops in its middle without a word of TLS"""
    with temporary() as folder, Sandbox(folder) as box:
        box.fault("cut-in-answer")
        got, clean = box.raw(raw_request(box, "cut"))
        head, body = got.split(b"\r\n\r\n", 1)
        length = int([line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")][0].split()[1])
        assert head.startswith(b"HTTP/1.1 201 Created\r\n") and b"apitraceid" in head and b"Date:" in head
        assert len(body) == length // 2 and not clean, (len(body), length, clean)
        box.fault("lost-answer")
        got, clean = box.raw(raw_request(box, "lost"))
        assert got == b"" and not clean


def test_slow():
    """a slow answer comes late, and drip byte by byte"""
    with temporary() as folder, Sandbox(folder) as box:
        for path, call in (("/ch", box.generate), ("/v1", lambda: box.wallet("GET")),
                           ("/up", lambda: box.call("GET", "/up"))):
            box.fault("slow=1@" + path)
            begun = time.monotonic()
            assert call().status in (200, 201)
            assert 0.9 < time.monotonic() - begun < 4
        box.fault("slow=1")
        box.fault("status=503")
        begun = time.monotonic()
        assert box.generate().status == 503 and time.monotonic() - begun > 0.9
        box.fault("drip=2@/up")
        begun = time.monotonic()
        answer = box.call("GET", "/up")
        assert answer.status == 200 and answer.body == b"up\n" and time.monotonic() - begun > 0.3
        # Others are not held up meanwhile.
        box.fault("drip@/up")
        thread = threading.Thread(target=lambda: cut(box.call, "GET", "/up", seconds=60))
        thread.start()
        time.sleep(0.3)
        begun = time.monotonic()
        assert box.wallet("GET").status == 200 and time.monotonic() - begun < 2
        # The end of the server does not wait for it, nor for one that is slow.
        box.fault("slow=3600")
        other = threading.Thread(target=lambda: cut(box.generate, seconds=60))
        other.start()
        time.sleep(0.3)
        begun = time.monotonic()
        box.stop()
        assert time.monotonic() - begun < 5
        thread.join()
        other.join()


def test_strangers():
    """what is too large, doubtful or no HTTP at all is refused, and the server goes on"""
    with temporary() as folder, Sandbox(folder) as box:
        def head(*lines):
            return ("\r\n".join(("POST %s HTTP/1.1" % GENERATE,) + lines) + "\r\n\r\n").encode()

        host = "Host: 127.0.0.1"
        cases = [
            (head(host, "Content-Length: 5", "Content-Length: 6") + b"123456", b" 400 "),
            (head(host, "Content-Length: 5", "Transfer-Encoding: chunked") + b"0\r\n\r\n", b" 400 "),
            (head(host, "Host: other", "Content-Length: 0"), b" 400 "),
            (head("Content-Length: 0"), b" 400 "),
            (head(host, "X-Large: " + "x" * 40000, "Content-Length: 0"), b" 431 "),
            (head(host, *["X-%d: y" % number for number in range(6000)], "Content-Length: 0"), b" 431 "),
            (b"GET /up HTTP/1.1\r\nHost: a\r\nRange: bytes=" + b",".join([b"0-1"] * 5000) + b"\r\nConnection: close\r\n\r\n",
             b" 200 "),
        ]
        for data, status in cases:
            got, _ = box.raw(data)
            assert status in got.split(b"\r\n", 1)[0], (data[:80], got[:80])
        for data in (head(host, *["X-%d: y" % number for number in range(90000)]), b"\r\n\r\n", b"\0" * 1000, b"GET\r\n\r\n", b"x" * 300000, b"HTTP/1.1 200 OK\r\n\r\n",
                     b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"POST %s HTTP/1.1\r\n" % GENERATE.encode() + b"\xff: \xfe\r\n\r\n"):
            try:
                box.raw(data, seconds=2)
            except (TimeoutError, ConnectionError, ssl.SSLError):
                pass
            assert box.call("GET", "/up").status == 200, data[:50]

        body = b" " * (1024 * 1024 + 1)
        assert box.call("POST", GENERATE, box.hub_headers(body), body).status == 413
        expect(box.hub("/security/v1/keys/generate", body[:-1]), 400, "121")
        chunk = b"%x\r\n" % 65536 + b" " * 65536 + b"\r\n"
        got, _ = box.raw(head(host, "Transfer-Encoding: chunked") + chunk * 17 + b"0\r\n\r\n")
        assert b" 413 " in got.split(b"\r\n", 1)[0], got[:80]
        # Without an end in sight the connection ends.
        try:
            got, _ = box.raw(head(host, "Transfer-Encoding: chunked") + chunk * 2000)
        except (ConnectionError, ssl.SSLError):
            got = b""
        assert b" 2" not in got.split(b"\r\n", 1)[0]

        # No TLS, and TLS that never ends.
        idle = [socket.create_connection(("127.0.0.1", box.port)) for _ in range(50)]
        idle[0].sendall(b"GET /up HTTP/1.1\r\n\r\n")
        assert box.call("GET", "/up").status == 200
        for connection in idle:
            connection.close()
        # A client that leaves before its answer.
        for number in range(10):
            box.fault("slow=1")
            if number in (2, 4, 6):
                box.fault(("lost-answer", "cut-in-answer", "drip")[number // 2 - 1])
            with socket.create_connection(("127.0.0.1", box.port)) as plain:
                with box.context.wrap_socket(plain, server_hostname="127.0.0.1") as tls:
                    tls.sendall(raw_request(box, "gone-%d" % number))
                    time.sleep(0.2)
        for number in range(10):
            limit = time.monotonic() + 30
            while (answer := box.generate(request_id="gone-%d" % number)).status == 425:
                assert time.monotonic() < limit
                time.sleep(0.1)
            assert answer.headers.get("x-sandbox-replayed") == "yes", (number, answer)


def test_names():
    """the certificate is good for the address and for the name, and only through its own authority"""
    with temporary() as folder, Sandbox(folder) as box:
        for name in ("127.0.0.1", "localhost", "::1"):
            with socket.create_connection(("127.0.0.1", box.port)) as plain:
                with box.context.wrap_socket(plain, server_hostname=name) as tls:
                    assert tls.version() in ("TLSv1.2", "TLSv1.3")
        for context, name in ((box.context, "example.com"), (ssl.create_default_context(), "127.0.0.1")):
            try:
                with socket.create_connection(("127.0.0.1", box.port)) as plain:
                    context.wrap_socket(plain, server_hostname=name)
            except ssl.SSLCertVerificationError:
                continue
            raise AssertionError(name)


if __name__ == "__main__":
    sys.exit(run([test_orders, test_statuses, test_before, test_lost, test_after, test_cut_in_answer, test_slow,
                  test_strangers, test_names]))

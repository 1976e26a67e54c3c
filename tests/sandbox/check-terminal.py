#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sandbox's terminal: the documented pairing walked by curl, openssl and python3-websockets, as TAP."""
import concurrent.futures
import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import time

from stranger import run, temporary
from terminal import (GOOD_STATUS, SECONDS, STATUS, Terminal, blocks, error_message, openssl, public_of_crt, public_of_key,
                      subject)

NOW = 1767225600  # 1 January 2026, for a clock that stands still
BAD_CODE = "The set-up code is not valid."
NO_CODE = "No set-up code is shown."
LOCKED = "Too many wrong set-up codes."


def check_answer(box, text, pos_id):
    """Key, certificate, intermediate and root as documented; gives the certificate."""
    parts = blocks(text)
    assert [kind for kind, _ in parts] == ["RSA PRIVATE KEY"] + 3 * ["CERTIFICATE"], parts
    assert "\n".join(part for _, part in parts) + "\n" == text, "there is something between the blocks"
    key, leaf, intermediate, root = [part for _, part in parts]
    assert public_of_key(key) == public_of_crt(leaf)
    assert "Private-Key: (2048 bit" in openssl("rsa", "-noout", "-text", data=key)
    assert subject(leaf) == pos_id
    assert root == open(box.root).read().strip()
    folder = box.folder
    for name, part in (("leaf", leaf), ("intermediate", intermediate), ("root", root)):
        with open(os.path.join(folder, "part-" + name), "w") as file:
            file.write(part + "\n")
    where = {name: os.path.join(folder, "part-" + name) for name in ("leaf", "intermediate", "root")}
    done = openssl("verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", where["root"], "-untrusted",
                   where["intermediate"], where["leaf"])
    assert done.strip().endswith(": OK"), done
    assert "error" in openssl("verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", where["root"], "-untrusted",
                              where["intermediate"], where["leaf"], check=False)
    done = subprocess.run(["certtool", "--verify", "--verify-purpose=1.3.6.1.5.5.7.3.2", "--load-ca-certificate",
                           where["root"]], input="\n".join((leaf, intermediate, root, "")), capture_output=True, text=True,
                          check=False)
    assert done.returncode == 0 and "The certificate is trusted" in done.stdout, (done.stdout, done.stderr)
    text = openssl("x509", "-noout", "-text", data=leaf)
    assert "TLS Web Client Authentication" in text and "CA:FALSE" in text and "TLS Web Server" not in text, text
    serial = openssl("x509", "-noout", "-serial", data=leaf).strip().split("=")[1]
    assert len(serial) == 32, serial
    return leaf


def test_https():
    """the documented flow over HTTPS: code on the screen, POST, key and three certificates, POS Activation Successful"""
    with temporary() as folder, Terminal(folder) as box:
        screen = box.screen
        assert screen["state"] == "code" and len(screen["code"]) == 8 and screen["code"].isalnum(), screen
        assert screen["code"] == screen["code"].upper() and 290 < screen["expiresAt"] - time.time() <= 301
        assert screen["https"].replace("https", "wss") == screen["wss"] and screen["serial"] == box.serial
        reply = box.pair("123")
        assert reply.status == 200 and reply.headers["content-type"] == "application/x-pem-file", reply
        assert reply.headers["connection"] == "close" and reply.headers["cache-control"] == "no-store"
        leaf = check_answer(box, reply.body, "123")
        screen = box.until(state="activated")
        assert screen["code"] is None and screen["posId"] == "123" and screen["over"] == "https", screen
        assert screen["from"] == "127.0.0.1" and abs(screen["at"] - time.time()) < 60
        assert screen["crtSerial"].upper() == openssl("x509", "-noout", "-serial", data=leaf).strip().split("=")[1]
        sha256 = openssl("x509", "-noout", "-fingerprint", "-sha256", data=leaf).split("=")[1].strip()
        assert sha256.replace(":", "").lower() == screen["crtSha256"]
        days = (screen["notAfter"] - time.time()) / 86400
        assert 364 < days < 366, days
        # Also where the vendor's agent guide posts to.
        box.new_code()
        reply = box.pair("COUNTER-03", path="/dms/v2/devices/certificates")
        check_answer(box, reply.body, "COUNTER-03")


def test_wss():
    """the documented flow over WSS: one text frame there, one back, closed with 1000"""
    with temporary() as folder, Terminal(folder) as box:
        answer, code = box.talk({"posId": "till.4_5", "setupCode": box.code})
        assert code == 1000
        check_answer(box, answer, "till.4_5")
        assert box.until(state="activated")["over"] == "wss"
        pem = box.keep(answer, "wss")
        assert [json.loads(text) for text in box.talk(STATUS, STATUS, pem=pem)[:2]] == [GOOD_STATUS, GOOD_STATUS]
        assert box.talk(STATUS, pem=pem)[1] == "open"


def test_identity():
    """the terminal's certificate has its serial number in its SAN, no address, and a chain to the root of the service"""
    with temporary() as folder, Terminal(folder) as box:
        names, version = box.peer_names()
        assert names == [box.name] and version == "TLSv1.3"
        # By address it fails, as the documents warn; by name it does not.
        error = box.refused(STATUS, name="127.0.0.1")
        assert error.code == 60, error
        done = box.s_client("-verify_hostname", box.name, "-showcerts")
        assert done.returncode == 0 and "Verify return code: 0 (ok)" in done.stdout, (done.stdout, done.stderr)
        chain = [part for kind, part in blocks(done.stdout) if kind == "CERTIFICATE"]
        assert len(dict.fromkeys(chain)) == 2, chain
        assert "Acceptable client certificate CA names\nCN = Practice Devices Root CA" in done.stdout, done.stdout
        assert "Issuing" not in done.stdout.split("Acceptable")[1].split("Requested")[0]
        assert box.s_client("-verify_hostname", "2290000000.pgw.seclib.io").returncode != 0
        for name, part in (("t-leaf", chain[0]), ("t-intermediate", chain[1])):
            with open(os.path.join(folder, name), "w") as file:
                file.write(part + "\n")
        done = openssl("verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", box.name, "-CAfile", box.root,
                       "-untrusted", os.path.join(folder, "t-intermediate"), os.path.join(folder, "t-leaf"))
        assert done.strip().endswith(": OK"), done
        done = subprocess.run(["certtool", "--verify", "--verify-hostname", box.name, "--load-ca-certificate", box.root],
                              input=chain[0] + "\n" + chain[1] + "\n", capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "The certificate is trusted" in done.stdout, (done.stdout, done.stderr)
        # The root alone, as the cloud hands it out.
        root = openssl("x509", "-noout", "-text", "-in", box.root)
        assert "CA:TRUE" in root and "Practice Devices Root CA" in root
        assert open(box.root).read() == box.info["terminalRoot"]
        # Neither outdated versions nor anything that is no TLS.
        for words in (("-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"),):
            assert box.s_client(*words).returncode != 0
        assert "TLSv1.2" in box.s_client("-tls1_2").stdout


def test_mutual():
    """mutual TLS for certificates of this terminal, over both versions; nobody else is let in"""
    with temporary() as folder, temporary() as other_folder, Terminal(folder) as box, Terminal(other_folder) as other:
        pem = box.paired()
        box.tell("close")
        box.until(state="idle")
        for words in ((), ("--tls-max", "1.2"), ("--tlsv1.3",)):
            reply = box.curl(STATUS, pem=pem, words=words)
            assert reply.status == 200 and reply.json == GOOD_STATUS, reply
        done = box.s_client("-cert", pem, "-key", pem, "-cert_chain", pem, "-ign_eof", data=(
            "POST / HTTP/1.1\r\nHost: %s\r\nContent-Length: 24\r\n\r\n%s" % (box.name, '{"type":"StatusRequest"}')))
        assert "HTTP/1.1 200 OK" in done.stdout and "TransactionStatusResponse" in done.stdout, (done.stdout, done.stderr)
        # No certificate: the handshake says so, in its version's words.
        assert box.refused(STATUS, words=("--tls-max", "1.2")).code == 35
        assert "certificate required" in box.refused(STATUS, words=("--tlsv1.3",)).text
        # One of another authority of the same name.
        assert "certificate unknown" in box.refused(STATUS, pem=other.paired()).text
        assert "certificate unknown" in box.refused(STATUS, pem=other.paired(), words=("--tls-max", "1.2")).text
        # Without the intermediate one, the chain does not reach the root.
        key, leaf = [part for _, part in blocks(open(pem).read())][:2]
        assert "certificate unknown" in box.refused(STATUS, pem=box.keep(key + "\n" + leaf + "\n", "short")).text
        # The terminal's own certificate is for servers.
        own = os.path.join(folder, "terminal-pgw-key.pem")
        text = open(own).read() + open(os.path.join(folder, "terminal-ca.pem")).read()
        assert "certificate unknown" in box.refused(STATUS, pem=box.keep(text, "server")).text


def test_other_pairing():
    """a certificate that was replaced gets 1008 after a good handshake, and 403 over HTTPS"""
    with temporary() as folder, Terminal(folder) as box:
        old = box.paired("same", "old")
        new = box.paired("same", "new")
        other = box.paired("other")
        assert box.curl(STATUS, pem=new).status == 200 and box.curl(STATUS, pem=other).status == 200
        reply = box.curl(STATUS, pem=old)
        assert reply.status == 403 and error_message(reply) == "This certificate belongs to another pairing.", reply
        assert box.talk(STATUS, pem=old) == [1008]
        assert json.loads(box.talk(STATUS, pem=new)[0]) == GOOD_STATUS


def test_codes():
    """wrong, expired and used codes: one answer for the first two, five tries, 300 seconds"""
    with temporary() as folder, Terminal(folder, clock=NOW) as box:
        first = box.code
        wrong = "AAAAAAAA" if first != "AAAAAAAA" else "BBBBBBBB"
        reply = box.pair(code=wrong)
        assert reply.status == 400 and error_message(reply) == BAD_CODE and box.until(tries=1), reply
        for near in (first[:-1], first + "A", " " + first, first.lower() if first.lower() != first else wrong):
            assert box.pair(code=near).body == reply.body
        # That was the fifth one.
        screen = box.until(state="withdrawn")
        assert screen["code"] is None and screen["tries"] == 5, screen
        for code in (first, wrong):
            reply = box.pair(code=code)
            assert reply.status == 429 and error_message(reply) == LOCKED, reply
        # The timer runs on: at 300 seconds there is a new code, and the old one is wrong.
        box.advance(299)
        assert box.pair(code=first).status == 429
        box.advance(1)
        screen = box.until(state="code")
        assert screen["code"] != first and screen["tries"] == 0 and screen["expiresAt"] == NOW + 600
        assert box.pair(code=first).status == 400
        # A code that nobody asks about changes as well; at the very second it is too late.
        second = box.code
        box.advance(299)
        assert box.screen["code"] == second
        box.advance(1)
        reply = box.pair(code=second)
        assert reply.status == 400 and error_message(reply) == BAD_CODE
        third = box.until(state="code")["code"]
        assert third not in (first, second)
        # Wall time may jump: it is the boot time that counts.
        box.set_clock(NOW + 10 ** 6)
        assert box.screen["code"] == third and box.pair(code=third).status == 200
        # Used up, and nothing is shown.
        box.until(state="activated")
        error = box.refused({"posId": "x", "setupCode": third})
        assert "certificate required" in error.text, error
        box.advance(1000)
        time.sleep(1.5)
        assert box.screen["state"] == "activated"
        # Close, then Generate Code.
        box.tell("close")
        assert box.until(state="idle")["code"] is None
        fourth = box.new_code()
        assert fourth != third and box.pair(code=third).status == 400 and box.pair(code=fourth).status == 200
        # A tap while a code is shown replaces it.
        fifth = box.new_code()
        sixth = box.new_code()
        assert box.pair(code=fifth).status == 400 and box.pair(code=sixth).status == 200


def test_over_wss():
    """refusals over WSS: the same object as a text frame, then 1008"""
    with temporary() as folder, Terminal(folder, clock=NOW) as box:
        text, code = box.talk({"posId": "x", "setupCode": "-"})
        assert code == 1008 and error_message(text) == BAD_CODE
        for message, words in (("", "no message"), ("[]", "no message"), ("{", "no message"), ('{"a":1}', "discriminator"),
                               ('{"type":5}', "no message"), ({"posId": 123, "setupCode": box.code}, "POS ID"),
                               ({"posId": "x"}, "set-up code is missing"), (STATUS, "not paired")):
            text, code = box.talk(message)
            assert code == 1008 and words in error_message(text), (message, text, code)
        assert box.screen["tries"] == 1
        pem = box.paired()
        # On the channel of who is paired, an error of the application is no end.
        got = box.talk({"type": "PaymentRequest"}, STATUS, pem=pem)
        assert "practises" in error_message(got[0]) and json.loads(got[1]) == GOOD_STATUS and got[2] == "open", got


def test_messages():
    """what is no pairing is told so, and costs no try"""
    with temporary() as folder, Terminal(folder, clock=NOW) as box:
        code = box.code
        for data in (b"", b"[]", b"{", b"null", b"5", b'{"posId":"1","posId":"2","setupCode":"x"}', b"\xff\xfe", b"{}",
                     b'{"posId":"1"}', b'{"setupCode":"x"}', json.dumps({"posId": 123, "setupCode": code}),
                     json.dumps({"posId": "", "setupCode": code}), json.dumps({"posId": None, "setupCode": code}),
                     json.dumps({"posId": "1", "setupCode": 12345678}), json.dumps({"posId": "1", "setupCode": [code]}),
                     json.dumps({"posId": "1", "setupCode": ""}), b"[" * 5000, b'{"a":' * 3000):
            reply = box.curl(data)
            assert reply.status == 400 and error_message(reply), (data[:40], reply)
        for pos_id in ("x" * 65, "../x", "a b", "a\nb", "ä", "\U0001f4b3", "'; drop"):
            reply = box.pair(pos_id, code)
            assert reply.status == 400 and error_message(reply) == "The POS ID is not valid.", (pos_id, reply)
        assert box.screen["tries"] == 0 and box.screen["code"] == code
        for odd in (code + "\0junk", code[:4] + "\u0410" + code[5:], "x" * 1000):
            assert box.pair(code=odd).status == 400
        # A NUL is no text at all.
        assert box.until(tries=2)
        for method, path, status in (("GET", "/", 404), ("PUT", "/", 404), ("DELETE", "/", 404), ("POST", "/x", 404),
                                     ("POST", "/?a", 404), ("POST", "//", 404), ("GET", "/up", 404)):
            assert box.curl("{}", path=path, method=method).status == status, (method, path)
        assert box.curl(b"x" * 20000).status == 413
        assert box.pair("x" * 64, code).status == 200


def head(*lines, first="POST / HTTP/1.1"):
    return ("\r\n".join((first,) + lines) + "\r\n\r\n").encode()


def test_strangers():
    """what is doubtful, too large, slow or no HTTP is refused, and the terminal goes on"""
    with temporary() as folder, Terminal(folder) as box:
        cases = [
            (head("Host: a", "Content-Length: 2", "Content-Length: 3") + b"{}", 400),
            (head("Host: a", "Content-Length: 2", "Transfer-Encoding: chunked") + b"{}", 400),
            (head("Host: a", "Transfer-Encoding: chunked") + b"2\r\n{}\r\n0\r\n\r\n", 411),
            (head("Host: a"), 411),
            (head("Content-Length: 2") + b"{}", 400),
            (head("Host: a", "Host: b", "Content-Length: 2") + b"{}", 400),
            (head("Host: a", "Content-Length: -2") + b"{}", 400),
            (head("Host: a", "Content-Length: +2") + b"{}", 400),
            (head("Host: a", "Content-Length: 99999999999999999999999"), 413),
            (head("Host: a", "Content-Length: 16385"), 413),
            (head("Host: a", "X: y\r\n folded", "Content-Length: 2") + b"{}", 400),
            (head("Host: a", "X: y\nZ: z", "Content-Length: 2") + b"{}", 400),
            (head("Host: a", "X: \0", "Content-Length: 2") + b"{}", 400),
            (head("Host: a", "X: " + "x" * 17000, "Content-Length: 2") + b"{}", 431),
            (head("Host: a", "X: " + "x" * 70000), 431),
            (head("Host: a", first="POST / HTTP/3.0"), 400),
            (head("Host: a", first="POST"), 400),
            (head("Host: a", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                  "Sec-WebSocket-Key: short", first="GET / HTTP/1.1"), 400),
            (head("Host: a", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 8",
                  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", first="GET / HTTP/1.1"), 426),
            (head("Host: a", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
                  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==", first="GET /x HTTP/1.1"), 404),
        ]
        for data, status in cases:
            got, _ = box.raw_bytes(data)
            assert got.startswith(b"HTTP/1.1 %d " % status), (data[:80], got[:80])
        # A second request behind the first is nobody's.
        body = json.dumps({"posId": "x", "setupCode": "-"}).encode()
        one = head("Host: a", "Content-Length: %d" % len(body)) + body
        got, clean = box.raw_bytes(one + one)
        assert got.count(b"HTTP/1.1") == 1, got
        for data in (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"\x80\x2e\x01\x00\x02" + b"\0" * 40, b"x" * 5000, b"\x16\x03\x01"):
            with socket.create_connection(("127.0.0.1", box.wire_port), timeout=SECONDS) as plain:
                plain.sendall(data)
                plain.shutdown(socket.SHUT_WR)
                answer = b""
                try:
                    while part := plain.recv(4096):
                        answer += part
                except ConnectionError:
                    pass
                assert b"HTTP" not in answer
        # Idle ones hold up nobody; more than fit are turned away.
        idle = [socket.create_connection(("127.0.0.1", box.wire_port)) for _ in range(100)]
        assert box.curl({"posId": "x", "setupCode": "-"}).status == 400
        idle += [socket.create_connection(("127.0.0.1", box.wire_port)) for _ in range(100)]
        for connection in idle:
            connection.close()
        limit = time.monotonic() + SECONDS
        while True:
            try:
                assert box.pair("after").status == 200
                break
            except Exception:  # Those that are still being let go.
                assert time.monotonic() < limit
                time.sleep(0.2)


def frame(opcode, data=b"", final=True, masked=True, rsv=0, length=None):
    size = len(data) if length is None else length
    first = bytes([(0x80 if final else 0) | rsv | opcode])
    bit = 0x80 if masked else 0
    if size < 126:
        lengths = bytes([bit | size])
    elif size < 65536:
        lengths = bytes([bit | 126]) + size.to_bytes(2, "big")
    else:
        lengths = bytes([bit | 127]) + size.to_bytes(8, "big")
    mask = b"\x01\x02\x03\x04"
    return first + lengths + (mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)) if masked else data)


UPGRADE = head("Host: a", "Upgrade: websocket", "Connection: keep-alive, Upgrade", "Sec-WebSocket-Version: 13",
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", first="GET / HTTP/1.1")


def after_upgrade(box, *frames):
    got, clean = box.raw_bytes(UPGRADE + b"".join(frames))
    top, rest = got.split(b"\r\n\r\n", 1)
    # The key and its answer are those of RFC 6455, 1.3.
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in top and b" 101 " in top, top
    return rest


def test_frames():
    """WebSocket frames, the good and the bad: fragments, ping, close codes 1002, 1003, 1007, 1009"""
    close = frame(8, b"\x03\xe8")
    with temporary() as folder, Terminal(folder) as box:
        def code_of(*frames):
            rest = after_upgrade(box, *frames, close)
            assert rest[:2] == b"\x88\x02", rest
            return int.from_bytes(rest[2:4], "big")

        assert code_of() == 1000
        assert code_of(frame(2, b"x")) == 1003
        assert code_of(frame(1, b"{}", masked=False)) == 1002
        assert code_of(frame(1, b"{}", rsv=0x40)) == 1002
        assert code_of(frame(3, b"{}")) == 1002
        assert code_of(frame(11, b"")) == 1002
        assert code_of(frame(0, b"{}")) == 1002
        assert code_of(frame(1, b"{", final=False), frame(1, b"}")) == 1002
        assert code_of(frame(9, b"x", final=False)) == 1002
        assert code_of(frame(9, b"x" * 126)) == 1002
        assert code_of(frame(1, b"\xff\xfe")) == 1007
        assert code_of(frame(1, b"x" * 16385)) == 1009
        assert code_of(frame(1, b"", length=2 ** 62)) == 1009
        assert code_of(frame(1, b"x" * 9000, final=False), frame(0, b"x" * 9000)) == 1009
        assert code_of(*([frame(1, b"x", final=False)] + [frame(0, b"x", final=False)] * 20)) == 1009
        # Fragments make one message, with pings between; pongs bring back what the ping had.
        rest = after_upgrade(box, frame(9, b"hello"), frame(10, b"?"), frame(1, b'{"po', final=False), frame(9, b"again"),
                             frame(0, b'sId":"x",', final=False), frame(0, b'"setupCode":"-"}'), close)
        assert rest.startswith(b"\x8a\x05hello\x8a\x05again\x81\x7e"), rest
        assert b"set-up code is not valid" in rest and rest.endswith(b"\x88\x02\x03\xf0"), rest
        assert box.until(tries=1)
        # Whoever goes in the middle of a frame is let go.
        with socket.create_connection(("127.0.0.1", box.wire_port), timeout=SECONDS) as plain:
            with box.wss_context(check=False).wrap_socket(plain) as tls:
                tls.sendall(UPGRADE + frame(1, b"{}", length=500)[:20])
                assert b" 101 " in tls.recv(4096)
        # Subprotocols and extensions are not agreed on.
        got = box.talk({"posId": "x", "setupCode": "-"}, subprotocols=None, compression="deflate")
        assert got[1] == 1008, got


def test_race():
    """32 clients at once with the right code: exactly one success, and one certificate"""
    with temporary() as folder, Terminal(folder) as box:
        code = box.code

        def one(number):
            try:
                return box.pair("till-%d" % number, code).status
            except Exception:  # The screen was closed meanwhile: the handshake is refused.
                return None

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            got = list(pool.map(one, range(32)))
        assert got.count(200) == 1 and set(got) <= {200, 409, None}, got
        issued = json.load(open(os.path.join(folder, "terminal.json")))["pos"]
        assert len(issued) == 1 and not issued[0]["replaced"]
        assert box.until(state="activated")["posId"] == issued[0]["posId"]


def test_restart():
    """serial number, certificates and pairings survive a restart, the code does not; what is damaged is set aside"""
    with temporary() as folder:
        os.umask(0)
        with Terminal(folder) as box:
            serial, root, code = box.serial, box.info["terminalRoot"], box.code
            shown = box.peer_names()[0]
            old, pem = box.paired("same", "old"), box.paired("same", "new")
            code = box.new_code()
            fingerprint = box.s_client("-showcerts").stdout
        fingerprint = [part for _, part in blocks(fingerprint)]
        for name in os.listdir(folder):
            if name.startswith(("terminal", "devices")):
                assert stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode) == 0o600, name
                assert "RSA" not in open(os.path.join(folder, name)).read(), name
        with Terminal(folder) as box:
            assert (box.serial, box.info["terminalRoot"], box.peer_names()[0]) == (serial, root, shown)
            assert [part for _, part in blocks(box.s_client("-showcerts").stdout)] == fingerprint
            assert box.code != code and box.pair("x", code).status == 400
            assert box.curl(STATUS, pem=pem).json == GOOD_STATUS
            assert box.curl(STATUS, pem=old).status == 403
            box.kill()
        with Terminal(folder) as box:
            assert box.curl(STATUS, pem=pem).json == GOOD_STATUS
        path = os.path.join(folder, "terminal.json")
        good = open(path).read()
        for name in ("terminal.json", "terminal-ca-key.pem", "terminal-pgw-key.pem", "terminal-cybs-key.pem"):
            path = os.path.join(folder, name)
            good = open(path).read()
            for bad in ("", "x", good[:len(good) // 2], "{}", good.replace("s", "")):
                with open(path, "w") as file:
                    file.write(bad)
                try:
                    with Terminal(folder):
                        raise AssertionError("it started")
                except RuntimeError as error:
                    assert "damaged" in str(error) and "set aside" in str(error) and name in str(error), error
                aside = [one for one in os.listdir(folder) if one.startswith(name + ".damaged-")]
                assert len(aside) == 1
                os.remove(os.path.join(folder, aside[0]))
                with open(path, "w") as file:
                    file.write(good)
        # A new root: everything below goes with it.
        os.remove(os.path.join(folder, "devices-ca-key.pem"))
        with Terminal(folder) as box:
            assert box.info["terminalRoot"] != root and box.serial == serial
            assert box.peer_names()[0] == shown and box.curl({"posId": "x", "setupCode": "-"}).status == 400
            assert "certificate unknown" in box.refused(STATUS, pem=pem).text
            check_answer(box, box.pair("anew").body, "anew")


def test_disk():
    """a pairing that can't be kept is not said to be done, and the code stays good"""
    with temporary() as folder, Terminal(folder) as box:
        code = box.code
        path = os.path.join(folder, "terminal.json")
        os.rename(path, path + "-kept")
        os.mkdir(path)
        reply = box.pair("x", code)
        assert reply.status == 500 and error_message(reply) == "Something went wrong.", reply
        assert box.screen["state"] == "code"
        os.rmdir(path)
        pem = box.keep(box.pair("x", code).body, "x")
        assert box.curl(STATUS, pem=pem).status == 200


def test_stop():
    """the end of the sandbox waits for nobody who says nothing"""
    with temporary() as folder:
        with Terminal(folder) as box:
            pem = box.paired()
            plain = [socket.create_connection(("127.0.0.1", box.wire_port)) for _ in range(10)]
            held = box.wss_context(pem, check=False).wrap_socket(socket.create_connection(("127.0.0.1", box.wire_port)))
            held.sendall(UPGRADE)
            assert b" 101 " in held.recv(4096)
            box.fault("terminal-slow=3600")
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                slow = pool.submit(box.refused, STATUS, pem=pem)
                time.sleep(0.5)
                box.stop()
                assert slow.result().code in (52, 56)
            for one in plain + [held]:
                one.close()


def test_left_behind():
    """no connection costs anything once it is over"""
    with temporary() as folder, Terminal(folder, clock=NOW) as box:
        def open_files():
            return len(os.listdir("/proc/%d/fd" % box.process.pid))

        pem = box.paired()
        before = open_files()
        for _ in range(10):
            assert box.curl(STATUS, pem=pem).status == 200
            box.talk(STATUS, pem=pem)
            with socket.create_connection(("127.0.0.1", box.wire_port)):
                pass
            box.refused(STATUS)
        limit = time.monotonic() + SECONDS
        while open_files() > before:
            assert time.monotonic() < limit, "connections are left behind"
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(run([test_https, test_wss, test_identity, test_mutual, test_other_pairing, test_codes, test_over_wss,
                  test_messages, test_strangers, test_frames, test_race, test_restart, test_disk, test_stop,
                  test_left_behind]))

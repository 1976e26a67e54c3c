#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pairing from outside, as TAP: host against guest, curl, OpenSSL, websockets and whoever means it ill.

    check-pairing.py TILLKEEPERCTL
"""
import base64
import json
import os
import shutil
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = sys.argv[1]
PATIENCE = 60
REFUSED = b'{"error":"refused"}'
STATUS = b'{"type":"StatusRequest"}'


class Home:
    """A user with a store and a keyring of his own."""

    def __init__(self, top, name):
        self.path = os.path.join(top, name)
        os.makedirs(self.path)
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "SECRET_"))}
        self.env.update(HOME=self.path, XDG_DATA_HOME=os.path.join(self.path, "data"), SECRET_BACKEND="file",
                        SECRET_FILE_TEST_PATH=os.path.join(self.path, "secrets"), SECRET_FILE_TEST_PASSWORD="x")
        self.env["G_DEBUG"] = "fatal-criticals"
        # libsecret's file forgets a string each time it is written anew; a leak checker would count it as ours.
        self.env["ASAN_OPTIONS"] = self.env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"

    def run(self, *words, secret=None, fd="--code-fd"):
        pass_fds = ()
        if secret is not None:
            read, write = os.pipe()
            os.write(write, secret.encode())
            os.close(write)
            words += (fd, str(read))
            pass_fds = (read,)
        done = subprocess.run([PROGRAM, "--json", *words], env=self.env, pass_fds=pass_fds, capture_output=True, text=True,
                              check=False, timeout=PATIENCE, stdin=subprocess.DEVNULL)
        if pass_fds:
            os.close(pass_fds[0])
        return done

    def json(self, *words, **more):
        done = self.run(*words, **more)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


class Host:
    """`pair host`, with its events."""

    def __init__(self, home, *words, address="127.0.0.1"):
        self.home = home
        self.events = []
        self.process = subprocess.Popen([PROGRAM, "--json", "pair", "host", "--address", address, "--port", "0", *words],
                                        env=home.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.arrived = threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        first = self.wait("listening")
        self.code, self.port, self.https, self.wss = (first[k] for k in ("setupCode", "port", "https", "wss"))
        self.address = address
        self.root = os.path.join(home.path, "root.pem")
        with open(self.root, "w", encoding="utf-8") as f:
            f.write(first["rootCertificate"])

    def read(self):
        for line in self.process.stdout:
            with self.arrived:
                self.events.append(json.loads(line))
                self.arrived.notify_all()

    def wait(self, name, number=1):
        end = time.monotonic() + PATIENCE
        with self.arrived:
            while True:
                found = [e for e in self.events if e.get("event") == name]
                if len(found) >= number:
                    return found[number - 1]
                left = end - time.monotonic()
                assert left > 0 and self.process.poll() is None, (name, self.events)
                self.arrived.wait(min(left, 0.2))

    def count(self, name):
        return sum(e.get("event") == name for e in self.events)

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)
        return self.process.returncode

    def context(self, identity=None):
        context = ssl.create_default_context(cafile=self.root)
        if identity:
            context.load_cert_chain(identity)
        return context

    def connect(self, identity=None, context=None):
        raw = socket.create_connection((self.address, self.port), PATIENCE)
        return (context or self.context(identity)).wrap_socket(raw, server_hostname=self.address)

    def body(self, pos_id="COUNTER-03", code=None):
        return json.dumps({"posId": pos_id, "setupCode": self.code if code is None else code}).encode()

    def post(self, body, identity=None):
        with self.connect(identity) as tls:
            tls.sendall(request(body))
            return answer(read_all(tls))


def request(body, line=b"POST / HTTP/1.1", more=b""):
    return line + b"\r\nHost: till\r\nContent-Length: %d\r\n" % len(body) + more + b"\r\n" + body


def read_all(tls):
    data = b""
    try:
        while True:
            piece = tls.recv(65536)
            if not piece:
                return data
            data += piece
    except OSError:
        return data


def answer(data):
    """(status, body); (0, b"") where the connection just ended."""
    if not data.startswith(b"HTTP/1.1 "):
        return 0, b""
    return int(data[9:12]), data.partition(b"\r\n\r\n")[2]


def save(home, name, data):
    path = os.path.join(home.path, name)
    with open(path, "wb") as f:
        f.write(data)
    return path


def wrong(code):
    return code[:-1] + ("A" if code[-1] != "A" else "B")


# A WebSocket client by hand, so that it can break the rules.

def upgrade(tls):
    key = base64.b64encode(os.urandom(16))
    tls.sendall(b"GET / HTTP/1.1\r\nHost: till\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                b"Sec-WebSocket-Key: " + key + b"\r\n\r\n")
    data = b""
    while b"\r\n\r\n" not in data:
        piece = tls.recv(1)
        assert piece, data
        data += piece
    assert data.startswith(b"HTTP/1.1 101"), data


def frame(first, payload, mask=b"abcd"):
    size = len(payload)
    head = bytes([first, (0x80 if mask else 0) | min(size, 126)]) + (struct.pack(">H", size) if size > 125 else b"")
    if not mask:
        return head + payload
    return head + mask + bytes(b ^ mask[i % 4] for i, b in enumerate(payload))


def frames(data):
    """(opcode, payload) of what a server sent."""
    while len(data) >= 2:
        size, at = data[1] & 127, 2
        if size == 126:
            size, at = struct.unpack(">H", data[2:4])[0], 4
        yield data[0] & 15, data[at:at + size]
        data = data[at + size:]


def websocket(host, *sent, identity=None):
    """The texts that came back, and the code of the close."""
    with host.connect(identity) as tls:
        upgrade(tls)
        try:
            for piece in sent:
                tls.sendall(piece)
        except OSError:
            pass
        texts, code = [], None
        for opcode, payload in frames(read_all(tls)):
            if opcode == 1:
                texts.append(payload)
            elif opcode == 8 and code is None:
                code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else 1005
        return texts, code


def identities(top):
    """host and guest, both ways, both kinds of file, and the register after it"""
    shop, guest = Home(top, "a-shop"), Home(top, "a-guest")
    host = Host(shop)
    folder = os.path.join(guest.path, "identity")
    first = guest.json("pair", "request", "--address", host.https, "--pos-id", "COUNTER-01", "--ca", host.root, "--output",
                       folder, secret=host.code)
    assert first["state"] == "active" and first["chainLength"] == 3 and len(first["files"]) == 3
    assert os.stat(os.path.join(folder, "key.pem")).st_mode & 0o777 == 0o600
    assert host.wait("activated")["serial"] == first["serial"]
    host.code = host.wait("code")["setupCode"]

    code, password = os.pipe(), os.pipe()
    for (_, write), text in ((code, host.code.lower()), (password, "new password")):
        os.write(write, text.encode())
        os.close(write)
    p12 = os.path.join(guest.path, "till.p12")
    done = subprocess.run([PROGRAM, "--json", "pair", "request", "--address", host.wss, "--pos-id", "COUNTER-02", "--ca",
                           host.root, "--output", p12, "--code-fd", str(code[0]), "--password-fd", str(password[0])],
                          env=guest.env, pass_fds=(code[0], password[0]), capture_output=True, text=True, check=False,
                          timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    shown = subprocess.run(["openssl", "pkcs12", "-in", p12, "-passin", "pass:new password", "-nokeys"],
                           capture_output=True, text=True, check=True)
    assert shown.stdout.count("BEGIN CERTIFICATE") == 2

    assert {d["posId"]: d["kind"] for d in guest.json("devices", "list")} == {"COUNTER-01": "terminal",
                                                                              "COUNTER-02": "terminal"}
    assert guest.json("devices", "check", "COUNTER-01")["works"]
    assert guest.json("devices", "check", "COUNTER-02")["works"]
    host.stop()

    gone = guest.run("devices", "check", "COUNTER-01")
    assert gone.returncode == 1 and json.loads(gone.stderr)["error"]["code"] == "unavailable"
    assert {d["state"] for d in shop.json("devices", "list")} == {"active"}
    assert shop.json("devices", "revoke", "COUNTER-01", "--yes")["state"] == "revoked"
    assert shop.run("devices", "revoke", "COUNTER-01", "--yes").returncode == 1


def guest_refuses(top):
    """the code never leaves for another root, and bad addresses are no addresses"""
    shop, other, guest = Home(top, "b-shop"), Home(top, "b-other"), Home(top, "b-guest")
    host, stranger = Host(shop), Host(other)

    def code_of(*words):
        done = guest.run("pair", "request", "--pos-id", "a", "--output", os.path.join(guest.path, "no"), *words,
                         secret=host.code)
        assert done.returncode != 0, done.stdout
        return done.returncode if done.returncode == 2 else json.loads(done.stderr)["error"]["code"]

    assert code_of("--address", host.https, "--ca", stranger.root) == "tls"
    assert code_of("--address", host.https, "--ca", host.root, "--serial", "2290012345") == "tls"
    assert code_of("--address", "http://127.0.0.1:1/", "--ca", host.root) == "rejected"
    assert code_of("--address", "https://127.0.0.1/", "--ca", host.root) == "rejected"
    assert code_of("--address", "https://127.0.0.1:1/", "--ca", host.root) == "unavailable"
    assert host.count("wrong-code") == host.count("issued") == 0
    assert not os.path.exists(os.path.join(guest.path, "no"))

    wrong_one = guest.run("pair", "request", "--pos-id", "a", "--output", os.path.join(guest.path, "no"), "--address",
                          host.https, "--ca", host.root, secret=wrong(host.code))
    assert json.loads(wrong_one.stderr)["error"]["code"] == "wrong-code", wrong_one.stderr
    assert host.wait("wrong-code")["tries"] == 1
    host.stop()
    stranger.stop()


def strangers_clients(top):
    """curl pairs, openssl s_client proves the identity"""
    shop = Home(top, "c-shop")
    host = Host(shop, "--once")
    done = subprocess.run(["curl", "-sS", "--noproxy", "*", "--cacert", host.root, "-d", host.body("123").decode(), host.https],
                          capture_output=True, check=True, timeout=PATIENCE)
    assert done.stdout.startswith(b"-----BEGIN RSA PRIVATE KEY-----\n") and done.stdout.count(b"BEGIN CERTIFICATE") == 3
    identity = save(shop, "identity.pem", done.stdout)
    assert host.wait("issued")["posId"] == "123"
    process = subprocess.Popen(["openssl", "s_client", "-connect", "127.0.0.1:%d" % host.port, "-CAfile", host.root,
                                "-verify_return_error", "-cert", identity, "-key", identity, "-quiet", "-no_ign_eof"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = b""
    process.stdin.write(request(STATUS))
    process.stdin.flush()
    while b"canBeAborted" not in output:
        piece = process.stdout.read1(65536)
        assert piece, (output, process.stderr.read())
        output += piece
    process.stdin.close()
    process.wait(PATIENCE)
    assert b"200 OK" in output and b"TransactionStatusResponse" in output
    assert host.wait("activated")["posId"] == "123"
    assert host.process.wait(PATIENCE) == 0


def websockets_client(top):
    """a WebSocket client of another code base pairs and proves its identity"""
    candidates = [sys.executable, "/usr/bin/python3"]
    python = next((p for p in candidates if os.path.exists(p) and
                   subprocess.run([p, "-c", "import websockets"], capture_output=True, check=False).returncode == 0), None)
    if python is None:
        return "SKIP no python3-websockets"
    script = """
import asyncio, ssl, sys, websockets
async def main(url, ca, body, identity):
    context = ssl.create_default_context(cafile=ca)
    if identity: context.load_cert_chain(identity)
    async with websockets.connect(url, ssl=context) as ws:
        await ws.send(body)
        sys.stdout.write(await ws.recv())
        await ws.wait_closed()
        sys.stderr.write(str(ws.close_code))
asyncio.run(main(*sys.argv[1:5]))
"""
    shop = Home(top, "d-shop")
    host = Host(shop)

    def talk(body, identity=""):
        done = subprocess.run([python, "-c", script, host.wss, host.root, body.decode(), identity], capture_output=True,
                              check=False, timeout=PATIENCE)
        return done.stdout, done.stderr

    assert talk(host.body(code=wrong(host.code))) == (REFUSED, b"1008")
    pem, code = talk(host.body())
    assert pem.startswith(b"-----BEGIN RSA PRIVATE KEY-----\n") and code == b"1000", (pem[:80], code)
    identity = save(shop, "identity.pem", pem)
    text, code = talk(STATUS, identity)
    assert b"TransactionStatusResponse" in text and code == b"1000", (text, code)
    host.wait("activated")
    assert talk(STATUS) == (REFUSED, b"1008")
    host.stop()
    return None


def hostile_requests(top):
    """rows 74 to 80: what is no request for us ends there"""
    shop = Home(top, "e-shop")
    host = Host(shop)

    def send(data):
        # Where the gate was still busy with the one before, or a reset overtook the answer, once more.
        for _ in range(5):
            try:
                with host.connect() as tls:
                    tls.sendall(data)
                    got = answer(read_all(tls))
            except OSError:
                got = 0, b""
            if got[0]:
                break
        return got

    for method in (b"GET", b"PUT", b"HEAD", b"OPTIONS", b"TRACE", b"CONNECT"):
        got = send(method + b" / HTTP/1.1\r\nHost: a\r\n\r\n")
        assert got == (405, b""), (method, got)
    assert send(request(b"{}", b"POST /x HTTP/1.1")) == (404, b"")
    good = host.body()
    for data in (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                 request(good, more=b"Content-Length: 2\r\n"), request(good, more=b"Host: b\r\n"),
                 request(good, more=b"Transfer-Encoding: chunked\r\n"), request(good).replace(b"\r\n", b"\n"),
                 request(good, more=b"A: b\r\n c\r\n"), request(good, more=b"A: " + b"a" * 5000 + b"\r\n"),
                 b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
                 b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999999\r\n\r\n",
                 b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x80\x2e\x01\x00\x02\r\n\r\n"):
        status, _ = send(data)
        assert status == 400, (status, data[:80])
    # The second request of a connection is never read: here it would be a wrong code.
    bad = host.body(code=wrong(host.code))
    assert send(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}" + request(bad))[0] == 400
    assert host.count("wrong-code") == 0

    for body in (b"", b"[]", b"{", b"null", b'{"posId":"a"}', host.body("a\nb"), host.body("../x"), host.body("a" * 65),
                 host.body(code="8QW1YS1DD"), host.body(code="8QW1YS1"), host.body(code=""),
                 b'{"posId":"a","setupCode":12345678}', b'{"posId":"a","setupCode":"8QW1YS1D\\u0000junk"}'):
        assert host.post(body)[0] == 400, body
    assert host.count("wrong-code") == 0

    # http to the port of https: nothing comes back in clear.
    with socket.create_connection((host.address, host.port), PATIENCE) as raw:
        raw.sendall(request(good))
        assert read_all(raw) == b""
    done = subprocess.run(["openssl", "s_client", "-connect", "127.0.0.1:%d" % host.port, "-tls1_1", "-cipher",
                           "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=PATIENCE)
    assert b"Cipher is (NONE)" in done.stdout or done.returncode != 0, done.stdout

    status, pem = host.post(host.body("still-works"))
    assert status == 200 and pem.startswith(b"-----BEGIN RSA")
    host.stop()


def hostile_frames(top):
    """row 83: a WebSocket that breaks the rules is closed with their codes"""
    host = Host(Home(top, "f-shop"))
    for expected, sent in ((1003, [frame(0x82, b"x")]), (1002, [frame(0x81, b"{}", mask=b"")]),
                           (1009, [frame(0x81, b"a" * 5000)]), (1009, [frame(0x01, b"a")] + [frame(0x00, b"a")] * 4),
                           (1002, [frame(0x80, b"a")]), (1002, [frame(0xc1, b"{}")]), (1008, [frame(0x89, b"")] * 40),
                           (1009, [frame(0x01, b"a" * 4000), frame(0x80, b"a" * 97)])):
        texts, code = websocket(host, *sent)
        assert not texts and code == expected, (texts, code, expected)
    body = host.body(code=wrong(host.code))
    assert websocket(host, frame(0x81, body)) == ([REFUSED], 1008)
    assert websocket(host, frame(0x81, b"{}"))[1] == 1008
    texts, code = websocket(host, frame(0x01, host.body()[:10]), frame(0x89, b"?"), frame(0x80, host.body()[10:]))
    assert code == 1000 and texts[0].startswith(b"-----BEGIN RSA"), (texts, code)
    assert host.count("wrong-code") == 1
    host.stop()


def crowded(top):
    """row 82: slow and silent ones, and 200 idle ones, do not keep a till out"""
    host = Host(Home(top, "g-shop"))
    idle = [socket.create_connection((host.address, host.port), PATIENCE) for _ in range(200)]
    hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    slow = [socket.create_connection((host.address, host.port), PATIENCE) for _ in range(6)]
    for one in slow:
        one.sendall(hello)
    status, pem = host.post(host.body("good"))
    assert status == 200, status
    identity = save(host.home, "identity.pem", pem)
    heads = [host.connect(), host.connect()]
    for one in heads:
        one.sendall(b"POST / HTTP/1.1\r\nHost: a\r\n")
    bodies = [host.connect()]
    bodies[0].sendall(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
    assert host.post(STATUS, identity)[0] == 200
    host.wait("activated")
    # Every one of them is ended in time.
    for one in idle + slow + heads + bodies:
        one.settimeout(PATIENCE)
        assert read_all(one) == b""
        one.close()
    descriptors = len(os.listdir("/proc/%d/fd" % host.process.pid))
    for _ in range(50):
        assert host.post(STATUS, identity)[0] == 200
    after = len(os.listdir("/proc/%d/fd" % host.process.pid))
    assert after <= descriptors + 10, (descriptors, after)
    host.stop()


def cut_answers(top):
    """row 84: an answer that is cut is no success, and what nobody shows is withdrawn"""
    shop = Home(top, "h-shop")
    host = Host(shop, "--replace")
    for size in (0, 1, 100, 3000):
        with host.connect() as tls:
            tls.sendall(request(host.body("cut")))
            left = size
            while left > 0:
                left -= len(tls.recv(left))
        host.wait("issued")
        assert host.count("activated") == 0
        host.stop()
        states = [d["state"] for d in shop.json("devices", "list")]
        assert set(states) == {"revoked"}, (size, states)
        host = Host(shop, "--replace")
    host.stop()


def dead(top):
    """five wrong codes, the same answer, then nothing: also not the right one"""
    shop = Home(top, "i-shop")
    host = Host(shop)
    for _ in range(5):
        assert host.post(host.body(code=wrong(host.code))) == (403, REFUSED)
    assert host.post(host.body()) == (403, REFUSED)
    host.wait("code-dead")
    assert [e["tries"] for e in host.events if e["event"] == "wrong-code"] == [1, 2, 3, 4, 5]
    assert host.count("code") == host.count("issued") == 0
    assert host.stop() in (0, 1)
    log = shop.json("log")
    assert sum(line["event"] == "pairing.wrong-code" for line in log) == 5
    assert host.code not in json.dumps(log)


def version6(top):
    """IPv6 works as IPv4 does"""
    if not os.path.exists("/proc/net/if_inet6") or "lo" not in open("/proc/net/if_inet6", encoding="ascii").read():
        return "SKIP no IPv6 here"
    host = Host(Home(top, "j-shop"), address="::1")
    assert host.https == "https://[::1]:%d/" % host.port
    assert host.post(host.body())[0] == 200
    host.stop()
    return None


def taken_port(top):
    """a port in use is named; without a port another one is taken"""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen(1)
        home = Home(top, "k-shop")
        done = home.run("pair", "host", "--address", "127.0.0.1", "--port", str(other.getsockname()[1]))
        assert done.returncode == 1 and json.loads(done.stderr)["error"]["code"] == "conflict", done.stderr
    assert home.run("pair", "host", "--address", "0.0.0.0").returncode == 2


def practice(top):
    """the practice terminal, which knows nothing of this code: both addresses, its serial number, wrong codes"""
    guest = Home(top, "l-guest")
    box = subprocess.Popen([PROGRAM, "sandbox", "--terminal-port", "0", "--state", os.path.join(top, "l-box")], env=guest.env,
                           stdout=subprocess.PIPE, text=True)
    terminal = json.loads(box.stdout.readline())["terminal"]
    root = save(guest, "root.pem", terminal["rootCertificate"].encode())

    def ask(address, pos_id, code, *more):
        return guest.run("pair", "request", "--address", address, "--pos-id", pos_id, "--ca", root, "--output",
                         os.path.join(guest.path, pos_id), *more, secret=code)

    def next_event(name):
        while True:
            event = json.loads(box.stdout.readline())
            if event["event"] == name:
                return event

    try:
        refused = ask(terminal["https"], "one", wrong(terminal["setupCode"]))
        assert json.loads(refused.stderr)["error"]["code"] == "wrong-code", refused.stderr
        other = ask(terminal["https"], "one", terminal["setupCode"], "--serial", "1")
        assert json.loads(other.stderr)["error"]["code"] == "tls", other.stderr
        assert next_event("terminal-wrong-code")["tries"] == 1
        first = ask(terminal["https"], "one", terminal["setupCode"], "--serial", terminal["serial"])
        assert first.returncode == 0, first.stderr
        assert next_event("terminal-activated")["serial"] == json.loads(first.stdout)["serial"]
        second = ask(terminal["wss"], "two", next_event("terminal-code")["setupCode"])
        assert second.returncode == 0, second.stderr
        assert json.loads(second.stdout)["terminalSerial"] == terminal["serial"]
        assert guest.json("devices", "check", "one")["works"] and guest.json("devices", "check", "two")["works"]
        assert guest.json("devices", "revoke", "one", "--yes")["state"] == "revoked"
        assert guest.run("devices", "check", "one").returncode == 1
    finally:
        box.terminate()
        box.wait(PATIENCE)


TESTS = [practice, identities, guest_refuses, strangers_clients, websockets_client, hostile_requests, hostile_frames, crowded,
         cut_answers, dead, version6, taken_port]


def main():
    top = tempfile.mkdtemp(prefix="till-pairing-")
    bad = 0
    chosen = [t for t in TESTS if len(sys.argv) < 3 or t.__name__ in sys.argv[2:]]
    print("1..%d" % len(chosen), flush=True)
    for number, test in enumerate(chosen, 1):
        skip = None
        try:
            skip = test(top)
            failed = None
        except Exception as error:                                   # pylint: disable=broad-except
            failed = error
        bad += failed is not None
        print("%sok %d %s%s" % ("not " if failed else "", number, test.__doc__, " # " + skip if skip else ""), flush=True)
        if failed is not None:
            import traceback
            for line in "".join(traceback.format_exception(failed)).splitlines():
                print("# " + line, flush=True)
    shutil.rmtree(top, ignore_errors=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

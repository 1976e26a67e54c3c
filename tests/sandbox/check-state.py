#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sandbox remembers: restarts, damaged files, kill -9 in the middle, 10,000 certificates, as TAP."""
import concurrent.futures
import http.client
import json
import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
import uuid

from stranger import Sandbox, expect, run, temporary

NOW = 1767225600  # 1 January 2026, for a clock that stands still


def test_restart():
    """everything is as before after a restart, secrets and certificates of the server included"""
    with temporary() as folder:
        with Sandbox(folder, clock=NOW) as box:
            info = {name: value for name, value in box.info.items() if not name.endswith("Url")}
            key = box.generate(request_id="one").json["asymmetricKeyDetails"]
            revoked = box.generate().json["asymmetricKeyDetails"]["keyId"]
            expect(box.revoke(revoked), 200)
            token = box.credentials(request_id="token")
            refused = expect(box.hub("/security/v1/keys/generate", {}, request_id="bad"), 400)
            examples = box.tell("keys")
            for one in box.all_certificates()[:2]:
                box.wallet("PUT", "/" + one["id"], {"name": "kept ä", "comment": None, "default": True})
            wallet = box.all_certificates()
            authority = open(folder + "/ca.pem").read()
        with Sandbox(folder, clock=NOW + 100) as box:
            assert {name: value for name, value in box.info.items() if not name.endswith("Url")} == info
            assert box.all_certificates() == wallet and box.tell("keys") == examples
            assert open(folder + "/ca.pem").read() == authority
            again = box.generate(request_id="one")
            assert again.json["asymmetricKeyDetails"] == key and again.headers["x-sandbox-replayed"] == "yes"
            assert box.credentials(request_id="token").body == token.body
            assert box.hub("/security/v1/keys/generate", {}, request_id="bad").body == refused.body
            expect(box.credentials(request_id="one"), 401, None, kind="APIM")
            expect(box.revoke(revoked), 400, "752")
            expect(box.revoke(key["keyId"]), 200)
        with Sandbox(folder, clock=NOW + 400) as box:
            assert box.generate(request_id="one").json["asymmetricKeyDetails"]["keyId"] != key["keyId"]
            expect(box.revoke(key["keyId"]), 400, "752")
            # What is too old to be asked for again is not kept.
            left = [json.load(open(folder + "/replays/" + name)) for name in os.listdir(folder + "/replays")]
            assert all(one["at"] > NOW + 100 for one in left), left


def test_private():
    """the state is for its owner only, and holds neither files nor passwords that were sent"""
    with temporary() as folder:
        os.umask(0)
        with Sandbox(folder + "/a/b", clock=NOW) as box:
            p12 = box.p12("pass.com.example.a", password="canary-password")
            answer = box.wallet("POST", "", {"vendor": "Apple", "certificate": p12, "password": "canary-password"})
            assert answer.status == 201
            box.wallet("POST", "", {"vendor": "Apple", "certificate": p12, "password": "canary-wrong"})
            box.credentials()
        for root, folders, names in os.walk(folder + "/a"):
            assert stat.S_IMODE(os.stat(root).st_mode) == 0o700, root
            for name in names:
                path = os.path.join(root, name)
                assert stat.S_IMODE(os.stat(path).st_mode) == 0o600, path
                text = open(path).read()
                assert "canary" not in text and p12[:64] not in text, path


def start_error(folder, *args, **keywords):
    try:
        with Sandbox(folder, *args, **keywords):
            raise AssertionError("it started")
    except RuntimeError as error:
        return str(error)


def test_damaged():
    """a damaged file is named, set aside whole and not met again"""
    with temporary() as folder:
        with Sandbox(folder) as box:
            box.generate()
            box.credentials()
        replay = "replays/" + os.listdir(folder + "/replays")[0]
        for name in ("identity.json", "hub.json", "wallet.json", "ca-key.pem", "devices-ca-key.pem", "server-key.pem",
                     replay):
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                good = file.read()
            for bad in (b"", b"x", good[:len(good) // 2], good.replace(b'"', b"'"), b"{}", b"[" * 100000, b"\0" * 10):
                if name.endswith(".pem") and bad == good:
                    continue
                with open(path, "wb") as file:
                    file.write(bad)
                error = start_error(folder)
                assert "damaged" in error and "set aside" in error and os.path.basename(name) in error, (name, bad, error)
                aside = [one for one in os.listdir(os.path.dirname(path)) if one.startswith(os.path.basename(name) + ".")]
                assert len(aside) == 1 and not os.path.exists(path), (name, aside)
                aside = os.path.join(os.path.dirname(path), aside[0])
                assert open(aside, "rb").read() == bad
                os.remove(aside)
                with open(path, "wb") as file:
                    file.write(good)
            os.remove(path)
            with Sandbox(folder) as box:
                assert box.wallet("GET").status == 200 and box.generate().status == 201
            with open(path, "wb") as file:
                file.write(good)


def test_renewed():
    """the server's certificate is made anew in good time, by the same authority"""
    with temporary() as folder:
        def openssl(*words):
            return subprocess.run(["openssl", *words], capture_output=True, text=True, check=True, cwd=folder).stdout

        def served():
            with Sandbox(folder) as box:
                with socket.create_connection(("127.0.0.1", box.port)) as plain:
                    with box.context.wrap_socket(plain, server_hostname="127.0.0.1") as tls:
                        return tls.getpeercert()

        first = served()
        assert served() == first, "it was made anew without need"
        authority = open(folder + "/ca.pem").read()
        with open(folder + "/names", "w") as file:
            file.write("subjectAltName=IP:127.0.0.1\n")
        openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "key",
                "-out", "request", "-subj", "/CN=other")
        for days, kept in ((31, True), (29, False)):
            pem = openssl("x509", "-req", "-in", "request", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-days", str(days),
                          "-extfile", "names", "-set_serial", "77")
            with open(folder + "/server-key.pem", "w") as file:
                file.write(pem + open(folder + "/key").read())
            assert (served()["serialNumber"] == "4D") is kept, days
        days = (ssl.cert_time_to_seconds(served()["notAfter"]) - time.time()) / 86400
        assert 360 < days < 367 and open(folder + "/ca.pem").read() == authority
        # Another authority: the server's certificate goes with it.
        os.remove(folder + "/ca-key.pem")
        assert served()["serialNumber"] != first["serialNumber"]
        assert open(folder + "/ca.pem").read() != authority


def test_spare():
    """keys that were made ahead are there at the next start, and none is ever given twice"""
    with temporary() as folder:
        given = set()
        spare = folder + "/spare-keys.json"
        for turn in range(4):
            with Sandbox(folder) as box:
                assert not os.path.exists(spare)
                key = box.generate().json["asymmetricKeyDetails"]["encodedPublicKey"]
                assert key not in given
                given.add(key)
                if turn == 2:
                    time.sleep(1)
                    box.kill()
            if turn == 0:
                left = json.load(open(spare))
                assert len(left) == 2
            if turn == 1:
                assert key in left
        for bad in (b"x", b"{}", b"[5]", b'["AAAA"]', b"[" * 9999):
            with open(spare, "wb") as file:
                file.write(bad)
            with Sandbox(folder) as box:
                assert box.generate().status == 201


def test_in_use():
    """a port or folder in use is said to be, and neither is disturbed"""
    with temporary() as folder, Sandbox(folder) as box:
        error = start_error(folder)
        assert "in use by another program" in error and "folder" in error, error
        error = start_error(folder + "/other", port=box.port)
        assert "port %d is in use" % box.port in error, error
        assert box.generate().status == 201
        for wrong in ("nothing=1", "times", "times=x", "key-validity=0", "key-validity=x", "wallet-page-size=0", "=", ""):
            process = subprocess.run([sys.argv[1], folder + "/x", "0", "0", wrong], capture_output=True, text=True,
                                     check=False, stdin=subprocess.DEVNULL)
            assert process.returncode == 2 and "assumption" in process.stderr, (wrong, process)
    with temporary() as folder, socket.create_server(("127.0.0.1", 0)) as other:
        free = other.getsockname()[1]
        other.close()
        with Sandbox(folder, port=free) as box:
            assert box.port == free and box.call("GET", "/up").status == 200
        # The same port again at once, as a restart has it.
        with Sandbox(folder, port=free) as box:
            assert box.call("GET", "/up").status == 200


def test_disk():
    """what can't be kept is not said to be done"""
    with temporary() as folder, Sandbox(folder) as box:
        one = box.all_certificates()[0]
        # A folder in the place of the file stands in for a disk that is full.
        for name in ("hub.json", "wallet.json"):
            os.rename(folder + "/" + name, folder + "/kept-" + name)
            os.mkdir(folder + "/" + name)
        expect(box.generate(request_id="later"), 500, "703")
        expect(box.generate(request_id="later"), 500, "703")
        answer = box.wallet("PUT", "/" + one["id"], {"name": "later"})
        assert answer.status == 500 and answer.json["description"] == "Internal Server Error", answer
        for name in ("hub.json", "wallet.json"):
            os.rmdir(folder + "/" + name)
        key = expect(box.generate(request_id="later"), 201).json["asymmetricKeyDetails"]["keyId"]
        assert [key["id"] for key in json.load(open(folder + "/hub.json"))["keys"]][3:] == [key]
        assert box.wallet("PUT", "/" + one["id"], {"name": "later"}).status == 200


def test_killed():
    """kill -9 at any moment: each file is whole, and what was answered is there"""
    with temporary() as folder:
        with Sandbox(folder):
            pass
        names, keys, number = {}, {}, 0
        for turn in range(12):
            with Sandbox(folder) as box:
                assert not [name for name in os.listdir(folder) if name.endswith(".tmp")]
                kept = {one["id"]: one.get("name") for one in box.all_certificates()}
                for one, allowed in names.items():
                    assert kept[one] in allowed, (kept[one], allowed)
                for request_id, body in keys.items():
                    assert box.credentials(request_id=request_id).body == body
                keys.clear()
                ids = list(kept)
                stop = threading.Event()
                lock = threading.Lock()

                def change(which):
                    nonlocal number
                    while not stop.is_set():
                        with lock:
                            number += 1
                            name = "n%d" % number
                        names.setdefault(which, {kept[which]}).add(name)
                        try:
                            if box.wallet("PUT", "/" + which, {"name": name, "comment": None}).status == 200:
                                names[which] = {name}
                            answer = box.credentials(request_id="%d-%s" % (turn, name))
                            if answer.status == 201:
                                keys["%d-%s" % (turn, name)] = answer.body
                        except (OSError, ValueError):
                            pass
                        except Exception as error:  # What http.client makes of a cut.
                            assert type(error).__module__ in ("http.client", "ssl"), error

                threads = [threading.Thread(target=change, args=(one,)) for one in ids[:3]]
                for thread in threads:
                    thread.start()
                time.sleep(0.05 + turn * 0.037)
                box.kill()
                stop.set()
                for thread in threads:
                    thread.join()
            for name in ("hub.json", "wallet.json", "identity.json"):
                json.load(open(folder + "/" + name))
        assert number > 30, "hardly anything was asked of it: %d" % number


def test_stopped():
    """a server that stops while it is busy ends what it has begun, and loses none of it"""
    with temporary() as folder:
        for turn in range(3):
            answers = {}
            with Sandbox(folder) as box:
                p12 = box.p12("pass.com.example.stop%d" % turn)
                body = {"vendor": "Apple", "certificate": p12, "password": "secret"}

                def ask(number):
                    try:
                        answers[number] = box.generate(request_id="%d-%d" % (turn, number)) if number < 12 else \
                            box.wallet("POST", "", body)
                    except (OSError, http.client.HTTPException):
                        answers[number] = None

                threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
                for thread in threads:
                    thread.start()
                time.sleep(0.1 + 0.2 * turn)
                box.stop()
                for thread in threads:
                    thread.join()
            with Sandbox(folder) as box:
                for number, answer in answers.items():
                    # 503 is for who came too late; nothing was done for those.
                    assert answer is None or answer.status in (201, 503), answer
                    if answer is not None and answer.status == 201 and number < 12:
                        assert box.generate(request_id="%d-%d" % (turn, number)).body == answer.body
                if any(answers[number] is not None and answers[number].status == 201 for number in range(12, 16)):
                    assert "pass.com.example.stop%d" % turn in [one["baseName"] for one in box.all_certificates()]


def test_size():
    """10,000 certificates are listed over pages, each once, and changed while they are"""
    with temporary() as folder, Sandbox(folder, "example-size=10000") as box:
        begun = time.monotonic()
        ids, page = [], 1
        while True:
            answer = box.wallet("GET", "?pageSize=250&page=%d" % page).json
            ids += [one["id"] for one in answer["certificates"]]
            if "nextPage" not in answer:
                break
            page += 1
        seconds = time.monotonic() - begun
        print("# 10,006 certificates over %d pages in %.2f s" % (page, seconds))
        assert page == 41 and len(ids) == len(set(ids)) == 10006 and seconds < 30
        assert len(box.all_certificates()) == 10000
        begun = time.monotonic()
        assert box.wallet("PUT", "/" + ids[5000], {"name": "changed"}).status == 200
        print("# one change among them in %.3f s" % (time.monotonic() - begun))
        box.kill()
        with Sandbox(folder) as again:
            assert again.wallet("GET", "/" + ids[5000]).json["name"] == "changed"
            assert again.wallet("GET", "?pageSize=1&page=10006").json["count"] == 1


def test_speed():
    """a thousand calls over one connection are answered in good time"""
    with temporary() as folder, Sandbox(folder, "keep-alive=yes") as box:
        connection = http.client.HTTPSConnection("127.0.0.1", box.port, context=box.context, timeout=20)
        body = json.dumps(box.merchant).encode()
        for name, count, target in (("wallet lists", 1000, "wallet"), ("credentials", 300, "hub")):
            begun = time.monotonic()
            for _ in range(count):
                if target == "wallet":
                    connection.request("GET", "/v1/certificates", headers=box.wallet_headers())
                else:
                    connection.request("POST", "/ch/payments-vas/v1/security/credentials", body,
                                       box.hub_headers(body, request_id=str(uuid.uuid4())))
                response = connection.getresponse()
                assert response.status in (200, 201) and response.read()
            seconds = time.monotonic() - begun
            print("# %d %s in %.2f s" % (count, name, seconds))
            assert seconds < 60
        connection.close()
        # And over a connection each, many at a time; none is left behind.
        box.assume("keep-alive=no")
        connection = http.client.HTTPSConnection("127.0.0.1", box.port, context=box.context, timeout=20)
        connection.request("GET", "/up")
        assert connection.getresponse().headers["connection"] == "close"
        connection.close()
        before = len(os.listdir("/proc/%d/fd" % box.process.pid))
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            assert {answer.status for answer in pool.map(lambda _: box.wallet("GET"), range(200))} == {200}
        for fault in ("lost-answer", "cut-in-answer", "cut-before-answer") * 20:
            box.fault(fault)
            try:
                box.wallet("GET")
            except (OSError, http.client.HTTPException):
                continue
            raise AssertionError(fault)
        limit = time.monotonic() + 20
        while len(os.listdir("/proc/%d/fd" % box.process.pid)) > before:
            assert time.monotonic() < limit, "connections are left behind"
            time.sleep(0.1)


if __name__ == "__main__":
    sys.exit(run([test_restart, test_private, test_damaged, test_renewed, test_spare, test_in_use, test_disk, test_killed,
                  test_stopped, test_size, test_speed]))

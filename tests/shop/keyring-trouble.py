#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The program on a keyring that is locked, absent or unreadable (RELIABILITY.md G35, rows 89 to 91), as TAP.

    keyring-trouble.py TILLKEEPERCTL MOCK_KEYRING

What needs no secret works all the same, what needs one says which of the four
states it is, a locked keyring asks once a command, and nothing is written over.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile


class Home:
    """A profile with the secrets that file says; on a bus of its own where a mock is given."""

    def __init__(self, ctl, folder):
        self.ctl = ctl
        self.folder = folder
        self.keyring = os.path.join(folder, "test.keyring")
        self.log = os.path.join(folder, "prompts")
        self.env = dict(os.environ, HOME=folder, XDG_DATA_HOME=folder + "/data", XDG_CONFIG_HOME=folder + "/config",
                        XDG_CACHE_HOME=folder + "/cache", XDG_STATE_HOME=folder + "/state", XDG_RUNTIME_DIR=folder,
                        GIO_USE_PROXY_RESOLVER="dummy", LC_ALL="C.UTF-8")
        # What libsecret's file forgets when it is written anew, or can't be read, is none of ours.
        self.env["ASAN_OPTIONS"] = self.env.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        for name in ("DBUS_SESSION_BUS_ADDRESS", "SECRET_BACKEND", "DISPLAY", "WAYLAND_DISPLAY"):
            self.env.pop(name, None)

    def use_file(self):
        self.env.update(SECRET_BACKEND="file", SECRET_FILE_TEST_PATH=self.keyring, SECRET_FILE_TEST_PASSWORD="test")

    def use_none(self):
        self.env.pop("SECRET_BACKEND", None)

    def call(self, *arguments, secret=None, mock=None):
        command = [self.ctl, "--json", *arguments]
        fds = ()
        if secret is not None:
            reading, writing = os.pipe()
            os.write(writing, secret.encode())
            os.close(writing)
            fds = (reading,)
            command += ["--secret-fd", str(reading)]
        if mock is not None:
            # The mock lives as long as the bus, which ends with the command.
            script = '%s >%s & for i in $(seq 500); do grep -qs ready %s && exec "$@"; sleep 0.02; done; exit 99' % (
                mock, self.log, self.log)
            command = ["dbus-run-session", "--", "sh", "-c", "rm -f %s; %s" % (self.log, script), "sh", *command]
        try:
            return subprocess.run(command, env=self.env, pass_fds=fds, stdin=subprocess.DEVNULL, capture_output=True,
                                  text=True, timeout=120, check=False)
        finally:
            for fd in fds:
                os.close(fd)

    def prompts(self):
        with open(self.log, encoding="utf-8") as log:
            return log.read().count("prompt ")

    def profile(self):
        done = self.call("profile", "add", "Shop", "--environment", "test", "--hub-merchant", "m", "--hub-terminal", "t",
                         "--hub-key", "k", "--wallet-user", "u")
        assert done.returncode == 0, done


def fails(done, says):
    assert done.returncode != 0, done
    # The bus itself may have something to say before.
    error = json.loads(done.stderr[done.stderr.index("{"):])["error"]
    assert error["code"] == "vault-unavailable", error
    assert says in error["message"], error


def works(done):
    assert done.returncode == 0, done


def check_locked(home, mock, how, says):
    home.profile()
    mock = "%s %s" % (mock, how)
    # To look at what this computer knows no secret is needed; to remove something, one is.
    done = home.call("keys", "list", mock=mock)
    works(done)
    assert home.prompts() <= 1, home.prompts()
    if how == "dismiss":
        fails(home.call("certificates", "remove", "1", "--yes", mock=mock), says)
        assert home.prompts() == 1, home.prompts()
        fails(home.call("profile", "secret", "Shop", "hub", secret="new secret", mock=mock), says)
        assert home.prompts() == 1, home.prompts()
        # It was not removed: neither its secrets nor the profile.
        done = home.call("profile", "remove", "Shop", "--yes", mock=mock)
        fails(done, "locked")
        assert [p["name"] for p in json.loads(home.call("profile", "list").stdout)] == ["Shop"]


def check_absent(home, _mock):
    home.use_none()
    home.profile()
    works(home.call("keys", "list"))
    fails(home.call("keys", "generate"), "no place to keep secrets")
    done = home.call("profile", "secret", "Shop", "hub", secret="new secret")
    works(done)
    assert "forgotten when this command ends" in done.stderr, done
    works(home.call("profile", "remove", "Shop", "--yes"))


def check_unreadable(home, _mock):
    home.use_file()
    home.profile()
    works(home.call("profile", "secret", "Shop", "hub", secret="the secret"))
    with open(home.keyring, "rb") as keyring:
        content = bytearray(keyring.read())
    content[-60] ^= 0x55
    with open(home.keyring, "wb") as keyring:
        keyring.write(content)

    # No crash, start after start, and what can't be read stays as it is.
    for _ in range(3):
        works(home.call("keys", "list"))
        fails(home.call("keys", "generate"), "can't be read")
    fails(home.call("profile", "secret", "Shop", "hub", secret="new secret"), "can't be read")
    with open(home.keyring, "rb") as keyring:
        assert keyring.read() == content
    # What is removed on purpose makes room.
    works(home.call("profile", "remove", "Shop", "--yes"))
    home.profile()
    works(home.call("profile", "secret", "Shop", "hub", secret="new secret"))


def main():
    ctl, mock = sys.argv[1:3]
    cases = [
        ("its question is closed", lambda home: check_locked(home, mock, "dismiss", "locked"), True),
        ("nobody answers its question", lambda home: check_locked(home, mock, "hang", "locked"), True),
        ("there is none", lambda home: check_absent(home, mock), False),
        ("it can't be read", lambda home: check_unreadable(home, mock), False),
    ]
    print("1..%d" % len(cases), flush=True)
    bad = 0
    for number, (name, check, needs_bus) in enumerate(cases, 1):
        if needs_bus and shutil.which("dbus-run-session") is None:
            print("ok %d %s # SKIP there is no dbus-run-session here" % (number, name), flush=True)
            continue
        folder = tempfile.mkdtemp(prefix="tillkeeper-keyring-")
        try:
            check(Home(ctl, folder))
            print("ok %d %s" % (number, name), flush=True)
        except Exception as e:                           # pylint: disable=broad-except
            bad += 1
            print("not ok %d %s\n# %s %s" % (number, name, type(e).__name__, str(e).replace("\n", " ")), flush=True)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())

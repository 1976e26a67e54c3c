#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tillkeeperctl profile set and remove, as TAP.

    check-profile.py TILLKEEPERCTL
"""
import sys

from driver import Home, main

home = Home(sys.argv[1])


def show(name="Shop"):
    return home.json("profile", "show", name)


def test_set():
    """what is given is changed, all the rest stays"""
    home.json("profile", "add", "Shop", "--environment", "test", "--hub-merchant", "1000", "--hub-terminal", "7",
              "--hub-key", "key", "--wallet-user", "me")
    before = show()
    changed = home.json("profile", "set", "Shop", "--hub-key", "other", "--hub-url", "https://hub.example/ch/")
    assert changed["hubKey"] == "other"
    after = show()
    assert after["hubUrl"] == "https://hub.example/ch" and after["hubKey"] == "other", after
    for member in set(before) - {"hubUrl", "hubKey"}:
        assert after[member] == before[member], member


def test_kinds():
    """how the terminals' service is signed to, and whether lost answers are asked for again"""
    assert (show()["devicesSignature"], show()["repeatLost"]) == ("http-signature", True)
    home.json("profile", "set", "Shop", "--devices-signature", "jwt", "--repeat-lost", "off")
    assert (show()["devicesSignature"], show()["repeatLost"]) == ("jwt", False)
    home.json("profile", "set", "Shop", "--hub-key", "other", "--repeat-lost", "on")
    assert (show()["devicesSignature"], show()["repeatLost"]) == ("jwt", True)


def test_take_away():
    """--clear takes a name away, and gives the documented address back"""
    home.json("profile", "set", "Shop", "--clear", "hub-terminal", "--clear", "hub-url")
    after = show()
    assert after["hubTerminal"] is None
    assert after["hubUrl"] == "https://connect-cert.fiservapis.com/ch"


def test_rename():
    """another name; a taken one is a conflict"""
    home.json("profile", "add", "Second", "--environment", "live")
    assert home.fails("conflict", "profile", "set", "Shop", "--name", "Second")
    home.json("profile", "set", "Shop", "--name", "Café")
    assert show("Café")["hubMerchant"] == "1000"
    home.fails("not-found", "profile", "show", "Shop")
    home.json("profile", "set", "Café", "--name", "Shop")


def test_wrong():
    """nothing to change, a wrong word, another environment, a profile that is not there"""
    home.refuses("profile", "set", "Shop")
    home.refuses("profile", "set", "Shop", "--repeat-lost", "perhaps")
    home.refuses("profile", "set", "Shop", "--devices-signature", "none")
    home.refuses("profile", "set", "Shop", "--environment", "live")
    home.refuses("profile", "set", "Shop", "--clear", "name")
    home.fails("not-found", "profile", "set", "Nobody", "--hub-key", "k")
    home.fails("rejected", "profile", "set", "Shop", "--hub-url", "https://connect.fiservapis.com/ch")
    before = show()
    home.fails("rejected", "profile", "set", "Shop", "--hub-key", "good", "--wallet-user", "a:b")
    assert show() == before


def test_remove():
    """a person is asked, a script is not"""
    status, shown = home.on_terminal([("Remove the profile", "n")], "profile", "remove", "Second")
    assert status != 0 and "Second" in shown
    assert show("Second")
    status, shown = home.on_terminal([("Remove the profile", "y")], "profile", "remove", "Second")
    assert status == 0, shown
    home.fails("not-found", "profile", "show", "Second")
    home.json("profile", "remove", "Shop", "--yes")
    assert home.json("profile", "list") == []


TESTS = [test_set, test_kinds, test_take_away, test_rename, test_wrong, test_remove]

if __name__ == "__main__":
    try:
        sys.exit(main(TESTS))
    finally:
        home.remove()

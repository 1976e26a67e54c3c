#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `tillkeeperctl inspect` costs, beside certtool, openssl and bare GnuTLS.

    bench-inspect.py --ctl PROGRAM --floor PROGRAM --measure PROGRAM --bundle PROGRAM
                     [--only WORD]... [--rounds N] [--certificates N] [--no-callgrind]

Commands run in rounds, shuffled in each, so that what else the machine does hits all
of them; the result is the median of the ratios within a round. Instruction counts are
callgrind's. The goals are those of PERFORMANCE.md 1a-1d and 2a-2c: they are printed as
met or missed and decide nothing here. Exit status 1 only where nothing could be measured.
"""
import argparse
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

PASSWORD = "bench-password"
# Debian's openssl reads all CA certificates first; without them it is several times faster.
ENVIRONMENT = dict(os.environ, SSL_CERT_FILE="/nonexistent", SSL_CERT_DIR="/nonexistent", LC_ALL="C.UTF-8")


class Bench:
    def __init__(self, options, folder):
        self.options = options
        self.folder = folder
        self.measured = 0
        self.missed = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def make(self, *command):
        subprocess.run(command, cwd=self.folder, env=ENVIRONMENT, check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def run(self, command):
        """One run: wall and CPU in milliseconds, peak in MiB."""
        fds = []
        final = []
        for word in command:
            if word == "{fd}":
                fds.append(os.open(self.path("password"), os.O_RDONLY))
                word = str(fds[-1])
            final.append(word)
        try:
            out = subprocess.run([self.options.measure] + final, env=ENVIRONMENT, pass_fds=fds, check=True,
                                 capture_output=True, text=True).stdout.split()
        finally:
            for fd in fds:
                os.close(fd)
        if out[3] != "0":
            raise RuntimeError("%s ended with status %s" % (" ".join(command), out[3]))
        return {"wall": int(out[0]) / 1000, "cpu": int(out[1]) / 1000, "rss": int(out[2]) / 1024}

    def rounds(self, title, commands, count):
        """Runs all commands `count` times interleaved; a table and the samples by name."""
        samples = {name: [] for name in commands}
        for name in commands:
            self.run(commands[name])
        for _ in range(count):
            names = list(commands)
            random.shuffle(names)
            for name in names:
                samples[name].append(self.run(commands[name]))
        self.measured += 1
        print("\n%s (%d rounds)" % (title, count))
        print("  %-34s %10s %20s %10s %9s" % ("", "wall ms", "[min-max]", "cpu ms", "peak MiB"))
        for name, runs in samples.items():
            walls = [r["wall"] for r in runs]
            print("  %-34s %10.2f %20s %10.2f %9.1f" % (
                name, statistics.median(walls), "[%.2f-%.2f]" % (min(walls), max(walls)),
                statistics.median(r["cpu"] for r in runs), statistics.median(r["rss"] for r in runs)))
        return samples

    def ratio(self, samples, one, other, what="wall"):
        return statistics.median(a[what] / b[what] for a, b in zip(samples[one], samples[other]))

    def goal(self, number, text, value, limit):
        met = value <= limit
        self.missed += not met
        print("  goal %-3s %-52s %6.3f  (<= %.2f) %s" % (number, text, value, limit, "met" if met else "MISSED"))

    def note(self, text, value):
        print("       %-56s %6.3f" % (text, value))

    def instructions(self, commands):
        """Millions of instructions by name, or None where there is no valgrind."""
        if self.options.no_callgrind or not shutil.which("valgrind"):
            print("  (no callgrind: instructions are not counted)")
            return None
        result = {}
        for name, command in commands.items():
            fd = os.open(self.path("password"), os.O_RDONLY)
            try:
                final = [str(fd) if word == "{fd}" else word for word in command]
                out = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] + final,
                                     env=ENVIRONMENT, pass_fds=[fd], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                     stderr=subprocess.PIPE, text=True, check=True).stderr
            finally:
                os.close(fd)
            result[name] = int(re.search(r"Collected : (\d+)", out)[1]) / 1e6
        print("  instructions, millions: " + ", ".join("%s %.2f" % item for item in result.items()))
        return result


def make_files(bench):
    with open(bench.path("password"), "w", encoding="utf-8") as f:
        f.write(PASSWORD)
    for name, parent, subject in (("root", None, "/CN=Bench Root CA"),
                                  ("issuing", "root", "/O=Bench/CN=Bench Issuing CA"),
                                  ("leaf", "issuing", "/C=DE/O=Bench Shop/OU=ABCDE12345/CN=shop.example")):
        bench.make("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-keyout", name + ".key", "-subj", subject,
                   "-out", name + ".csr")
        with open(bench.path(name + ".ext"), "w", encoding="utf-8") as f:
            if name == "leaf":
                f.write("basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,keyEncipherment\n"
                        "extendedKeyUsage=serverAuth,clientAuth\nsubjectAltName=DNS:shop.example,DNS:www.shop.example\n")
            else:
                f.write("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n")
            f.write("subjectKeyIdentifier=hash\n" + ("authorityKeyIdentifier=keyid\n" if parent else ""))
        signer = ["-CA", parent + ".pem", "-CAkey", parent + ".key", "-CAcreateserial"] if parent else \
            ["-signkey", name + ".key"]
        bench.make("openssl", "x509", "-req", "-in", name + ".csr", "-days", "1000", "-extfile", name + ".ext",
                   "-out", name + ".pem", *signer)
    with open(bench.path("above.pem"), "w", encoding="utf-8") as f:
        for name in ("issuing.pem", "root.pem"):
            with open(bench.path(name), encoding="utf-8") as part:
                f.write(part.read())
    for rounds in ("2048", "600000"):
        bench.make("openssl", "pkcs12", "-export", "-in", "leaf.pem", "-inkey", "leaf.key", "-certfile", "above.pem",
                   "-iter", rounds, "-passout", "pass:" + PASSWORD, "-out", rounds + ".p12")


def bench_pem(bench):
    o, leaf = bench.options, bench.path("leaf.pem")
    commands = {
        "nothing (GnuTLS loaded)": [o.floor, "nothing"],
        "floor": [o.floor, "certificate", leaf],
        "tillkeeperctl": [o.ctl, "inspect", leaf],
        "tillkeeperctl --json": [o.ctl, "inspect", "--json", leaf],
        "certtool": ["certtool", "--certificate-info", "--infile", leaf],
        "openssl": ["openssl", "x509", "-text", "-noout", "-in", leaf],
    }
    samples = bench.rounds("One PEM certificate", commands, o.rounds)
    for name in ("tillkeeperctl", "tillkeeperctl --json"):
        bench.goal("1b", name + ", wall / floor", bench.ratio(samples, name, "floor"), 1.35)
        bench.goal("1b", name + ", wall / certtool", bench.ratio(samples, name, "certtool"), 1.15)
        bench.goal("1b", name + ", wall / openssl", bench.ratio(samples, name, "openssl"), 0.9)
        bench.goal("1b", name + ", peak / floor", bench.ratio(samples, name, "floor", "rss"), 1.6)
    counts = bench.instructions(commands)
    for name in ("tillkeeperctl", "tillkeeperctl --json") if counts else ():
        bench.goal("1a", name + ", instructions / floor", counts[name] / counts["floor"], 1.5)
        bench.goal("1a", name + ", instructions / certtool", counts[name] / counts["certtool"], 1.0)
        bench.goal("1a", name + ", instructions / openssl", counts[name] / counts["openssl"], 0.5)


def pkcs12_commands(bench, file):
    o = bench.options
    return {
        "floor": [o.floor, "pkcs12", PASSWORD, file],
        "floor, key left shut": [o.floor, "pkcs12-shut", PASSWORD, file],
        "floor, two threads": [o.floor, "pkcs12-threads", PASSWORD, file],
        "floor, key shut, two threads": [o.floor, "pkcs12-shut-threads", PASSWORD, file],
        "tillkeeperctl --json": [o.ctl, "inspect", "--json", "--password-fd", "{fd}", file],
        "certtool (key shut)": ["certtool", "--p12-info", "--inder", "--password", PASSWORD, "--infile", file],
        "openssl -nokeys": ["openssl", "pkcs12", "-info", "-nokeys", "-passin", "pass:" + PASSWORD, "-in", file],
        "openssl -nodes": ["openssl", "pkcs12", "-info", "-nodes", "-passin", "pass:" + PASSWORD, "-in", file],
    }


def bench_p12(bench):
    commands = pkcs12_commands(bench, bench.path("2048.p12"))
    samples = bench.rounds("PKCS #12, 2048 rounds", commands, bench.options.rounds)
    ours = "tillkeeperctl --json"
    bench.goal("1c", "wall / floor", bench.ratio(samples, ours, "floor"), 1.35)
    bench.goal("1c", "wall / certtool", bench.ratio(samples, ours, "certtool (key shut)"), 1.15)
    bench.goal("1c", "wall / openssl -nokeys", bench.ratio(samples, ours, "openssl -nokeys"), 0.75)
    bench.note("wall / openssl -nodes", bench.ratio(samples, ours, "openssl -nodes"))
    bench.instructions(commands)


def bench_p12k600(bench):
    commands = pkcs12_commands(bench, bench.path("600000.p12"))
    samples = bench.rounds("PKCS #12, 600,000 rounds", commands, max(5, bench.options.rounds // 3))
    ours = "tillkeeperctl --json"
    bench.goal("1d", "wall / floor on two threads", bench.ratio(samples, ours, "floor, two threads"), 1.15)
    bench.note("wall / floor on two threads, key shut", bench.ratio(samples, ours, "floor, key shut, two threads"))
    bench.goal("1d", "wall / certtool", bench.ratio(samples, ours, "certtool (key shut)"), 1.0)
    bench.goal("1d", "wall / openssl -nokeys", bench.ratio(samples, ours, "openssl -nokeys"), 0.55)
    bench.note("wall / openssl -nodes", bench.ratio(samples, ours, "openssl -nodes"))
    bench.note("cpu / floor", bench.ratio(samples, ours, "floor", "cpu"))


def bench_p12bulk(bench):
    o, number = bench.options, 200
    files = [bench.path("%d.copy.p12" % i) for i in range(number)]
    for file in files:
        shutil.copyfile(bench.path("2048.p12"), file)
    each = ["sh", "-c", 'for f in "$@"; do %s || exit 1; done', "sh"]
    certtool = 'certtool --p12-info --inder --password %s --infile "$f"' % PASSWORD
    openssl = 'openssl pkcs12 -info -nokeys -passin pass:%s -in "$f"' % PASSWORD
    commands = {
        "floor (GnuTLS loop)": [o.floor, "pkcs12", PASSWORD] + files,
        "tillkeeperctl --json": [o.ctl, "inspect", "--json", "--password-fd", "{fd}"] + files,
        "certtool a file (key shut)": each[:2] + [each[2] % certtool] + each[3:] + files,
        "openssl a file": each[:2] + [each[2] % openssl] + each[3:] + files,
    }
    samples = bench.rounds("%d PKCS #12 files, 2048 rounds" % number, commands, max(3, o.rounds // 5))
    ours = "tillkeeperctl --json"
    bench.goal("2c", "wall / GnuTLS loop", bench.ratio(samples, ours, "floor (GnuTLS loop)"), 1.25)
    bench.goal("2c", "wall / certtool a file", bench.ratio(samples, ours, "certtool a file (key shut)"), 0.3)
    bench.goal("2c", "wall / openssl a file", bench.ratio(samples, ours, "openssl a file"), 0.15)
    bench.note("cpu / GnuTLS loop", bench.ratio(samples, ours, "floor (GnuTLS loop)", "cpu"))


def bench_bundle(bench):
    o = bench.options
    large, small = bench.path("large.pem"), bench.path("small.pem")
    bench.make(o.bundle, str(o.certificates), large)
    bench.make(o.bundle, str(o.certificates // 10), small)
    commands = {
        "floor (GnuTLS loop)": [o.floor, "certificate", large],
        "tillkeeperctl": [o.ctl, "inspect", large],
        "tillkeeperctl --json": [o.ctl, "inspect", "--json", large],
        "certtool": ["certtool", "--certificate-info", "--infile", large],
        "openssl storeutl -noout": ["openssl", "storeutl", "-noout", large],
        "openssl storeutl -text": ["openssl", "storeutl", "-text", "-noout", large],
    }
    samples = bench.rounds("%d PEM certificates in one bundle" % o.certificates, commands, max(3, o.rounds // 5))
    ours, floor = "tillkeeperctl --json", "floor (GnuTLS loop)"
    bench.goal("2a", "cpu / GnuTLS loop", bench.ratio(samples, ours, floor, "cpu"), 1.0)
    bench.goal("2a", "wall / certtool", bench.ratio(samples, ours, "certtool"), 0.35)
    bench.goal("2a", "peak / certtool", bench.ratio(samples, ours, "certtool", "rss"), 0.4)
    bench.note("wall / GnuTLS loop", bench.ratio(samples, ours, floor))
    bench.note("wall / openssl storeutl -text", bench.ratio(samples, ours, "openssl storeutl -text"))
    bench.note("text, wall / certtool", bench.ratio(samples, "tillkeeperctl", "certtool"))
    few = bench.run([o.ctl, "inspect", "--json", small])
    peak = statistics.median(r["rss"] for r in samples[ours])
    grown = o.certificates - o.certificates // 10
    bench.note("peak, KiB a certificate (the file included)", (peak - few["rss"]) * 1024 / grown)
    counts = bench.instructions({
        "a tenth": [o.ctl, "inspect", "--json", small], "all": [o.ctl, "inspect", "--json", large],
        "floor, a tenth": [o.floor, "certificate", small]})
    if counts:
        bench.goal("2b", "instructions, all / a tenth", counts["all"] / counts["a tenth"], 10.5)
        bench.note("instructions / GnuTLS loop, a tenth", counts["a tenth"] / counts["floor, a tenth"])


BENCHES = {"pem": bench_pem, "p12": bench_p12, "p12k600": bench_p12k600, "p12bulk": bench_p12bulk,
           "bundle": bench_bundle}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("ctl", "floor", "measure", "bundle"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--only", action="append", choices=sorted(BENCHES))
    parser.add_argument("--rounds", type=int, default=21)
    parser.add_argument("--certificates", type=int, default=10000)
    parser.add_argument("--no-callgrind", action="store_true")
    options = parser.parse_args()
    # The commands run in a folder of their own.
    for name in ("ctl", "floor", "measure", "bundle"):
        setattr(options, name, os.path.abspath(getattr(options, name)))
    for tool in ("certtool", "openssl"):
        if not shutil.which(tool):
            print("bench-inspect: %s is not installed" % tool, file=sys.stderr)
            return 1
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options, folder)
        try:
            make_files(bench)
            for name in options.only or BENCHES:
                BENCHES[name](bench)
        except subprocess.CalledProcessError as e:
            print("bench-inspect: %s\n%s" % (e, e.stderr or ""), file=sys.stderr)
            return 1
        except RuntimeError as e:
            print("bench-inspect: %s" % e, file=sys.stderr)
            return 1
    print("\n%d of the goals missed" % bench.missed if bench.missed else "\nall goals met")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Section 13.5 of draw/SPEC.md, up to the close: what was announced, and what was contributed."""
import re, zipfile

from bundle import file_name
from notes import Verifier, open_note
from policy import CHECKS, STATUS
from selection import *
from statements import parse
from texts import *


class Announced:
    def __init__(self, bundle, policy, frame_secret=None):
        self.b, self.p, self.frame_secret = bundle, policy, frame_secret
        self.status, self.why, self.s, self.notes = dict.fromkeys(CHECKS, "skipped"), {}, {}, {}
        self.seed = self.outcome = None
        self.derived = False

    def find(self, check, status, text=""):
        if STATUS.index(status) > STATUS.index(self.status[check]):
            self.status[check], self.why[check] = status, text
        return False

    def wrong(self, check, text=""):
        return self.find(check, "wrong", text)

    def ok(self, check):
        self.find(check, "ok")

    def absent(self, check, text):
        self.find(check, "skipped" if "void" in self.s else "missing", text)

    def equal(self, check, have, want, text):
        return have == want or self.wrong(check, "%s: have %s, want %s" % (text, have, want))

    def keys(self, texts, kinds, check="signatures"):
        out = []
        for t in texts:
            try:
                out.append(Verifier(t, kinds))
            except (Bad, ValueError, IndexError):
                self.find("signatures", "missing", "this program cannot open key %r" % t[:80])
        return out

    def load(self, name, kind, signers):
        try:
            data = self.b.read(name, 327680)
            if data is None:
                return None
            text, right, bad = open_note(data, signers + self.witnesses)
            if bad or signers and not any((v.name, v.id) in right for v in signers):
                self.wrong("signatures", name)
            s = parse(kind, text)
        except (Bad, OverflowError, OSError, zipfile.BadZipFile) as e:
            return self.wrong("files", "%s: %s" % (name, e)) or None
        s.right, s.note = right, data
        self.notes[name] = s
        return s

    def seen(self, s):
        """Q of a statement: when a quorum of witnesses had seen it."""
        q = self.p["quorum"]
        t = sorted(t for t in (int.from_bytes(s.right[w.name, w.id][:8], "big") for w in self.witnesses if (w.name, w.id) in s.right) if t <= self.p["at"]) if s else []
        return t[q - 1] if 0 < q <= len(t) else None

    def text(self, name, check):
        try:
            return self.b.read(name, self.p["bytes"])
        except OverflowError:
            return self.find(check, "missing", "%s is larger than the policy reads" % name) or None
        except (Bad, OSError, zipfile.BadZipFile) as e:
            return self.wrong("files", str(e)) or None

    def run(self):
        p = self.p
        regulators, self.witnesses = self.keys(p["regulator"], (1,)), self.keys(p["witness"], (4,))
        if "sha256" not in p["suite"]:
            return self.find("series", "missing", "this program has SHA-256 only")
        series = self.series = self.load("series.note", "series", regulators)
        if series is None:
            self.find("series", "missing", "there is no series")
        else:
            if series["suite"] != "sha256":
                return self.find("series", "missing" if series["suite"] in p["suite"] else "wrong", "suite " + series["suite"])
            for k in ("authority", "scope"):
                p[k] is None or self.equal("series", series[k], p[k], k)
            own = [v for v in regulators if v.text == series["regulator"]]
            if own:
                regulators = own
                (own[0].name, own[0].id) in series.right or self.wrong("signatures", "series.note")
            elif series["regulator"] not in p["regulator"]:
                self.wrong("series", "the regulator's key is not trusted")
            if p["series"]:
                self.equal("series", series.id.hex(), p["series"].hex(), "series")
            elif self.seen(series) is None:
                self.find("series", "not-proven", "the series is not pinned, and no quorum has seen it")
            self.ok("series")
        self.regulators = regulators
        for k in ("notice", "close", "pulse", "sealed", "opening", "void"):
            s = self.load(k + ".note", k, regulators)
            if s is not None:
                self.s[k] = s
        n = self.n = self.s.get("notice")
        if n is None:
            return self.find("notice", "missing", "there is no notice")
        for k, check in (("close", "close"), ("pulse", "beacon"), ("sealed", "sealed-root"), ("opening", "opening"), ("void", "void")):
            k in self.s and self.equal(check, self.s[k]["notice"].hex(), n.id.hex(), k + " is about another notice")
        for step in (self.notice, self.plan, self.frame, self.contributions, self.deadlines, self.order, self.beacon, self.opening, self.derivation, self.selection, self.matching, self.sealed_root,
                     self.events, self.receipts, self.void):
            step()
        self.ok("files"), self.ok("signatures")

    def notice(self):
        n, s, w = self.n, self.series, lambda text: self.wrong("notice", text)
        if s is None:
            return self.find("notice", "missing", "its rules are not known")
        self.equal("notice", n["series"].hex(), s.id.hex(), "series")
        chains = {c[0]: c for c in s["chain"]}
        for name, means in n["contributor"]:
            name in [c[0] for c in s["contributor"]] or w("contributor %r" % name)
            means == "commit" or name in chains and n["number"] <= chains[name][1] or w("chain of %r" % name)
        n["minimum"] >= s["minimum"] and n["withheld"] <= s["withheld"] or w("minimum or withheld")
        n["beacon"][0] is None or n["beacon"][0] in s["beacon"] or w("beacon %r" % n["beacon"][0])
        n["created"] >= s["created"] or w("older than the series")
        self.ok("notice")

    def plan(self):
        self.the_plan, data = None, self.text("plan.txt", "plan")
        if data is None:
            return self.status["plan"] == "missing" or self.absent("plan", "there is no plan")
        try:
            plan = Plan(data)
        except (Bad, ValueError) as e:
            return self.wrong("plan", str(e))
        same = self.equal("plan", plan.id.hex(), self.n["plan"].hex(), "ID")
        same = self.equal("plan", plan.root.hex(), self.n["frame"][1].hex(), "frame") and same
        if self.equal("plan", plan.units, self.n["frame"][2], "units") and same:
            self.the_plan = plan
            self.ok("plan")

    def frame(self):
        kind, want, units = self.n["frame"]
        self.rows = None
        if units > self.p["units"]:
            return self.find("frame-root", "missing", "more units than the policy reads")
        data = self.text("frame.txt", "frame-root")
        if data is None:
            return kind == "salted" or self.status["frame-root"] == "missing" or self.absent("frame-root", "there is no frame")
        if kind == "salted" and self.frame_secret is None:
            return
        try:
            rows = parse_frame(data, units)
        except Bad as e:
            return self.wrong("frame-root", str(e))
        key = Key(self.frame_secret, b"frame-salt") if kind == "salted" else None
        leaves = [utf("%s %s %d" % r) + (b" " + utf(ticket(key, r[0]).hex()) if key else b"") for r in rows]
        same = self.equal("frame-root", len(rows), units, "units")
        if self.equal("frame-root", root(leaves).hex(), want.hex(), "root") and same:
            self.rows = rows
            self.ok("frame-root")

    def contributions(self):
        n, c = self.n, self.s.get("close")
        keys = {x[0]: x[1] for x in self.series["contributor"]} if self.series else {}
        chains = {x[0]: x for x in self.series["chain"]} if self.series else {}
        all_ = {}
        self.values, self.complete, withheld = [], c is not None, 0
        for name, means in n["contributor"]:
            x = all_[name] = {"commit": None, "reveal": None, "fits": False, "chain": means == "chain"}
            signers = self.keys([keys[name]], (1,)) if name in keys else []
            if not signers:
                continue
            for kind in ("commit", "reveal"):
                if kind == "commit" and x["chain"]:
                    continue
                s = self.load("%ss/%s" % (kind, file_name(name)), kind, signers)
                if s is not None and self.equal(kind, s["notice"].hex(), n.id.hex(), name) & self.equal(kind, s["contributor"], name, name):
                    x[kind] = s
            r = x["reveal"]
            if r is not None and x["chain"] and name in chains:
                v = r["value"]
                for _ in range(n["number"]):
                    v = Hash(b"chain", utf(name), v)
                x["fits"] = r["nonce"] is None and n["number"] <= chains[name][1] and v == chains[name][2]
            elif r is not None and x["commit"] is not None:
                x["fits"] = Hash(b"commit", n.id, utf(name), r["value"], r["nonce"] or bytes(32)) == x["commit"]["commitment"]
        if c is None:
            for name, x in all_.items():
                x["reveal"] is None or x["fits"] or self.wrong("reveal", name)
            return "void" in self.s or self.p["at"] <= n["close-by"] or self.find("close", "missing", "it was due")
        for name, commit, reveal in c["counted"]:
            x = all_.pop(name, None)
            if x is None:
                self.complete = self.wrong("close", "%r does not contribute" % name)
                continue
            if x["chain"]:
                commit is None or self.wrong("close", "a commit by chain")
            elif x["commit"] is None:
                self.find("commit", "missing", name)
            else:
                self.equal("close", commit.hex() if commit else "none", x["commit"].id.hex(), name)
            if x["reveal"] is None:
                self.complete = self.find("reveal", "missing", name)
                continue
            self.equal("close", reveal.hex(), x["reveal"].id.hex(), name)
            x["fits"] or x["commit"] is None and not x["chain"] or self.wrong("reveal", name)
            self.values += [utf(name), x["reveal"]["value"]]
        for name, fault, commit in c["missing"]:
            x = all_.pop(name, None)
            if x is None:
                self.wrong("close", "%r does not contribute" % name)
                continue
            withheld += fault != "no-commit"
            if x["chain"]:
                fault != "no-commit" and commit is None or self.wrong("close", name)
            elif fault != "no-commit" and commit is None:
                self.wrong("close", name)
            late = lambda s, by: self.find("close", "wrong" if self.seen(s) is not None and self.seen(s) <= by else "not-proven", name + " was there")
            if fault == "no-commit" and x["commit"] is not None:
                late(x["commit"], n["commit-by"])
            elif commit and x["commit"] is not None:
                self.equal("close", commit.hex(), x["commit"].id.hex(), name)
            elif commit:
                self.find("commit", "missing", name)
            if fault != "no-commit" and x["fits"]:
                late(x["reveal"], n["reveal-by"])
        for name in all_:
            self.wrong("close", "it says nothing of %r" % name)
        if "void" not in self.s:
            k = len(c["counted"])
            k >= n["minimum"] and withheld <= n["withheld"] and (k or n["beacon"][0]) or self.wrong("close", "the draw should be void")
        self.ok("commit"), self.ok("reveal"), self.ok("close")

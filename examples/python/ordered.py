"""Section 13.5 of draw/SPEC.md: times, witnesses, beacon and opening."""
from announced import Announced
from bundle import file_name
from policy import beacon_status, entropy, round_time
from selection import Hash
from texts import *


class Ordered(Announced):
    def deadlines(self):
        n, s = self.n, self.s
        times_ = [(n["created"], 0 - 1 << 60, n["commit-by"])]
        if "close" in s:
            times_.append((s["close"]["closed"], n["reveal-by"] if s["close"]["missing"] else n["created"], n["close-by"]))
        if "opening" in s:
            times_.append((s["opening"]["opened"], n["close-by"], n["open-by"]))
        if "void" in s:
            times_.append((s["void"]["made"], n["created"], self.p["at"]))
        all(a <= t <= b and t <= self.p["at"] for t, a, b in times_) or self.wrong("deadlines", "a time is outside its limits")
        self.ok("deadlines")

    def last(self):
        if self.n["beacon"][0] is None:
            return self.n["close-by"]
        t = round_time(self.p, *self.n["beacon"])
        return min(self.n["pulse-at"], self.n["pulse-at"] if t is None else t) - 1

    def order(self):
        n, s = self.n, self.s
        seen = [(n, n["commit-by"])]
        if "close" in s:
            seen.append((s["close"], self.last()))
            if n["beacon"][0] is None:
                seen += [(self.notes.get("commits/" + file_name(c[0])), n["commit-by"]) for c in s["close"]["counted"] if c[1]]
        if "sealed" in s and n["mode"] == "sealed":
            seen.append((s["sealed"], n["open-by"]))
        for st, by in seen:
            q = self.seen(st)
            q is not None and q <= by or self.find("witness-order", "not-proven", "a quorum saw it too late, or not at all")
        self.ok("witness-order")

    def beacon(self):
        n, u = self.n, self.s.get("pulse")
        name, round = n["beacon"]
        self.pulse_ok, self.pulse_value = name is None, b""
        if name is None:
            u is None or self.wrong("beacon", "a pulse without a beacon")
            return self.p["entropy"] == 0 or self.wrong("beacon", "the policy demands a beacon")
        if u is None:
            if "sealed" in self.s or "opening" in self.s or self.p["at"] > n["pulse-at"]:
                self.absent("beacon", "there is no pulse")
        else:
            same = self.equal("beacon", u["beacon"], name, "beacon") & self.equal("beacon", u["round"], round, "round")
            if ("close" not in self.s or self.equal("beacon", u["close"].hex(), self.s["close"].id.hex(), "close")) and same:
                self.pulse_ok, self.pulse_value = True, utf(u["value"])
        b = next((b for b in self.p["beacon"] if b["name"] == name), None)
        if b is None or any(x["kind"] == "given" for x in self.p["beacon"] if x["name"] in [name] + b["parts"]):
            return self.find("beacon", "missing", "the policy, or this program, does not have the beacon")
        entropy(self.p, name) >= max(self.p["entropy"], self.series["entropy"] if self.series else 0) or self.wrong("beacon", "it is weak")
        t = round_time(self.p, name, round)
        if t is not None and t < n["pulse-at"]:
            self.wrong("beacon", "the round was public earlier")
        if u is not None:
            t is not None or self.find("beacon", "not-proven", "when the round was public is not known")
            self.find("beacon", beacon_status(self.p, name, round, u["value"], u["proof"]), "the value")
            self.ok("beacon")

    def opening(self):
        n, o = self.n, self.s.get("opening")
        self.secret, self.secret_ok = None, n["mode"] == "open"
        if n["mode"] == "open":
            return o is None or o["secret"] is not None and self.wrong("opening", "a secret of an open draw") or self.ok("opening")
        if o is None:
            v = self.s.get("void")
            return v is not None and v["duty"] == "none" or self.p["at"] <= n["open-by"] or self.wrong("opening", "the draw was not opened in time")
        if o["secret"] is None or Hash(b"secret", o["secret"]) != n["secret"]:
            return self.wrong("opening", "the secret is not the one committed to")
        self.secret, self.secret_ok = o["secret"], True
        if "sealed" in self.s:
            self.equal("opening", o["sealed"].hex(), self.s["sealed"].id.hex(), "sealed result")
        else:
            "void" in self.s or self.find("opening", "missing", "there is no sealed result")
        self.ok("opening")

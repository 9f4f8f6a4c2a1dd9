"""Sections 13.5 and 13.6 of draw/SPEC.md: the outcome, and the verdict."""
import hashlib, hmac, re

from bundle import file_name
from notes import open_note
from ordered import Ordered
from roster import Lines, Roster, place_of
from selection import *
from statements import STAGES, commitment
from texts import *
from visits import appointments


class Missing(Exception):
    """Something that a roster follows from is not there."""


def parse_template(data):
    d = Lines(data, "doublerandom/tasks/v1")
    places, slots = {}, {}

    def stratum():
        s = label(d.take("stratum", 1)[0])
        places[s] = []
        while d.next() == "place":
            places[s].append(place_of(d.take("place", 3)))
        need(2 <= len(places[s]) <= 16, "team of %r" % s)

    def slot():
        s = label(d.take("slot", 1)[0])
        slots[s] = {}
        while d.next() == "room":
            area, n = d.take("room", 2)
            slots[s][label(area)] = natural(n, 0, 2**31 - 1)
        ascending([utf(a) for a in slots[s]])
    n = len(d.count("strata", stratum)), len(d.count("slots", slot))
    need(n == (len(places), len(slots)), "an entry is there twice")
    ascending([utf(s) for s in places]), ascending([utf(s) for s in slots])
    count, per = d.take("methods", 2)
    methods = [label(d.take("method", 1)[0]) for _ in range(natural(count, 0, 1 << 20))]
    ascending([utf(m) for m in methods])
    d.end()
    return {"places": places, "slots": slots, "methods": methods, "per": natural(per, 0, len(methods))}


def parse_exclusions(data):
    d = Lines(data, "doublerandom/exclusions/v1")
    lists = [d.count(head, lambda: tuple(label(x) for x in d.take(keyword, 3))) for head, keyword in (("exclusions", "exclusion"), ("pairs", "pair"))]
    d.end()
    for l in lists:
        ascending([[utf(x) for x in e] for e in l])
    need(all(utf(a) <= utf(b) for a, b, _ in lists[1]), "a pair is not in order")
    return lists


class Audit(Ordered):
    def derivation(self):
        n, self.result, self.strata, self.unreadable = self.n, self.text("result.txt", "selection"), None, False
        if self.result is not None:
            try:
                plan, self.result_seed, self.strata = parse_result(self.result)
                self.equal("selection", plan.hex(), n["plan"].hex(), "the result is for another plan")
                if n["mode"] == "sealed" and "opening" not in self.s and "void" not in self.s:
                    self.wrong("selection", "a result before the opening")
            except (Bad, ValueError) as e:
                self.result, self.unreadable = None, not self.wrong("selection", str(e))
        if "close" not in self.s:
            return
        if not self.complete or not self.pulse_ok:
            return n["beacon"][0] is not None and "pulse" not in self.s or self.absent("derivation", "a value is missing or wrong")
        if not self.secret_ok:
            return "opening" not in self.s or self.absent("derivation", "the secret is wrong")
        public = Hash(b"public", n.id, self.pulse_value, *self.values)
        self.seed = hmac.new(self.secret, public, hashlib.sha256).digest() if self.secret else public
        if self.result is None or self.equal("derivation", self.result_seed.hex(), self.seed.hex(), "seed"):
            self.ok("derivation")

    def selection(self):
        if self.seed is None:
            return
        o = self.s.get("opening")
        hash_ok = lambda data: o is None or self.equal("selection", H(data).hex(), o["result"].hex(), "hash of the result")
        if self.the_plan is None or self.rows is None:
            if self.the_plan is None or self.n["frame"][0] == "plain":
                return self.absent("selection", "plan or frame are missing or wrong")
            if self.result is not None:
                hash_ok(self.result)
                want = [(k, v[0], v[1], v[2]) for k, v in self.the_plan.strata.items()]
                [s[:4] for s in self.strata] == want or self.wrong("quotas", "strata are not the plan's")
                self.ok("quotas")
            return
        try:
            text, self.outcome, self.cells = draw(self.the_plan, self.rows, self.seed)
        except KeyError:
            return self.wrong("selection", "the plan is not of the frame's strata")
        self.derived = True
        if self.result is None:
            if o is None:
                return self.unreadable or self.absent("selection", "there is no result")
            return hash_ok(utf(text)) and (self.ok("quotas"), self.ok("selection"))
        hash_ok(self.result)
        if utf(text) == self.result:
            return self.ok("quotas"), self.ok("selection")
        self.wrong("selection", "the published result is not the derived one")
        if self.result_seed == self.seed:
            short = [(s[0], s[3], s[4]) for s in self.strata]
            short == [(s[0], s[3], s[4]) for s in parse_result(utf(text))[2]] or self.wrong("quotas", "a stratum's quota or count")
            self.ok("quotas")

    def matching(self):
        n, sealed = self.n, self.s.get("sealed")
        self.extension, self.roster_ok = lambda id: "none", True
        data = self.text("roster.txt", "files")
        if not (n["matching"] or n["inspectors"] or data or sealed and sealed["roster"]):
            return
        self.roster_ok = False
        if not self.seed or self.outcome is None and self.strata is None:
            return
        if data is None:
            return n["frame"][0] == "salted" and not self.derived or self.absent("matching", "there is no roster")
        if n["matching"] != "doublerandom/roster/v1":
            return self.wrong("matching", "another matching")
        try:
            self.roster(data, sealed)
        except Missing as e:
            self.absent("matching", str(e))
        except (Bad, ValueError, IndexError, KeyError) as e:
            self.wrong("matching", str(e))

    def given(self, name, field):
        data = self.text(name, "files")
        if data is None:
            raise Missing(name + " is not there")
        need(self.n[field] == H(data), name + " is not the notice's")
        return data

    def roster(self, data, sealed):
        if self.outcome is None:
            raise Missing("this program checks rosters of draws that it can derive only")
        inspectors, template = self.given("inspectors.txt", "inspectors"), parse_template(self.given("tasks.txt", "tasks"))
        if "exclusions.txt" not in self.b.names:
            raise Missing("this program does not check rosters without the exclusions")
        exclusions, pairs = parse_exclusions(self.given("exclusions.txt", "exclusions"))
        drawn = {id: cell[0] for id, (kind, _, cell) in self.outcome.items() if kind == "drawn"}
        key = Key(self.seed, b"match")
        r = Roster(inspectors, {id: template["places"][s] for id, s in drawn.items()}, exclusions, pairs, key)
        need(r.assign() == data, "the roster is not the derived one")
        need(not sealed or not sealed["roster"] or sealed["roster"] == r.root(), "the roster's root is not the sealed result's")
        leaves = {id: r.leaf(id) for id in drawn}
        if template["slots"] or template["per"]:
            visits = self.text("visits.txt", "files")
            if visits is None:
                raise Missing("visits.txt is not there")
            need(visits == appointments(key, template, {t: [r.who[p] for p in r.team[t]] for t in drawn if t not in r.lines}, drawn), "slots or methods are not the derived ones")
        changes = []
        while True:
            name = "changes/%04d.note" % (len(changes) + 1)
            note = self.b.read(name, 327680)
            if note is None:
                break
            text, right, bad = open_note(note, self.regulators + self.witnesses)
            bad or not any((v.name, v.id) in right for v in self.regulators) and self.wrong("signatures", name)
            bad and self.wrong("signatures", name)
            changes.append(text)
        r.apply(changes, data)
        self.extension, self.roster_ok = lambda id: H(utf(leaves[id])).hex() if id in leaves else "none", True
        self.ok("matching")

    def sealed_root(self):
        n, s = self.n, self.s.get("sealed")
        if s is None:
            return n["mode"] == "open" or "opening" not in self.s or self.absent("sealed-root", "there is no sealed result")
        if "close" in self.s:
            self.equal("sealed-root", s["close"].hex(), self.s["close"].id.hex(), "close")
        else:
            self.absent("sealed-root", "there is no close")
        if "pulse" in self.s or n["beacon"][0] is None:
            self.equal("sealed-root", s["pulse"], self.s["pulse"].id if "pulse" in self.s else None, "pulse")
        self.equal("sealed-root", s["frame"], [n["frame"][1], n["frame"][2]], "frame")
        if self.derived and self.roster_ok:
            k = Key(self.seed, b"salt")
            leaves = [utf("%s %s %d %s %s" % ((id,) + self.outcome.get(id, ("other", 0))[:2] + (self.extension(id), ticket(k, id).hex()))) for id, _, _ in self.rows]
            self.equal("sealed-root", s["root"].hex(), root(leaves).hex(), "root")
        self.ok("sealed-root")

    def events(self):
        names = sorted(x[7:] for x in self.b.names if re.fullmatch(r"events/[^/]*\.note", x))
        if not names:
            return
        previous, made, details, hidden, i = None, self.n["close-by"], [], 0, 0
        while names:
            i += 1
            name, shown = "%04d.note" % i, "%04d-shown.note" % i
            e = self.load("events/" + name, "event", self.regulators) if name in names else None
            if e is None:
                self.wrong("events", "event %d is missing or cannot be used" % i)
                break
            names.remove(name)
            same = e["notice"] == self.n.id and ("sealed" not in self.s or e["sealed"] == self.s["sealed"].id) and e["sequence"] == i and e["previous"] == previous
            same and made <= e["made"] <= self.p["at"] and ("hidden" in e or self.n["mode"] == "open" or "opening" in self.s) or self.wrong("events", "event %d" % i)
            previous, made, d = e.id, e["made"], None if "hidden" in e else e
            if shown in names:
                names.remove(shown)
                d = self.load("events/" + shown, "event", self.regulators)
                head = ("notice", "sealed", "sequence", "previous", "made")
                if d is not None and ("hidden" not in e or "hidden" in d or any(d[k] != e[k] for k in head) or commitment(d) != e["hidden"]):
                    d = self.wrong("events", "event %d is not what was hidden" % i) or None
            if d is None:
                hidden += 1
            else:
                details.append(d)
        if hidden and "opening" in self.s:
            self.find("events", "missing", "events are still hidden")
        elif not hidden and self.derived:
            self.replay(details)
        self.ok("events")

    def replay(self, details):
        queues = {k: list(v) for k, v in self.cells.items()}
        use = {id for id, (kind, _, _) in self.outcome.items() if kind == "drawn"}
        for d in details:
            if d["kind"] == "recusal":
                continue
            q = queues.get(self.outcome[d["subject"]][2], []) if d["subject"] in self.outcome else []
            if d["subject"] in use:
                use.remove(d["subject"])
            elif d["kind"] == "skip" and q[:1] == [d["subject"]]:
                q.pop(0)
                continue
            else:
                return self.wrong("events", "%r is not in use" % d["subject"])
            if d["replacement"]:
                if q[:1] != [d["replacement"]]:
                    return self.wrong("events", "%r is not the next reserve" % d["replacement"])
                use.add(q.pop(0))

    def receipts(self):
        held = []
        for name in sorted(x for x in self.b.names if re.fullmatch(r"receipts/[^/]*\.note", x)):
            r = self.load(name, "receipt", self.regulators)
            if r is None:
                continue
            s = self.s.get("sealed")
            ok = len(r.note) <= 2900 and r["notice"] == self.n.id and r["frame"] == [self.n["frame"][1], self.n["frame"][2]] and (r["frame-salt"] is not None) == (self.n["frame"][0] == "salted")
            ok = ok and (s is None or r["sealed"] == s.id and r["root"] == s["root"]) and proofs(r)
            if self.seed:
                ok = ok and r["salt"] == ticket(Key(self.seed, b"salt"), r["unit"][0])
            if self.outcome is not None:
                ok = ok and tuple(r["outcome"]) == self.outcome.get(r["unit"][0], ("other", 0))[:2]
                if self.roster_ok and r["outcome"][0] == "drawn":
                    ok = ok and (r["extension"].hex() if r["extension"] else "none") == self.extension(r["unit"][0])
            ok or self.wrong("receipts", name)
            s is not None or self.find("receipts", "missing", "there is no sealed result")
            held.append((utf(r["unit"][0]), r["index"]))
        held.sort(key=lambda x: x[0])
        all((a == b) == (i == j) and (a == b or i < j) for (a, i), (b, j) in zip(held, held[1:])) or self.wrong("receipts", "out of order")
        held and self.ok("receipts")

    def void(self):
        v, n, s = self.s.get("void"), self.n, self.s
        if v is None:
            return
        revealed = any("reveals/" + file_name(c[0]) in self.notes for c in n["contributor"])
        stage = 4 if "sealed" in s else 3 if "pulse" in s else 2 if "close" in s else int(revealed)
        after = STAGES.index(v["after"])
        after >= stage and (v["duty"] == "open") == (n["mode"] == "sealed" and after >= 1) or self.wrong("void", "stage or duty")
        if after < 3 and n["beacon"][0] is not None and self.p["at"] > self.last() and (self.seen(v) is None or self.seen(v) > self.last()):
            self.find("void", "not-proven", "no quorum saw it before the pulse")
        self.ok("void")

    def verdict(self):
        for status, verdict in (("wrong", "wrong"), ("missing", "cannot tell"), ("not-proven", "order not proven")):
            if status in self.status.values():
                return verdict
        s = self.s
        if "void" in s:
            return "void"
        sealed = self.n["mode"] == "sealed"
        if "close" not in s or self.n["beacon"][0] and "pulse" not in s or sealed and "sealed" not in s:
            return "cannot tell"
        if sealed and "opening" not in s:
            return "fixed"
        return "opened and correct" if self.derived else "opened, selection not publicly checkable"


def proofs(r):
    row = utf("%s %s %d" % tuple(r["unit"])) + (b" " + utf(r["frame-salt"].hex()) if r["frame-salt"] else b"")
    leaf = utf("%s %s %d %s %s" % (r["unit"][0], *r["outcome"], r["extension"].hex() if r["extension"] else "none", r["salt"].hex()))
    n = r["frame"][1]
    return leads_to(row, r["index"], n, r["frame-path"] or [], r["frame"][0]) and leads_to(leaf, r["index"], n, r["path"] or [], r["root"])

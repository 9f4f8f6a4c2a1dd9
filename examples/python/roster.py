"""matching/SPEC.md: inspectors to drawn units, slots, methods and changes."""
import hashlib
from bisect import insort

from selection import H, Key, root, ticket
from texts import *

MASK = 2**64 - 1


def mix(x):
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
    x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
    return x ^ x >> 31


def word(b):
    return int.from_bytes(b[:8], "big")


class Lines:
    """The lines of a text, one after the other."""

    def __init__(self, data, header):
        self.lines, self.at = utf8_lines(data, 1 << 28), 0
        self.take(header, 0)

    def next(self):
        return self.lines[self.at].split(" ")[0] if self.at < len(self.lines) else ""

    def take(self, keyword, n):
        f = self.lines[self.at].split(" ") if self.at < len(self.lines) else [""]
        need(f[0] == keyword and len(f) == n + 1, "line %d: %r" % (self.at + 1, " ".join(f)[:80]))
        self.at += 1
        return f[1:]

    def count(self, keyword, read):
        return [read() for _ in range(natural(self.take(keyword, 1)[0], 0, 1 << 28))]

    def end(self):
        need(self.at == len(self.lines), "line %d is too many" % (self.at + 1))


def place_of(f):
    return tuple(None if x == "none" else label(x) for x in f)


class Roster:
    """The assignment, stage by stage. Places are numbered through; who[p] is the inspector of a place or None."""

    def __init__(self, directory, tasks, exclusions, pairs, key):
        d = Lines(directory, "doublerandom/directory/v1")
        self.directory, self.key = directory, key
        self.room, self.carried, self.has = {}, {}, {}

        def inspector():
            id, room, carried = d.take("inspector", 3)
            need(not self.room or utf(list(self.room)[-1]) < utf(label(id)), "inspectors are out of order")
            self.room[id], self.carried[id], skills = natural(room, 0, 1 << 20), natural(carried, 0, 2), set()
            for kind in ("area", "role", "certificate"):
                before = ""
                while d.next() == kind:
                    x = label(d.take(kind, 1)[0])
                    need(x != "none" and utf(before) < utf(x), "skills are out of order")
                    skills.add((kind, x))
                    before = x
            self.has[id] = skills
        d.count("inspectors", inspector)
        d.end()
        self.tasks = sorted(tasks, key=utf)
        self.exclusions = sorted({e for e in exclusions if e[0] in tasks}, key=lambda e: [utf(x) for x in e])
        self.pairs = sorted(pairs, key=lambda e: [utf(x) for x in e])
        self.asks, self.task_of, self.team = [], [], {}
        for t in self.tasks:
            self.team[t] = range(len(self.asks), len(self.asks) + len(tasks[t]))
            self.asks += tasks[t]
            self.task_of += [t] * len(tasks[t])
        need(all(e[1] in self.room for e in self.exclusions) and all(p[0] in self.room and p[1] in self.room and p[0] != p[1] for p in pairs), "an unknown inspector")
        self.barred = {(e[0], e[1]) for e in self.exclusions}
        self.apart = {x for a, b, _ in pairs for x in ((a, b), (b, a))}
        self.partners = {a for a, _ in self.apart}
        y = word(Key(key, b"match-inspector"))
        self.rank = {i: mix(word(H(utf(i))) ^ y) for i in self.room}
        k = Key(key, b"match-task")
        self.ticket = {t: ticket(k, t) for t in self.tasks}
        self.members = {}
        for asks in set(self.asks):
            want = {(kind, x) for kind, x in zip(("area", "role", "certificate"), asks) if x is not None}
            self.members[asks] = [i for i in self.room if want <= self.has[i]]
        self.ranked = {a: sorted(m, key=lambda i: self.rank[i]) for a, m in self.members.items()}
        self.member = {a: set(m) for a, m in self.members.items()}
        self.who, self.held = [None] * len(self.asks), {i: [] for i in self.room}

    def text(self):
        lines = ["doublerandom/problem/v1", "directory " + H(self.directory).hex(), "tasks %d" % len(self.tasks)]
        for t in self.tasks:
            lines += ["task " + t] + ["place " + " ".join(x or "none" for x in self.asks[p]) for p in self.team[t]]
        lines += ["exclusions %d" % len(self.exclusions)] + ["exclusion " + " ".join(e) for e in self.exclusions]
        lines += ["pairs %d" % len(self.pairs)] + ["pair " + " ".join(p) for p in self.pairs]
        return utf("\n".join(lines) + "\n")

    def may(self, i, p):
        return i in self.member[self.asks[p]] and (self.task_of[p], i) not in self.barred

    def load(self, i):
        return len(self.held[i]) + self.carried[i]

    def has_room(self, i):
        return len(self.held[i]) < self.room[i]

    def in_team(self, i, t):
        return any(self.who[p] == i for p in self.team[t])

    def put(self, p, i):
        if self.who[p] is not None:
            self.held[self.who[p]].remove(p)
        self.who[p] = i
        if i is not None:
            insort(self.held[i], p)

    def clashes(self, i, t, but=None):
        return sum((i, self.who[q]) in self.apart for q in self.team[t] if q != but) if i in self.partners else 0

    # Section 3: chains.
    def search(self, queue, origin, most):
        self.seen, self.queue, seen_p = dict(origin), queue, {p: f for p, f in queue}
        self.queue = [p for p, _ in queue]
        for p in self.queue:
            t = self.task_of[p]
            for q in self.team[t]:
                if q != p and self.who[q] is not None and self.may(self.who[q], p) and q not in seen_p:
                    seen_p[q] = ("place", p)
                    self.queue.append(q)
            for i in self.ranked[self.asks[p]]:
                if i in self.seen or (t, i) in self.barred or self.in_team(i, t):
                    continue
                self.seen[i] = p
                if self.has_room(i) and self.load(i) <= most:
                    return self.change(i, seen_p)
                for q in self.held[i]:
                    if q not in seen_p:
                        seen_p[q] = ("who", i)
                        self.queue.append(q)
        return False

    def change(self, i, seen_p):
        while self.seen[i] is not None:
            p = self.seen[i]
            while True:
                old, source = self.who[p], seen_p[p]
                self.put(p, i)
                if source is None:
                    return True
                i = old
                if source[0] == "who":
                    break
                p = source[1]
        return True

    def make_room(self, p):
        return self.search([(p, None)], {}, 1 << 60)

    # Section 4: stages.
    def admit(self):
        refused = []
        for t in sorted(self.tasks, key=lambda t: (self.ticket[t], utf(t))):
            for p in self.team[t]:
                able = [i for i in self.members[self.asks[p]] if (t, i) not in self.barred and self.has_room(i) and not self.in_team(i, t)]
                if able:
                    self.put(p, min(able, key=lambda i: (self.clashes(i, t), self.load(i), mix(word(self.ticket[t]) ^ self.rank[i]))))
                elif not self.make_room(p):
                    for q in self.team[t]:
                        self.put(q, None)
                    refused.append(t)
                    break
        return refused

    def certify(self, refused):
        self.regions, self.lines = [], {}
        for t in refused:
            if not any(self.known(t, p, g, k) for p in self.team[t] for k, g in enumerate(self.regions, 1)):
                self.region(t)

    def known(self, t, p, g, k):
        places = [n for n, q in enumerate(self.team[t], 1) if self.asks[q] in g["classes"]]
        if self.asks[p] in g["classes"] and g["need"] + len(places) > g["room"]:
            self.lines[t] = "refused %s %d %s" % (t, k, ",".join(map(str, places)))
            return True
        return False

    def region(self, t):
        before = list(self.who)
        for p in self.team[t]:
            if not self.make_room(p):
                break
        inside, single, own = set(self.seen), set(), set()
        for p in self.queue:
            for q in self.team[self.task_of[p]]:
                i = self.who[q]
                if q != p and i is not None and i not in inside and self.may(i, p):
                    (own if self.task_of[p] == t else single).add(i if self.task_of[p] == t else (self.task_of[p], i))
        places = [n for n, q in enumerate(self.team[t], 1) if q in self.queue]
        for p, i in enumerate(before):
            if self.who[p] != i:
                self.put(p, None)
        for p, i in enumerate(before):
            if self.who[p] != i:
                self.put(p, i)
        g = {"who": sorted(inside, key=utf), "single": sorted(single, key=lambda s: (utf(s[0]), utf(s[1]))), "room": sum(self.room[i] for i in inside) + len(single),
             "classes": {a for a, m in self.members.items() if all(i in inside for i in m)}}
        touched = {a for a, m in self.members.items() if any(i in inside for i in m)}
        tasks = {s[0] for s in single}
        g["need"] = sum(i is not None and (self.asks[p] in touched or self.task_of[p] in tasks)
                        and all(j in inside or (self.task_of[p], j) in self.barred or (self.task_of[p], j) in single for j in self.members[self.asks[p]]) for p, i in enumerate(self.who))
        self.regions.append(g)
        self.lines[t] = " ".join(["refused %s %d %s" % (t, len(self.regions), ",".join(map(str, places)))] + sorted(own, key=utf))

    def balance(self):
        order = sorted(self.room, key=lambda i: self.rank[i])
        for a in range(max([self.load(i) for i in order] or [0]), 1, -1):
            for i in order:
                if self.load(i) == a and self.held[i]:
                    self.search([(p, ("who", i)) for p in self.held[i]], {i: None}, a - 2)

    def attempt(self, legal, fewer, changes):
        if not legal or not all(self.may(i, p) for p, i in changes):
            return False
        teams = {self.task_of[p] for p, _ in changes}
        count = lambda: sum(self.clashes(self.who[p], t, p) for t in teams for p in self.team[t])
        before, old = count(), [(p, self.who[p]) for p, _ in changes]
        for set_ in (changes, old):
            for p, _ in changes:
                self.put(p, None)
            for p, i in set_:
                self.put(p, i)
            after = count()
            if set_ is changes and after <= before and not (fewer and after == before) and all(len({self.who[p] for p in self.team[t]}) == len(self.team[t]) for t in teams):
                return True
        return False

    def move(self, p, j, fewer):
        return self.attempt(self.load(j) == self.load(self.who[p]) - 1 and self.has_room(j), fewer, [(p, j)])

    def swap(self, p, q, fewer):
        return self.attempt(self.who[p] != self.who[q], fewer, [(p, self.who[q]), (q, self.who[p])])

    def repair(self):
        for p in range(len(self.who)):
            if self.who[p] is not None and self.clashes(self.who[p], self.task_of[p], p):
                self.mend(p)

    def mend(self, p):
        tries = 0
        for j in self.ranked[self.asks[p]]:
            if j == self.who[p]:
                continue
            if self.move(p, j, True):
                return
            for q in list(self.held[j]):
                tries += 1
                if tries > 16384 or self.swap(p, q, True):
                    return

    def shuffle(self):
        filled = [p for p, i in enumerate(self.who) if i is not None]
        key, block, words = Key(self.key, b"match-shuffle"), 0, []
        top = max([self.load(self.who[p]) for p in filled] or [0])

        def below(n):
            nonlocal block, words
            while True:
                if not words:
                    b = H(key, block.to_bytes(8, "big"))
                    words, block = [int.from_bytes(b[k:k + 4], "big") for k in range(28, -4, -4)], block + 1
                m = words.pop() * n
                if m & 0xFFFFFFFF >= 2**32 % n:
                    return m >> 32
        pick = lambda p: self.members[self.asks[p]][below(len(self.members[self.asks[p]]))]
        for _ in range(20 * len(filled) + 1000 if filled else 0):
            three, p = below(2) == 1, filled[below(len(filled))]
            j, s = pick(p), below(top + 1)
            if not three:
                if s == top:
                    self.move(p, j, False)
                elif s < len(self.held[j]):
                    self.swap(p, self.held[j][s], False)
            elif s < top and s < len(self.held[j]) and self.who[p] != j:
                q = self.held[j][s]
                k, s2, i = pick(q), below(top + 1), self.who[p]
                if s2 == top:
                    self.attempt(k not in (i, j) and self.load(k) == self.load(i) - 1 and self.has_room(k), False, [(p, j), (q, k)])
                elif s2 < len(self.held[k]):
                    self.attempt(k not in (i, j), False, [(p, j), (q, k), (self.held[k][s2], i)])

    def assign(self):
        """The text of the roster."""
        refused = self.admit()
        self.certify(refused)
        self.balance(), self.repair(), self.shuffle()
        lines = ["doublerandom/roster/v1", "problem " + H(self.text()).hex(), "key " + self.key.hex(), "teams %d" % (len(self.tasks) - len(refused)), "refused %d" % len(refused),
                 "regions %d" % len(self.regions), "squares %d" % sum(self.load(i) ** 2 for i in self.room)]
        lines += [self.leaf(t) for t in self.tasks if t not in self.lines] + [self.lines[t] for t in self.tasks if t in self.lines]
        for g in self.regions:
            lines.append("region %d %d %d %d" % (g["need"], g["room"], len(g["who"]), len(g["single"])))
            lines += ["inspector " + i for i in g["who"]] + ["single %s %s" % s for s in g["single"]]
        return utf("\n".join(lines) + "\n")

    def leaf(self, t):
        return "refused " + t if t in self.lines else " ".join(["team", t] + [self.who[p] for p in self.team[t]])

    def root(self):
        return root([utf(self.leaf(t)) for t in self.tasks])

    # Section 6: changes.
    def apply(self, texts, roster):
        gone, left, previous = set(), set(), None
        for n, text in enumerate(texts, 1):
            d = Lines(text, "doublerandom/change/v1")
            need(d.take("roster", 1)[0] == H(roster).hex() and d.take("sequence", 1)[0] == str(n) and d.take("previous", 1)[0] == (previous.hex() if previous else "none"), "change %d is out of place" % n)
            t, place = d.take("task", 1)[0], natural(d.take("place", 1)[0], 1, 16)
            (leaves, scope), joins, reason = d.take("leaves", 2), d.take("joins", 1)[0], label(d.take("reason", 1)[0])
            d.end()
            need(t in self.team and place <= len(self.team[t]) and scope in ("task", "all"), "change %d" % n)
            p = self.team[t][place - 1]
            need(self.who[p] == leaves, "change %d: %r is not there" % (n, leaves))
            self.put(p, None)
            left.add((t, leaves))
            if scope == "all":
                gone.add(leaves)
            able = [i for i in self.members[self.asks[p]] if self.may(i, p) and self.has_room(i) and not self.in_team(i, t) and i not in gone and (t, i) not in left]
            i = min(able, key=lambda i: (self.clashes(i, t), mix(word(self.ticket[t]) ^ self.rank[i])), default=None)
            need(joins == (i or "none"), "change %d: %r takes the place" % (n, i))
            self.put(p, i)
            previous = H(text)

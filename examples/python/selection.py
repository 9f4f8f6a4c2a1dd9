"""Sections 2 to 8 of draw/SPEC.md: trees, keys, tickets, the wheel and the draw."""
import hashlib, hmac
from fractions import Fraction
from math import gcd

from texts import *


def H(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def info(*parts):
    return b"".join(len(p).to_bytes(4, "big") + p for p in (b"doublerandom/v1",) + parts)


def Hash(purpose, *parts):
    return H(info(purpose, *parts))


def Key(secret, *parts):
    return hmac.new(secret, info(*parts) + b"\1", hashlib.sha256).digest()


def ticket(key, name):
    return H(key, utf(name))[:16]


def root(leaves):
    """The tree of RFC 6962, level by level: a last odd node goes up as it is."""
    level = [H(b"\0", l) for l in leaves]
    while len(level) > 1:
        level = [H(b"\1", level[i], level[i + 1]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0]


def leads_to(leaf, index, n, path, want):
    """RFC 9162, section 2.1.3.2."""
    fn, sn, r = index, n - 1, H(b"\0", leaf)
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = H(b"\1", p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = H(b"\1", r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == want


def unit(s):
    f = s.split(" ")
    need(len(f) == 3, "row %r" % s)
    return label(f[0]), label(f[1]), positive(f[2])


def parse_frame(data, units):
    lines = utf8_lines(data, 1 << 40)
    need(len(lines) <= units, "more lines than announced")
    rows = [unit(l) for l in lines]
    ascending([utf(r[0]) for r in rows])
    need(sum(r[2] for r in rows) <= LIMIT, "weights")
    return rows


class Plan:
    def __init__(self, data):
        lines = utf8_lines(data, 1 << 40)
        need(len(lines) > 5 and lines[0] == "doublerandom/plan/v1" and lines[1] == "suite sha256", "header")
        f = [l.split(" ") for l in lines[2:]]
        need([x[0] for x in f[:3]] == ["frame", "units", "reserves"] and all(len(x) == 2 for x in f[:3]), "lines")
        self.id, self.root, self.units, self.reserves = H(data), hexa(32)(f[0][1]), positive(f[1][1]), natural(f[2][1], 0, 1000)
        self.strata, common = {}, 1
        for x in f[3:]:
            need(len(x) == 5 and x[0] == "stratum", "stratum")
            q = fraction(x[4])
            self.strata[label(x[1])] = (positive(x[2]), positive(x[3]), q)
            common = common * q.denominator // gcd(common, q.denominator)
            need(q <= int(x[2]) and q.numerator <= LIMIT and q.denominator <= LIMIT and common <= LIMIT, "quota")
        ascending([utf(x[1]) for x in f[3:]])
        self.common = common
        need(sum(s[0] for s in self.strata.values()) == self.units and sum(s[1] for s in self.strata.values()) <= LIMIT, "sums")
        need(any(s[2] > 0 for s in self.strata.values()), "nothing to draw")


def start(key, m):
    i = 0
    while True:
        x = int.from_bytes(H(key, i.to_bytes(8, "big"))[:8], "big")
        if x < 2**64 - 2**64 % m:
            return x % m
        i += 1


def wheel(key, m, names, lengths, tickets):
    """Marks of intervals that are laid in the order of their tickets."""
    r, c, marks = start(key, m), 0, {}
    for n in sorted(names, key=lambda n: (tickets[n], n if isinstance(n, int) else utf(n))):
        marks[n] = (c + lengths[n] - 1 - r) // m - (c - 1 - r) // m  # rounds down in Python
        c += lengths[n]
    return marks


def certain(cells, n):
    """What is left after certainty: weights, n and W."""
    left, w = sorted(cells), sum(k * len(v) for k, v in cells.items())
    while left and n * left[-1] >= w:
        k = left.pop()
        n, w = n - len(cells[k]), w - k * len(cells[k])
    return left, n, w


def draw(plan, rows, seed):
    """The result's text, the outcome of each unit, and the cells."""
    units = {}
    for id, stratum, weight in rows:
        units.setdefault(stratum, {}).setdefault(weight, []).append(id)
    counts = {s: q[2] // 1 for s, q in plan.strata.items()}
    if plan.common > 1:
        k = Key(seed, b"quota-cell")
        up = wheel(Key(seed, b"quota"), plan.common, counts, {s: int(plan.common * (q[2] - counts[s])) for s, q in plan.strata.items()}, {s: ticket(k, s) for s in counts})
        counts = {s: counts[s] + up[s] for s in counts}
    text, outcome, cells_of = [], {}, {}
    for s, (n_units, weight, quota) in plan.strata.items():
        cells, b = units[s], utf(s)
        left, n, w = certain(cells, counts[s])
        marks = wheel(Key(seed, b"wheel", b), w, left, {k: n * k * len(cells[k]) for k in left}, {k: ticket(Key(seed, b"cell", b), str(k)) for k in left}) if left else {}
        key = Key(seed, b"select", b)
        text.append("stratum %s %d %d %s %d" % (s, n_units, weight, show(quota), counts[s]))
        for k in sorted(cells):
            take = marks.get(k, len(cells[k]))
            ranked = sorted((ticket(key, id), utf(id), id) for id in cells[k])
            rows_of = [("unit", t, id) for t, _, id in ranked[:take]]
            rows_of += [("reserve", t, id) for t, _, id in ranked[take:take + plan.reserves]] if k in marks else []
            cut = "all" if k not in marks else ranked[take - 1][0].hex() if take else "none"

            def chance(count):
                l, a, b = certain(cells, count)
                return Fraction(a * k, b) if k in l else Fraction(1)
            f = quota - quota // 1
            p = (1 - f) * chance(quota // 1) + (f * chance(quota // 1 + 1) if f else 0)
            share = Fraction(n * k * len(cells[k]), w) if k in marks else Fraction(len(cells[k]))
            text.append("cell %d %d %s %d %s %s" % (k, len(cells[k]), show(share), take, show(p), cut))
            cells_of[s, k] = [id for kind, _, id in rows_of if kind == "reserve"]
            for rank, (kind, t, id) in enumerate(rows_of, 1):
                text.append("%s %d %s %s" % (kind, rank, id, t.hex()))
                outcome[id] = ("drawn" if kind == "unit" else "reserve", rank, (s, k))
    head = ["doublerandom/result/v1", "plan " + plan.id.hex(), "seed " + seed.hex(), "drawn %d" % sum(counts.values())]
    return "\n".join(head + text) + "\n", outcome, cells_of


def parse_result(data):
    """Plan, seed and strata of a published result; lines that cannot be are refused."""
    lines = utf8_lines(data, 1 << 40)
    f = [l.split(" ") for l in lines]
    need(lines[0] == "doublerandom/result/v1" and [x[0] for x in f[1:4]] == ["plan", "seed", "drawn"] and all(len(x) == 2 for x in f[1:4]), "header")
    plan, seed, drawn, strata, cell = hexa(32)(f[1][1]), hexa(32)(f[2][1]), natural(f[3][1]), [], None
    for x in f[4:]:
        if x[0] == "stratum" and len(x) == 6:
            strata.append((label(x[1]), positive(x[2]), positive(x[3]), fraction(x[4]), natural(x[5]), [0, 0, 0]))
            q, n = fraction(x[4]), int(x[5])
            need(q // 1 <= n <= -(-q // 1) and n <= int(x[2]), "count")
            cell = None
        elif x[0] == "cell" and len(x) == 7 and strata:
            need(cell is None or cell[0] < positive(x[1]), "order")
            cell = (positive(x[1]), positive(x[2]), natural(x[4]), [0])
            need(fraction(x[3]) is not None and fraction(x[5]) <= 1 and (x[6] in ("all", "none") or hexa(16)(x[6])), "cell")
            sums = strata[-1][5]
            sums[0], sums[1], sums[2] = sums[0] + cell[1], sums[1] + cell[0] * cell[1], sums[2] + cell[2]
        else:
            need(x[0] in ("unit", "reserve") and len(x) == 4 and cell, "line %r" % " ".join(x))
            cell[3][0] += 1
            need(positive(x[1]) == cell[3][0] and (x[0] == "unit") == (cell[3][0] <= cell[2]) and label(x[2]) and hexa(16)(x[3]), "rank")
    ascending([utf(s[0]) for s in strata])
    need(strata and all(s[5] == [s[1], s[2], s[4]] for s in strata) and sum(s[4] for s in strata) == drawn, "sums")
    return plan, seed, strata

#!/usr/bin/env python3
"""Verifies a published draw, with nothing but Python's standard library.

    python3 verify.py -policy FILE BUNDLE         one draw: a folder or a .zip
    python3 verify.py -policy FILE series FOLDER  all draws of a series: folders 0001, 0002, ...
    python3 verify.py -policy FILE receipt FILE   one company's receipt, or the text of its QR code

Written from draw/SPEC.md and matching/SPEC.md alone; it shares nothing with the Go library. Exit
status 0 is right, 1 wrong, 2 cannot tell. It has SHA-256, Ed25519 and declared public numbers. drand, SM2
and SM3 are not in it, nor the check of a roster whose exclusions are private: it says so.
"""
import base64, hashlib, hmac, os, re, sys, zipfile, zlib
from bisect import insort
from fractions import Fraction
from math import comb, gcd

# Section 1: texts, numbers and times.

SPACES = {0x20, 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, *range(9, 14), *range(0x2000, 0x200B)}
LIMIT = 2**63 - 1

class Bad(Exception):
    """A text that is not one of the grammar."""

def need(ok, what):
    if not ok:
        raise Bad(what)

def control(c):
    return ord(c) < 0x20 or 0x7F <= ord(c) < 0xA0

def label(s):
    need(1 <= len(s.encode()) <= 64 and not any(control(c) or ord(c) in SPACES for c in s), "label %r" % s)
    return s

def free_text(s):
    need(1 <= len(s.encode()) <= 1000 and not any(control(c) or c in "\u2028\u2029" for c in s), "text %r" % s)
    need(ord(s[0]) not in SPACES and ord(s[-1]) not in SPACES, "text %r" % s)
    return s

def natural(s, least=0, most=LIMIT):
    need(re.fullmatch("0|[1-9][0-9]{0,18}", s) and least <= int(s) <= most, "number %r" % s)
    return int(s)

def positive(s):
    return natural(s, 1)

def fraction(s):
    a, slash, b = s.partition("/")
    f = Fraction(int(a), int(b or 1)) if re.fullmatch("(0|[1-9][0-9]*)(/[1-9][0-9]*)?", s) and len(s) <= 400 else None
    need(f is not None and show(f) == s, "fraction %r" % s)
    return f

def show(f):
    return str(f.numerator) if f.denominator == 1 else "%d/%d" % (f.numerator, f.denominator)

def hexa(n):
    def parse(s):
        need(re.fullmatch("[0-9a-f]{%d}" % (2 * n), s), "hash %r" % s)
        return bytes.fromhex(s)
    return parse

def digest(s):
    need(s != "0" * 64, "a hash of zeros")
    return hexa(32)(s)

def token(s, most=1024):
    need(1 <= len(s) <= most and all("!" <= c <= "~" for c in s) and s != "none", "token %r" % s)
    return s

def optional(parse):
    return lambda s: None if s == "none" else parse(s)

def choice(*names):
    def parse(s):
        need(s in names, "%r is none of %s" % (s, names))
        return s
    return parse

def instant(s):
    m = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", s, re.ASCII)
    need(m, "time %r" % s)
    y, mo, d, h, mi, sec = map(int, m.groups())
    days = [31, 29 if y % 4 == 0 and (y % 100 or y % 400 == 0) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    need(y >= 1 and 1 <= mo <= 12 and 1 <= d <= days[mo - 1] and h < 24 and mi < 60 and sec < 60, "time %r" % s)
    y -= mo <= 2  # days since 1970, by the civil calendar
    n = 365 * y + y // 4 - y // 100 + y // 400 + (153 * ((mo + 9) % 12) + 2) // 5 + d - 719469
    return n * 86400 + h * 3600 + mi * 60 + sec

def utf8_lines(data, most):
    need(len(data) <= most, "more than %d bytes" % most)
    try:
        s = data.decode()
    except UnicodeDecodeError:
        raise Bad("not UTF-8")
    need(s.endswith("\n"), "no newline at the end")
    return s[:-1].split("\n")

def ascending(items):
    need(all(a < b for a, b in zip(items, items[1:])), "out of order")
    return items

def utf(s):
    return s.encode()

# Sections 2 to 8: trees, keys, tickets, the wheel and the draw.

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

# Section 13.1: signed notes, with Ed25519 (RFC 8032) for verification only.

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)

def point(b):
    y, sign = int.from_bytes(b, "little") & (2**255 - 1), b[31] >> 7
    y %= P
    u, v = y * y - 1, D * y * y + 1
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * ROOT % P
        if (v * x * x - u) % P:
            return None
    if x & 1 != sign:
        x = -x % P
    return x, y, 1, x * y % P

def plus(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        if n & 1:
            q = plus(q, p)
        p, n = plus(p, p), n >> 1
    return q

BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

def signed(key, message, sig):
    a, s = point(key), int.from_bytes(sig[32:], "little")
    if a is None or len(sig) != 64 or s >= L:
        return False
    k = int.from_bytes(hashlib.sha512(sig[:32] + key + message).digest(), "little") % L
    x, y, z, _ = plus(times(s, BASE), times(k, (-a[0] % P, a[1], a[2], -a[3] % P)))
    z = pow(z, P - 2, P)
    return (y * z % P | (x * z % P & 1) << 255).to_bytes(32, "little") == sig[:32]

def strict64(s):
    need(re.fullmatch("[A-Za-z0-9+/]+={0,2}", s) and len(s) % 4 == 0, "base64 %r" % s[:40])
    b = base64.b64decode(s)
    need(base64.b64encode(b).decode() == s, "base64 with bits after its end")
    return b

class Verifier:
    def __init__(self, vkey, kinds):
        self.text = vkey
        self.name, id, key = vkey.split("+", 2)
        b = strict64(key)
        self.id, self.kind, self.key = H(utf(self.name + "\n"), b)[:4], b[0], b[1:]
        need(self.kind in kinds and len(b) == 33 and self.id.hex() == id, "a key that this program cannot open")

    def right(self, text, sig):
        if self.kind == 1:
            return signed(self.key, text, sig)
        t = int.from_bytes(sig[:8], "big")
        return len(sig) == 72 and t <= 253402300799 and signed(self.key, b"cosignature/v1\ntime %d\n" % t + text, sig[8:])

def vkey(s):
    need(len(utf(s)) <= 512 and s.count("+") >= 2, "key %r" % s[:80])
    name, id, key = s.split("+", 2)
    need(name and not any(control(c) or ord(c) in SPACES for c in name) and re.fullmatch("[0-9a-f]{8}", id) and len(strict64(key)) >= 2, "key %r" % s[:80])
    return s

def open_note(data, known):
    """Text, the right signatures by (name, ID), and whether one of a known key is wrong."""
    need(len(data) <= 327680, "more than 327680 bytes")
    s = "\n".join(utf8_lines(data, 327680)) + "\n"
    need(not any(ord(c) < 0x20 and c != "\n" for c in s), "a control character")
    cut = s.rfind("\n\n")
    need(cut >= 0 and len(s) > cut + 2, "no signatures")
    text, seen, right, wrong = utf(s[:cut + 1]), set(), {}, False
    lines = s[cut + 2:-1].split("\n")
    need(len(lines) <= 100, "more than 100 signatures")
    for line in lines:
        f = line.split(" ")
        need(len(f) == 3 and f[0] == "\u2014" and f[1] and "+" not in f[1] and not any(ord(c) in SPACES for c in f[1]), "signature line")
        b = strict64(f[2])
        need(len(b) >= 5 and (f[1], b[:4]) not in seen, "a signature that stands twice")
        seen.add((f[1], b[:4]))
        for v in known:
            if (v.name, v.id) == (f[1], b[:4]):
                if v.right(text, b[4:]):
                    right[v.name, v.id] = b[4:]
                else:
                    wrong = True
                break
    return text, {} if wrong else right, wrong

# Section 12.1: statements, as lists of lines: keyword, fields, and how often.

ONE, MANY = 1, 0
path = optional(lambda s: [strict64(s)[i:i + 32] for i in range(0, len(strict64(s)), 32)])
OUTCOMES = choice("drawn", "reserve", "other")
DETAIL = [("kind", [choice("skip", "substitution", "recusal")], ONE), ("subject", [label], ONE), ("replacement", [optional(label)], ONE), ("reason", free_text, ONE), ("nonce", [digest], ONE)]
FORMS = {
    "series": [("authority", free_text, ONE), ("scope", free_text, ONE), ("created", [instant], ONE), ("suite", [label], ONE), ("regulator", [lambda s: token(s, 512)], ONE),
               ("contributor", [label, lambda s: token(s, 512)], MANY), ("chain", [label, positive, digest], MANY), ("witness", [lambda s: token(s, 512)], MANY),
               ("quorum", [natural], ONE), ("minimum", [natural], ONE), ("withheld", [natural], ONE), ("beacon", [label], MANY), ("entropy", [natural], ONE), ("outage", [choice("void", "wait")], ONE)],
    "notice": [("series", [digest], ONE), ("number", [positive], ONE), ("previous", [optional(digest)], ONE), ("earlier", [positive, choice("announced", "fixed", "opened", "void"), digest], MANY),
               ("created", [instant], ONE), ("mode", [choice("open", "sealed")], ONE), ("plan", [digest], ONE), ("frame", [choice("plain", "salted"), digest, positive], ONE)]
              + [(k, [optional(digest)], ONE) for k in ("tasks", "inspectors", "exclusions")]
              + [("matching", [optional(token)], ONE), ("contributor", [label, choice("commit", "chain")], MANY), ("minimum", [natural], ONE), ("withheld", [natural], ONE),
                 ("beacon", [optional(label), optional(token)], ONE), ("secret", [optional(digest)], ONE)] + [(k, [instant], ONE) for k in ("commit-by", "reveal-by", "close-by", "pulse-at", "open-by")],
    "commit": [("notice", [digest], ONE), ("contributor", [label], ONE), ("commitment", [digest], ONE)],
    "reveal": [("notice", [digest], ONE), ("contributor", [label], ONE), ("value", [digest], ONE), ("nonce", [optional(digest)], ONE)],
    "close": [("notice", [digest], ONE), ("closed", [instant], ONE), ("counted", [label, optional(digest), digest], MANY), ("missing", [label, choice("no-commit", "no-reveal", "false-reveal"), optional(digest)], MANY)],
    "pulse": [("notice", [digest], ONE), ("close", [digest], ONE), ("beacon", [label], ONE), ("round", [token], ONE), ("value", [token], ONE), ("proof", [optional(token)], ONE)],
    "sealed": [("notice", [digest], ONE), ("close", [digest], ONE), ("pulse", [optional(digest)], ONE), ("frame", [digest, positive], ONE), ("root", [digest], ONE), ("roster", [optional(digest)], ONE)],
    "receipt": [("notice", [digest], ONE), ("sealed", [digest], ONE), ("frame", [digest, positive], ONE), ("root", [digest], ONE), ("index", [natural], ONE), ("unit", [label, label, positive], ONE),
                ("frame-salt", [optional(hexa(16))], ONE), ("frame-path", [path], ONE), ("outcome", [OUTCOMES, natural], ONE), ("extension", [optional(digest)], ONE), ("salt", [hexa(16)], ONE), ("path", [path], ONE)],
    "opening": [("notice", [digest], ONE), ("sealed", [optional(digest)], ONE), ("opened", [instant], ONE), ("secret", [optional(digest)], ONE), ("result", [optional(digest)], ONE)],
    "void": [("notice", [digest], ONE), ("after", [choice("announced", "revealed", "closed", "pulsed", "sealed")], ONE), ("made", [instant], ONE), ("reason", free_text, ONE), ("duty", [choice("none", "open")], ONE)],
}
EVENT = [("notice", [digest], ONE), ("sealed", [digest], ONE), ("sequence", [positive], ONE), ("previous", [optional(digest)], ONE), ("made", [instant], ONE)]
STAGES = ["announced", "revealed", "closed", "pulsed", "sealed"]

class Statement(dict):
    """The values by keyword: one, a list of the fields of one line, or a list of lines."""

def parse(kind, text):
    lines = utf8_lines(text, 262144)
    need(lines[0] == "doublerandom/%s/v1" % kind, "it is not a %s" % kind)
    form = FORMS.get(kind) or EVENT + ([("hidden", [digest], ONE)] if lines[6:7] and lines[6].startswith("hidden ") else DETAIL)
    s, i = Statement(), 1
    for keyword, fields, times_ in form:
        got = []
        while i < len(lines) and lines[i].startswith(keyword + " ") and (times_ == MANY or not got):
            rest = lines[i][len(keyword) + 1:]
            if callable(fields):
                got.append(fields(rest))
            else:
                f = rest.split(" ")
                need(len(f) == len(fields), "line %r" % lines[i][:80])
                f = [p(x) for p, x in zip(fields, f)]
                got.append(f if len(f) > 1 else f[0])
            i += 1
        need(times_ == MANY or got, "no line %r" % keyword)
        s[keyword] = got if times_ == MANY else got[0]
    need(i == len(lines), "line %r" % lines[min(i, len(lines) - 1)][:80])
    rules(kind, s)
    s.id, s.text = H(text), text
    return s

def rules(kind, s):
    """What the grammar cannot say."""
    if kind == "series":
        names = ascending([utf(c[0]) for c in s["contributor"]])
        ascending([utf(c[0]) for c in s["chain"]]), ascending([utf(b) for b in s["beacon"]])
        need(all(utf(c[0]) in names and c[1] <= 100000 for c in s["chain"]) and len(set(s["witness"])) == len(s["witness"]), "chains or witnesses")
        need(s["quorum"] <= len(s["witness"]) <= 64 and s["minimum"] <= len(names) <= 64 and len(s["beacon"]) <= 16 and s["entropy"] <= 4096 and s["withheld"] <= 64, "numbers")
        need(s["suite"] != "none" and "none" not in s["beacon"], "none")
    if kind == "notice":
        need((s["number"] == 1) == (s["previous"] is None), "previous")
        numbers = ascending([e[0] for e in s["earlier"]])
        need(not numbers or numbers[-1] < s["number"], "earlier")
        t = [s[k] for k in ("created", "commit-by", "reveal-by", "close-by", "pulse-at", "open-by")]
        beacon, round = s["beacon"]
        need(t == sorted(t) and (beacon is None or s["close-by"] < s["pulse-at"]) and (beacon is None) == (round is None), "times or beacon")
        names = ascending([utf(c[0]) for c in s["contributor"]])
        need((beacon or names and s["minimum"] >= 1) and (s["secret"] is not None) == (s["mode"] == "sealed"), "randomness or secret")
        need(s["minimum"] <= len(names) <= 64 and s["withheld"] <= len(names), "numbers")
    if kind == "close":
        a, b = ascending([utf(c[0]) for c in s["counted"]]), ascending([utf(m[0]) for m in s["missing"]])
        need(not set(a) & set(b) and not any(m[1] == "no-commit" and m[2] for m in s["missing"]), "counted or missing")
    if kind == "receipt":
        need(s["index"] < s["frame"][1] and (s["outcome"][1] == 0) == (s["outcome"][0] == "other") and s["salt"] != bytes(16), "index or rank")
        need(all(len(h) == 32 for k in ("path", "frame-path") for h in s[k] or []) and all(len(s[k] or []) <= 40 for k in ("path", "frame-path")), "path")
    if kind == "event":
        need((s["sequence"] == 1) == (s["previous"] is None) and ("hidden" in s or (s["kind"] == "substitution") == (s["replacement"] is not None)), "sequence or replacement")
    if kind == "opening":
        need((s["sealed"] is None) == (s["result"] is None), "sealed result and result")
    if kind == "void":
        need(s["after"] != "announced" or s["duty"] == "none", "duty")

def commitment(e):
    return Hash(b"event", b"%d" % e["sequence"], utf(e["kind"]), utf(e["subject"]), utf(e["replacement"] or ""), utf(e["reason"]), e["nonce"])

# Section 12.6: the text of a receipt's QR code.

BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"

def base45(s):
    """RFC 9285."""
    need(all(c in BASE45 for c in s) and len(s) % 3 != 1, "base45")
    data = b""
    for group in (s[i:i + 3] for i in range(0, len(s), 3)):
        n = sum(BASE45.index(c) * 45**i for i, c in enumerate(group))
        need(n < 256 ** (len(group) - 1), "%r is beyond what base45 has" % group)
        data += n.to_bytes(len(group) - 1, "big")
    return data

def unpack(text):
    """The note of a receipt."""
    need(len(text) <= 4296 and text.startswith("DR1:"), "no packed receipt: %r" % text[:40])
    stream = zlib.decompressobj()
    try:
        note = stream.decompress(base45(text[4:]), 2901)
        lines = note.decode()
    except (zlib.error, UnicodeDecodeError) as e:
        raise Bad("the packed receipt is damaged: %s" % e)
    need(len(note) <= 2900, "the packed receipt is of more than 2900 bytes")
    need(stream.eof and not stream.unused_data, "the packed receipt is cut, or goes on")
    need(lines.startswith("doublerandom/receipt/v1\n") and "\n\n" in lines and lines.endswith("\n"), "what was packed is no signed receipt")
    need(all(c >= " " or c == "\n" for c in lines), "what was packed has control characters")
    return note

# Sections 13.3 and 13.4: the policy and its beacons.

STATUS = ["skipped", "ok", "not-proven", "missing", "wrong"]
CHECKS = ["files", "signatures", "series", "chain", "notice", "plan", "frame-root", "commit", "reveal", "close", "deadlines", "witness-order", "beacon", "opening", "derivation", "quotas",
          "selection", "matching", "sealed-root", "events", "receipts", "void"]

def parse_policy(data):
    lines = utf8_lines(data, 262144)
    need(lines[0] == "doublerandom/policy/v1", "policy: header")
    p, order = {"regulator": [], "witness": [], "suite": [], "beacon": []}, []
    form = {"at": instant, "series": optional(digest), "authority": optional(free_text), "scope": optional(free_text), "regulator": vkey, "witness": vkey, "quorum": natural, "suite": label,
            "entropy": lambda s: natural(s, 0, 1 << 20), "units": lambda s: natural(s, 1, 2**31 - 1), "bytes": lambda s: natural(s, 1, 1 << 40), "statements": lambda s: natural(s, 1, 10**6)}
    keywords = ["at", "series", "authority", "scope", "regulator", "witness", "quorum", "suite", "entropy", "beacon", "units", "bytes", "statements"]
    for l in lines[1:]:
        k, _, rest = l.partition(" ")
        f = rest.split(" ")
        if k == "beacon":
            need(len(f) >= 2 and f[1] in ("declared", "lottery", "given", "combined") and (f[1] == "combined") == (len(f) > 2), "policy: %r" % l)
            p["beacon"].append({"name": label(f[0]), "kind": f[1], "sources": [], "values": {}, "parts": f[2:]})
        elif k in ("source", "value"):
            need(p["beacon"] and order[-1] == "beacon", "policy: %r" % l)
            b = p["beacon"][-1]
            if k == "value":
                need(len(f) == 3 and b["kind"] in ("declared", "lottery") and (not b["values"] or utf(list(b["values"])[-1]) < utf(f[0])), "policy: %r" % l)
                b["values"][token(f[0])] = (instant(f[1]), token(f[2]))
            else:
                need(len(f) == 6 and b["kind"] == "declared" and not b["values"] and f[4] in ("ordered", "unordered"), "policy: %r" % l)
                b["sources"].append((label(f[0]), natural(f[1], 1, 64), natural(f[2], 0, 2**64 - 1), natural(f[3], 0, 2**64 - 1), f[4] == "ordered", natural(f[5])))
            continue
        elif k in ("regulator", "witness", "suite"):
            p[k].append(form[k](rest))
        else:
            need(k in form and k not in order, "policy: %r" % l)
            p[k] = form[k](rest)
        order.append(k)
    need([k for i, k in enumerate(order) if i == 0 or order[i - 1] != k] == [k for k in keywords if k in order] and set(keywords) - set(order) <= {"witness", "beacon"}, "policy: lines")
    for k in ("regulator", "witness", "suite"):
        ascending([utf(x) for x in p[k]])
    ascending([utf(b["name"]) for b in p["beacon"]])
    need(len(p["regulator"]) <= 16 and p["quorum"] <= len(p["witness"]) <= 64 and (p["series"] or p["authority"] and p["scope"]), "policy: keys, quorum or pins")
    for b in p["beacon"]:
        if b["kind"] == "lottery":
            b["sources"] = [s for i in "123" for s in (("red-" + i, 6, 1, 33, False, 0), ("blue-" + i, 1, 1, 16, False, 0))]
        need(b["kind"] != "declared" or b["sources"] and len({s[0] for s in b["sources"]}) == len(b["sources"]) <= 64, "policy: sources")
        for round, (_, value) in b["values"].items():
            canonical(b, round, value)
    return p

def outcomes(s):
    n = s[3] - s[2] + 1
    return n ** s[1] if s[4] else comb(n, s[1])

def entropy(p, name):
    b = next(b for b in p["beacon"] if b["name"] == name)
    if b["kind"] == "combined":
        return sum(entropy(p, x) for x in b["parts"])
    product = 1
    for s in b["sources"]:
        product *= 1 if s[5] else outcomes(s)
    return sum(s[5] for s in b["sources"]) + product.bit_length() - 1

def canonical(b, round, value):
    need("+" not in round + value, "a plus sign")
    m = re.fullmatch(r"(\d{4})(\d{3})x3", round, re.ASCII)
    need(b["kind"] != "lottery" or m and int(m[1]) >= 2003 and 1 <= int(m[2]) <= 366, "round %r" % round)
    rest = value
    for name, count, low, high, ordered, _ in b["sources"]:
        part, slash, rest = rest.partition("/")
        need(slash and part.endswith("."), "value %r" % value)
        n = [natural(x, low, high) for x in part[:-1].split(".")]
        need(len(n) == count and (ordered or n == sorted(set(n))), "value %r" % value)
    need(not rest, "value %r" % value)

def round_time(p, name, round):
    b = next((b for b in p["beacon"] if b["name"] == name), None)
    if b and b["kind"] == "combined":
        rounds = round.split("+")
        times_ = [round_time(p, x, r) for x, r in zip(b["parts"], rounds)]
        return None if len(rounds) != len(b["parts"]) or None in times_ else min(times_)
    return b["values"][round][0] if b and round in b["values"] else None

def beacon_status(p, name, round, value, proof):
    """skipped if right, missing or wrong."""
    b = next(b for b in p["beacon"] if b["name"] == name)
    if b["kind"] == "combined":
        parts = round.split("+"), value.split("+"), (proof or "+" * (len(b["parts"]) - 1)).split("+")
        if any(len(x) != len(b["parts"]) for x in parts):
            return "wrong"
        return max((beacon_status(p, n, r, v, q or None) for n, r, v, q in zip(b["parts"], *parts)), key=STATUS.index)
    try:
        canonical(b, round, value)
    except Bad:
        return "wrong"
    if proof is not None or round in b["values"] and b["values"][round][1] != value:
        return "wrong"
    return "skipped" if round in b["values"] else "missing"

# Section 13.2: the files of a bundle.

# What a file or a zip raises that cannot be read: damaged, encrypted, or packed in another way.
DAMAGED = (OSError, EOFError, NotImplementedError, RuntimeError, zipfile.BadZipFile, zlib.error)

class Bundle:
    """The files of a folder or a zip, by name; each is read when it is asked for, within a limit."""

    def __init__(self, where, below=""):
        self.zip = where if isinstance(where, zipfile.ZipFile) else zipfile.ZipFile(where) if os.path.isfile(where) else None
        self.where, self.below = where, below
        if self.zip:
            self.names = {n[len(below):] for n in self.zip.namelist() if n.startswith(below) and not n.endswith("/")}
        else:
            base = os.path.join(where, below)
            self.names = {os.path.relpath(os.path.join(d, f), base).replace(os.sep, "/") for d, _, files in os.walk(base) for f in files}

    def read(self, name, most):
        if name not in self.names:
            return None
        f = self.zip.open(self.below + name) if self.zip else open(os.path.join(self.where, self.below, name), "rb")
        with f:
            data = f.read(most + 1)
        if len(data) > most:
            raise OverflowError(name)
        need(data, "%s is empty" % name)
        return data

    def folders(self):
        return sorted({n.split("/")[0] for n in self.names if re.fullmatch("[0-9]{4,7}", n.split("/")[0]) and "/" in n})

def file_name(contributor):
    b = "".join("%%%02X" % ord(c) if c in '/\\:*?"<>|%' or i == 0 and c == "." else c for i, c in enumerate(contributor))
    return b + ".note"

# matching/SPEC.md: inspectors to drawn units, slots, methods and changes.

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

# matching/SPEC.md, section 7: slots and methods.

class Schedule:
    """visits: task -> (inspectors, departments, area); slots: ID -> room by department."""

    def __init__(self, key, visits, slots):
        self.visits, self.slots, self.at = visits, sorted(slots, key=utf), {}
        self.room = {k: dict(r) for k, r in slots.items()}
        self.busy, self.areas = {k: {} for k in slots}, {k: {} for k in slots}
        base = Key(key, b"slot")
        for v in sorted(visits, key=lambda v: (ticket(base, v), utf(v))):
            own = Key(base, b"slot", utf(v))
            area = visits[v][2]
            self.tries = 0
            self.place(v, sorted(self.slots, key=lambda k: (self.areas[k].get(area, 0) == 0, ticket(own, k))), 3)

    def free(self, v, k):
        inspectors, departments, _ = self.visits[v]
        return all(self.room[k].get(d, 0) > 0 for d in departments) and not any(i in self.busy[k] for i in inspectors)

    def put(self, v, k, n=1):
        inspectors, departments, area = self.visits[v]
        for d in departments:
            self.room[k][d] -= n
        self.areas[k][area] = self.areas[k].get(area, 0) + n
        for i in inspectors:
            if n > 0:
                self.busy[k][i] = v
            else:
                del self.busy[k][i]
        if n > 0:
            self.at[v] = k
        else:
            del self.at[v]

    def in_the_way(self, v, k):
        inspectors, departments, _ = self.visits[v]
        others = {self.busy[k][i] for i in inspectors if i in self.busy[k]}
        if others:
            return others.pop() if len(others) == 1 else None
        full = {d for d in departments if self.room[k].get(d, 0) < 1}
        return min((o for o, at in self.at.items() if at == k and full & set(self.visits[o][1])), key=utf, default=None)

    def place(self, v, order, moves):
        for k in order:
            if self.free(v, k):
                self.put(v, k)
                return True
        for k in order if moves else []:
            other = self.in_the_way(v, k)
            if other is None:
                continue
            self.tries += 1
            if self.tries > 1024:
                return False
            self.put(other, k, -1)
            if self.free(v, k):
                self.put(v, k)
                if self.place(other, self.slots, moves - 1):
                    return True
                self.put(v, k, -1)
            self.put(other, k)
        return False

def methods(key, task, options, count):
    k = Key(key, b"method", b"method", utf(task))
    return sorted(options, key=lambda o: (ticket(k, o), utf(o)))[:count]

def appointments(key, template, teams, stratum_of):
    """The text of visits.txt; teams: task -> inspectors."""
    visits = {t: (who, list(dict.fromkeys(p[0] for p in template["places"][stratum_of[t]] if p[0])), stratum_of[t]) for t, who in teams.items()}
    plan = Schedule(key, visits, template["slots"])
    lines = ["doublerandom/visits/v1", "visits %d" % len(teams)]
    for t in sorted(teams, key=utf):
        lines.append(" ".join(["visit", t, plan.at.get(t, "none")] + methods(key, t, template["methods"], template["per"])))
    return utf("\n".join(lines) + "\n")

# Section 13.5, up to the close: what was announced, and what was contributed.

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
        except (Bad, OverflowError) + DAMAGED as e:
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
        except (Bad,) + DAMAGED as e:
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

# Section 13.5: times, witnesses, beacon and opening.

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
            self.equal("opening", (o["sealed"] or b"").hex(), self.s["sealed"].id.hex(), "sealed result")
        else:
            "void" in self.s or self.find("opening", "missing", "there is no sealed result")
        self.ok("opening")

# Sections 13.5 and 13.6: the outcome, and the verdict.

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
        if o is not None and o["result"] is None:
            o = None  # called off before it had a result: the opening states none
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
        except (Bad, ValueError, IndexError, KeyError, OverflowError) + DAMAGED as e:
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

# The command line.

def series(where, policy):
    """Section 13.8."""
    whole, draws = Audit(Bundle(where), policy), []
    top = Bundle(where)
    for folder in top.folders():
        a = Audit(Bundle(top.zip or where, folder + "/"), policy)
        a.run()
        a.folder = folder
        draws.append(a)
    chain = lambda ok, text: ok or whole.wrong("chain", text)
    all((a.n if hasattr(a, "n") else None) is not None for a in draws) and draws or whole.find("chain", "missing", "there is no draw, or one has no notice")
    draws_ = sorted((a for a in draws if getattr(a, "n", None) is not None), key=lambda a: a.n["number"])
    stands, changes, said, rank = {}, [], {}, ["announced", "fixed", "opened", "void"]
    files = {"announced": "notice", "fixed": "sealed", "opened": "opening", "void": "void"}
    for i, a in enumerate(draws_):
        n, b = a.n, draws_[i - 1] if i else None
        chain(a.folder == "%04d" % n["number"], "folder")
        chain(n["number"] == (b.n["number"] + 1 if b else 1), "a draw is missing, or there twice")
        if b:
            chain(n["series"] == b.n["series"], "series")
            n["number"] == b.n["number"] + 1 and chain(n["previous"] == b.n.id and n["created"] >= b.n["created"], "previous")
        for stratum in [k for k, q in a.the_plan.strata.items() if q[2]] if a.the_plan else [""]:
            k = n["frame"][1], stratum
            if k in stands and stands[k] != n["number"]:
                whole.wrong("void", "a redraw without a void")
            if "void" not in a.s:
                stands[k] = n["number"]
        for number, state, last in n["earlier"]:
            e = next((x for x in draws_[:i] if x.n["number"] == number), None)
            chain(e is None or files[state] in e.s and e.s[files[state]].id == last, "an earlier draw is misstated")
        changes += [(a.s[k][t], n["number"], state) for k, t, state in (("opening", "opened", "opened"), ("void", "made", "void")) if k in a.s]
    changes.sort(key=lambda c: c[0])
    for a in draws_:
        for number, state, _ in a.n["earlier"]:
            said[number] = max(said.get(number, "announced"), state, key=rank.index)
        while changes and changes[0][0] < a.n["created"]:
            _, number, state = changes.pop(0)
            chain(number >= a.n["number"] or rank.index(said.get(number, "announced")) >= rank.index(state), "what became of draw %d is not said" % number)
    whole.ok("chain")
    ranks = ["wrong", "cannot tell", "order not proven", "fixed", "opened, selection not publicly checkable", "opened and correct"]
    own = [v for s, v in (("wrong", "wrong"), ("missing", "cannot tell"), ("not-proven", "order not proven")) if s in whole.status.values()]
    return [whole] + draws, min(own + [v for v in (a.verdict() for a in draws_) if v in ranks] + ranks[-1:], key=ranks.index)

def receipt(file, policy):
    """Section 13.7."""
    bundle = Bundle(os.path.dirname(file) or ".")
    with open(file, "rb") as f:
        text = f.read(1 << 13).strip()
    if text.startswith(b"DR1:"):
        note = unpack(text.decode("latin-1"))
        bundle.read = lambda name, most: note
    a = Audit(bundle, policy)
    a.witnesses = a.keys(policy["witness"], (4,))
    r = a.load(os.path.basename(file), "receipt", a.keys(policy["regulator"], (1,)))
    r is not None and len(r.note) <= 2900 and proofs(r) or a.wrong("receipts", "it is too long, or a proof does not hold")
    a.ok("receipts")
    return [a], "wrong" if "wrong" in a.status.values() else "cannot tell" if "missing" in a.status.values() else "fixed"

def main(args):
    options = {}
    while args and args[0].startswith("-") and len(args) > 1:
        options[args[0]], args = args[1], args[2:]
    if "-policy" not in options or len(args) not in (1, 2) or len(args) == 2 and args[0] not in ("series", "receipt"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(options["-policy"], "rb") as f:
            policy = parse_policy(f.read(1 << 19))
        secret = None
        if "-frame-secret" in options:
            with open(options["-frame-secret"]) as f:
                secret = bytes.fromhex(f.read().strip())
        if args[0] in ("series", "receipt"):
            audits, verdict = (series if args[0] == "series" else receipt)(args[1], policy)
        else:
            audits = [Audit(Bundle(args[0]), policy, secret)]
            audits[0].run()
            verdict = audits[0].verdict()
    except (Bad, ValueError, IndexError) + DAMAGED as e:
        print("verify.py:", e, file=sys.stderr)
        return 2
    for a in audits:
        for check in CHECKS:
            print("%-10s %-13s %s" % (a.status[check], check, ascii(a.why.get(check, "")).strip("'")))
    print("verdict:", verdict)
    return 1 if verdict == "wrong" else 2 if verdict in ("cannot tell", "order not proven") else 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

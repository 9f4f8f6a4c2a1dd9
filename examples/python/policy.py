"""Sections 13.3 and 13.4 of draw/SPEC.md: the policy and its beacons."""
import re
from math import comb

from notes import vkey
from texts import *

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

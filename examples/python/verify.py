#!/usr/bin/env python3
"""Verifies a published draw, with nothing but Python's standard library.

    python3 verify.py -policy FILE BUNDLE         one draw: a folder or a .zip
    python3 verify.py -policy FILE series FOLDER  all draws of a series: folders 0001, 0002, ...
    python3 verify.py -policy FILE receipt FILE   one company's receipt, or the text of its QR code

Written from draw/SPEC.md and matching/SPEC.md alone; it shares nothing with the Go library. Exit
status 0 is right, 1 wrong, 2 cannot tell. It has SHA-256, Ed25519 and declared public numbers. drand, SM2
and SM3 are not in it, nor the check of a roster whose exclusions are private: it says so.
"""
import os, sys, zipfile

from audit import Audit, proofs
from bundle import Bundle
from packed import unpack
from policy import CHECKS, STATUS, parse_policy
from texts import Bad


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
    except (Bad, OSError, ValueError, IndexError, zipfile.BadZipFile) as e:
        print("verify.py:", e, file=sys.stderr)
        return 2
    for a in audits:
        for check in CHECKS:
            print("%-10s %-13s %s" % (a.status[check], check, ascii(a.why.get(check, "")).strip("'")))
    print("verdict:", verdict)
    return 1 if verdict == "wrong" else 2 if verdict in ("cannot tell", "order not proven") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

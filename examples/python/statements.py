"""Section 12.1 of draw/SPEC.md: statements, as lists of lines: keyword, fields, and how often."""
from notes import strict64
from selection import H, Hash
from texts import *

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
    "opening": [("notice", [digest], ONE), ("sealed", [digest], ONE), ("opened", [instant], ONE), ("secret", [optional(digest)], ONE), ("result", [digest], ONE)],
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
    if kind == "void":
        need(s["after"] != "announced" or s["duty"] == "none", "duty")


def commitment(e):
    return Hash(b"event", b"%d" % e["sequence"], utf(e["kind"]), utf(e["subject"]), utf(e["replacement"] or ""), utf(e["reason"]), e["nonce"])

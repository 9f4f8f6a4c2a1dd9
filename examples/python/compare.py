#!/usr/bin/env python3
"""Runs verify.py on every vector of draw/testdata/protocol, right and wrong, and on bundles with random
changes, and compares each check and the verdict with the Go verifier's.

    go build -o /tmp/verify ./examples/verify && python3 examples/python/compare.py /tmp/verify
"""
import io, json, os, random, subprocess, sys, tempfile, zipfile
from contextlib import redirect_stderr, redirect_stdout

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
import verify

VECTORS = os.path.join(here, "..", "..", "draw", "testdata", "protocol")


def statuses(lines):
    return {l[11:24].strip(): l[:10].strip() for l in lines}


def ours(args):
    out = io.StringIO()
    with redirect_stdout(out):
        status = verify.main(args)
    lines = out.getvalue().splitlines()
    n = len(verify.CHECKS)
    return status, lines[-1][len("verdict: "):], [statuses(lines[i:i + n]) for i in range(0, len(lines) - 1, n)]


def theirs(program, args):
    flags = -2 if "series" in args else -1
    run = subprocess.run([program] + args[:flags] + ["-json"] + args[flags:], capture_output=True, text=True)
    report = json.loads(run.stdout)

    def worst(r):
        s = dict.fromkeys(verify.CHECKS, "skipped")
        for c in r["checks"] or []:
            s[c["name"]] = max(s[c["name"]], c["status"], key=verify.STATUS.index)
        return s
    return run.returncode, report["verdict"], [worst(report)] + [worst(d["report"]) for d in report.get("draws") or []]


def compare(program, name, files, policy, secret, expected):
    with tempfile.TemporaryDirectory() as d:
        for file, text in list(files.items()):
            path = os.path.join(d, "bundle", file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(text.encode())
        args = ["-policy", os.path.join(d, "policy")]
        with open(args[1], "wb") as f:
            f.write(policy.encode())
        if secret:
            args += ["-frame-secret", os.path.join(d, "secret")]
            with open(args[3], "w") as f:
                f.write(secret + "\n")
        args += ["series"] if any(f.startswith("0001/") for f in files) else []
        args.append(os.path.join(d, "bundle"))
        have, want = ours(args), theirs(program, args)
        wrong = ["%s: %r, expected %r" % (name, have[1], expected)] if expected not in (None, have[1]) else []
        if have[:2] != want[:2] or len(have[2]) != len(want[2]):
            wrong.append("%s: status and verdict %r, Go has %r" % (name, have[:2], want[:2]))
        for a, b in zip(have[2], want[2]):
            wrong += ["%s: check %s is %s, Go has %s" % (name, c, a[c], b[c]) for c in verify.CHECKS if a[c] != b[c]]
        return wrong


def changed(rng, files):
    """A file with one character or line changed."""
    name = rng.choice(sorted(files))
    text, lines = files[name], files[name].split("\n")
    i, j = rng.randrange(len(text)), rng.randrange(len(lines) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return name, text[:i] + chr(ord(text[i]) ^ 1 << rng.randrange(7)) + text[i + 1:]
    return name, "\n".join(lines[:j] + [lines[j]] * (0 if kind == 1 else 2) + lines[j + 1:])


def assigned(v):
    """The roster of a vector of package matching."""
    d, tasks = verify.Lines(v["problem"].encode(), "doublerandom/problem/v1"), {}
    d.take("directory", 1)

    def task():
        t = d.take("task", 1)[0]
        tasks[t] = []
        while d.next() == "place":
            tasks[t].append(verify.place_of(d.take("place", 3)))
    d.count("tasks", task)
    exclusions, pairs = [d.count(head, lambda: tuple(d.take(keyword, 3))) for head, keyword in (("exclusions", "exclusion"), ("pairs", "pair"))]
    d.end()
    return verify.Roster(v["directory"].encode(), tasks, exclusions, pairs, bytes.fromhex(v["key"])).assign().decode()


def unpacked(text):
    """The note of a packed receipt, or None."""
    try:
        return verify.unpack(text).decode()
    except verify.Bad:
        return None


def survives(rng, v):
    """A zip with bits turned or its end cut off ends in a verdict or a message, whatever it is."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in v["files"].items():
            z.writestr(name, text)
    data = bytearray(packed.getvalue())
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    with tempfile.TemporaryDirectory() as d:
        for name, content in (("policy", v["policy"].encode()), ("b.zip", data[:rng.choice([len(data)] * 4 + [rng.randrange(len(data))])])):
            with open(os.path.join(d, name), "wb") as f:
                f.write(content)
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                status = verify.main(["-policy", os.path.join(d, "policy"), os.path.join(d, "b.zip")])
            return [] if status in (0, 1, 2) else ["a damaged zip ends with status %r" % status]
        except Exception as e:
            return ["a damaged zip ends with %r" % e]


def main(program):
    valid, count, wrong = {}, 0, []
    for file in sorted(os.listdir(VECTORS)):
        if file.startswith("valid-") and file != "valid-sm3.json":
            with open(os.path.join(VECTORS, file), encoding="utf-8") as f:
                v = json.load(f)
            valid[v["name"]] = v
            wrong += compare(program, v["name"], v["files"], v["policy"], v.get("frame_secret"), v["verdict"])
            count += 1
    with open(os.path.join(VECTORS, "invalid.json"), encoding="utf-8") as f:
        for v in json.load(f):
            base = valid[v["base"]]
            files = {k: t for k, t in {**base["files"], **v.get("files", {})}.items() if k not in v.get("remove", [])}
            wrong += compare(program, v["name"], files, v.get("policy") or base["policy"], v.get("frame_secret") or base.get("frame_secret"), v["verdict"])
            count += 1
    with open(os.path.join(VECTORS, "..", "..", "..", "matching", "testdata", "vectors.json"), encoding="utf-8") as f:
        for v in json.load(f):
            wrong += [] if assigned(v) == v["roster"] else ["roster %s is another" % v["name"]]
            count += 1
    with open(os.path.join(VECTORS, "..", "receipts", "packed.json"), encoding="utf-8") as f:
        v = json.load(f)
        for p in v["packed"] + v["invalid"]:
            wrong += [] if unpacked(p["text"]) == (None if "error" in p else v["note"]) else ["packed receipt %s is another" % p["name"]]
            count += 1
    rng = random.Random(1)
    for _ in range(100):
        v = valid[rng.choice(["sealed", "chain", "salted-shown", "withheld", "void"])]
        name, text = changed(rng, v["files"])
        wrong += compare(program, "%s with another %s" % (v["name"], name), {**v["files"], name: text}, v["policy"], v.get("frame_secret"), None)
        count += 1
    for _ in range(200):
        wrong += survives(rng, valid["sealed"])
        count += 1
    print("\n".join(wrong + ["%d bundles, %d differences" % (count, len(wrong))]))
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Section 13.1 of draw/SPEC.md: signed notes, with Ed25519 (RFC 8032) for verification only."""
import base64, hashlib, re

from selection import H
from texts import *

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

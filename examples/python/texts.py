"""Section 1 of draw/SPEC.md: texts, numbers and times."""
import re
from fractions import Fraction

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

"""Section 12.6 of draw/SPEC.md: the text of a receipt's QR code."""
import zlib

from texts import *

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

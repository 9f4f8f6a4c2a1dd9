"""Section 13.2 of draw/SPEC.md: the files of a bundle."""
import os, re, zipfile

from texts import *


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

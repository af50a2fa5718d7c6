"""Who is in the class, and their passwords.

The names come from two files: the one that compose.yaml mounts, and one in the Hub's
own folder, to which `class add` writes. Both are read again for each login, so a change
needs no restart.
"""

import os
import re
import secrets
from pathlib import Path

NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


class Roster:
    def __init__(self, mounted, state):
        self.mounted = Path(mounted)
        self.added = Path(state) / "learners.txt"
        self.secrets = Path(state) / "passwords.txt"

    def names(self):
        """Returns a dict: for each name, whether it is a teacher's."""
        found = {}
        for file in (self.mounted, self.added):
            for line in file.read_text().splitlines() if file.exists() else []:
                words = line.partition("#")[0].split()
                if not words:
                    continue
                if not NAME.fullmatch(words[0]) or words[1:] not in ([], ["admin"]):
                    raise ValueError(f"learners: {line!r}: want a name made of a-z, 0-9 and -, optionally followed by the word admin")
                found[words[0]] = found.get(words[0], False) or bool(words[1:])
        return found

    def passwords(self):
        """Returns a password for each name; one that has none yet gets one."""
        known = dict(line.split() for line in self.secrets.read_text().splitlines()) if self.secrets.exists() else {}
        new = self.names().keys() - known.keys()
        if new:
            known |= {name: secrets.token_hex(8) for name in new}
            self._keep(known)
        return known

    def add(self, name, teacher=False):
        """Adds a learner, or a teacher, and returns the password."""
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r}: want a name made of a-z, 0-9 and -")
        if name in self.names():
            raise ValueError(f"{name} is in the class already")
        with open(self.added, "a", opener=private) as out:
            out.write(f"{name} admin\n" if teacher else f"{name}\n")
        return self.passwords()[name]

    def renew(self, name, password=None):
        """Gives the learner another password, and returns it."""
        known = self.passwords()
        if name not in self.names():
            raise ValueError(f"{name} is not in the class")
        password = password or secrets.token_hex(8)
        if len(password) < 8 or len(password.split()) != 1:
            raise ValueError("want a password of 8 characters or more, without spaces")
        self._keep(known | {name: password})
        return password

    def _keep(self, known):
        new = self.secrets.with_suffix(".new")
        with open(new, "w", opener=private) as out:
            out.writelines(f"{name} {password}\n" for name, password in sorted(known.items()))
        os.replace(new, self.secrets)


def private(path, flags):
    """Opens a file that only the Hub can read."""
    return os.open(path, flags, 0o600)

"""Fail where a requirements file is not pinned, hashed and free of any address.

Also where a part named in requirements/*.in is absent from the compiled file: the two were then
edited apart, and `make requirements` puts them together again.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILED = {
    "requirements.txt": ["base", "build"],
    "requirements-test.txt": ["base", "build", "test"],
    "requirements-docs.txt": ["docs"],
    "requirements-installer.txt": ["installer"],
}
NAME = re.compile(r"[A-Za-z0-9._-]+")
PIN = re.compile(r"[a-z0-9._-]+(\[[a-z0-9,_-]+\])?==\S+( ; .+)? \\")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}( \\)?")


def problems_of(compiled: str, parts: list[str]) -> list[str]:
    """What is wrong with one compiled file, one sentence each."""
    lines = (ROOT / compiled).read_text(encoding="utf-8").splitlines()
    found = [
        f"{compiled}:{number}: neither a pinned part nor a hash: {line.strip()}"
        for number, line in enumerate(lines, 1)
        if not (PIN.fullmatch(line) or HASH.fullmatch(line))
    ]
    pinned = {line.split("==")[0].split("[")[0] for line in lines if "==" in line}
    for part in parts:
        for line in (ROOT / "requirements" / f"{part}.in").read_text().splitlines():
            name = NAME.match(line)
            if name and name.group().lower().replace("_", "-") not in pinned:
                found.append(f"{compiled}: {name.group()} of requirements/{part}.in is absent")
    return found


def main() -> int:
    """Print every problem of every file."""
    problems = [p for name, parts in COMPILED.items() for p in problems_of(name, parts)]
    print("\n".join(problems) or f"{len(COMPILED)} requirements files: pinned, hashed, no address")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

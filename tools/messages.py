"""The French catalogue: `python tools/messages.py compile|check|update`.

compile  write the .mo file of each .po file that is newer than it
check    fail where a message of the source has no whole, sure French translation
update   add the new messages of the source to the .po files, empty, for a person to translate
"""

import argparse
import os
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "danbe"
LOCALES = SOURCE / "locale"
CATALOGUES = "*/LC_MESSAGES/django.po"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def messages_of(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    """(line, msgid or (singular, plural), context) of each message of one source file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":  # a template, made to look like Python
        text = "\n".join(line.lstrip() for line in templatize(text).splitlines())
    options = {"encoding": "utf-8"}
    found = extract("python", BytesIO(text.encode()), KEYWORDS, options=options)
    for line, message, _comments, context in found:
        yield line, message, context


def source_catalogue() -> Catalog:
    """Every message of the source, with where it stands."""
    catalogue = Catalog(charset="utf-8")
    paths = [p for p in SOURCE.rglob("*") if p.suffix in {".py", ".html", ".txt"}]
    for path in sorted(paths):
        name = str(path.relative_to(ROOT))
        for line, message, context in messages_of(path):
            if message:
                catalogue.add(message, locations=[(name, line)], context=context)
    return catalogue


def read_catalogue(path: Path) -> Catalog:
    """One .po file."""
    with path.open("rb") as lines:
        return read_po(lines, locale=path.parent.parent.name, abort_invalid=True)


def problem_of(wanted: Message, found: Message | None) -> str:
    """Why this message is not translated yet; '' when it is."""
    if found is None:
        return "absent from the catalogue"
    if found.fuzzy:
        return "marked fuzzy: a person must confirm it"
    if wanted.pluralizable and not found.pluralizable:
        return "has a plural in the source and none in the catalogue"
    forms = found.string if isinstance(found.string, tuple | list) else (found.string,)
    said = [form for form in forms if form]
    if len(said) < len(forms):
        return "not translated"
    ids = found.id if isinstance(found.id, tuple | list) else (found.id,)
    placeholders = {name for text in ids for name in PLACEHOLDER.findall(text)}
    for form in said:
        used = set(PLACEHOLDER.findall(form))
        if not used <= placeholders or (len(said) == 1 and used != placeholders):
            return f"has other placeholders than its translation: {form!r}"
    return ""


def check(path: Path, source: Catalog) -> int:
    """Print each message of the source that this catalogue lacks; how many there are."""
    catalogue = read_catalogue(path)
    wanted = [message for message in source if message.id]
    problems = 0
    for message in wanted:
        reason = problem_of(message, catalogue.get(_singular(message), message.context))
        if reason:
            problems += 1
            where = ":".join(map(str, message.locations[0]))
            print(f"{where}: {_singular(message)!r} {reason}")
    used = {(_singular(message), message.context) for message in wanted}
    present = {(_singular(message), message.context) for message in catalogue if message.id}
    name = path.relative_to(ROOT)
    print(f"{name}: {len(wanted)} messages, {problems} to translate, {len(present - used)} unused")
    return problems


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def compile_catalogue(path: Path) -> None:
    """Write the .mo file beside a .po file, unless it is newer already."""
    target = path.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= path.stat().st_mtime:
        return
    unfinished = target.with_suffix(f".mo.{os.getpid()}")
    with unfinished.open("wb") as binary:
        write_mo(binary, read_catalogue(path))
    unfinished.replace(target)


def update(path: Path, source: Catalog) -> None:
    """Add the new messages to a .po file; what is there stays, unused messages included."""
    catalogue = read_catalogue(path)
    for message in source:
        found = catalogue.get(_singular(message), message.context) if message.id else message
        if found is None:
            catalogue.add(message.id, context=message.context)
    with path.open("wb") as lines:
        write_po(lines, catalogue, width=99, no_location=True)


def main() -> int:
    """Run the task that the command line names, on every catalogue."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("task", choices=["compile", "check", "update"])
    task = parser.parse_args().task
    catalogues = sorted(LOCALES.glob(CATALOGUES))
    if task == "compile":
        for path in catalogues:
            compile_catalogue(path)
        return 0
    source = source_catalogue()
    if not catalogues:
        print(f"no catalogue in {LOCALES.relative_to(ROOT)}")
        return 1
    if task == "update":
        for path in catalogues:
            update(path, source)
        return 0
    return 1 if sum(check(path, source) for path in catalogues) else 0


if __name__ == "__main__":
    sys.exit(main())

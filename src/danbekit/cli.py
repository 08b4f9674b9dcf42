"""The library's own commands: files in, results out, no database.

``python -m danbekit.cli screen FILE.json`` reads one interview and prints what it says::

    {"answers": {"act_moved": "yes", "purpose_begging": "yes"}, "age_at_act": [11, 13]}
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from danbekit.errors import DanbekitError
from danbekit.identification import AgeRange, as_dict, assess


def screen(file: Path) -> str:
    """The assessment of one interview, as JSON text.

    ``answers`` holds question codes and answers; ``age_at_act``, if known, two bounds in years,
    either of them null; ``observed``, if any, ILO indicators seen by the worker.

    Raises:
        DanbekitError: a question, an answer, an indicator or an age that does not exist.
        ValueError: the file is not JSON, or not of this shape.
    """
    told = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(told, dict) or not isinstance(told.get("answers"), dict):
        raise ValueError("an object with answers is expected")
    bounds = told.get("age_at_act") or [None, None]
    if (
        not isinstance(bounds, list)
        or [type(b) in (int, type(None)) for b in bounds] != [True] * 2
    ):
        raise ValueError("age_at_act: two bounds are expected, whole years or null")
    seen = assess(
        told["answers"], age_at_act=AgeRange(*bounds), observed=told.get("observed") or ()
    )
    return json.dumps(as_dict(seen), ensure_ascii=False, indent=2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Entry point; a bad file is one sentence and code 2."""
    parser = argparse.ArgumentParser(prog="danbekit")
    commands = parser.add_subparsers(required=True)
    made = commands.add_parser("screen", help="what one interview says, with reasons")
    made.add_argument("file", type=Path)
    made.set_defaults(run=screen)
    options = parser.parse_args(arguments)
    try:
        text: str = options.run(options.file)
    except (DanbekitError, ValueError, OSError) as error:
        sys.stderr.write(f"danbekit: {error}\n")
        return 2
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

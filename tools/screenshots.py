"""Photograph every page at 360 and 1280 px: `make screenshots` (ARGS="home report" for some).

Each page is seen by the persona who uses it, in a fictitious demonstration of its own, in a real
Chromium. The pictures go to build/screenshots/, one folder a width; sizes are printed.
"""

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from playwright.sync_api import Browser, BrowserContext, sync_playwright  # noqa: E402

from tests.journeys.chromium import ARGUMENTS, cookies_of, find_chromium  # noqa: E402
from tests.journeys.pages import PAGES, Ids, Page, prepare  # noqa: E402
from tests.server import Server, built  # noqa: E402

WIDTHS = {360: 740, 1280: 900}  # px: a small telephone, a desk
LONGEST = 12_000  # px: beyond, the rest of a page looks like what is above


def main() -> int:
    """Photograph the pages whose name holds one of the words given; all of them without words."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("words", nargs="*", help="only pages whose name holds one of these")
    parser.add_argument("--language", choices=["fr", "en"], default="fr")
    parser.add_argument("--to", type=Path, default=ROOT / "build" / "screenshots")
    options = parser.parse_args()
    path = find_chromium()
    if path is None:
        print("!!! no Chromium here (Debian: chromium): nothing was photographed")
        return 1
    wanted = [p for p in PAGES if not options.words or any(w in p.name for w in options.words)]
    with tempfile.TemporaryDirectory(prefix="danbe-screenshots-") as folder:
        print("a demonstration is made…", flush=True)
        with built(Path(folder), postgres=False) as instance:
            ids = prepare(instance)
            with instance.run_demo() as server, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
                for width, height in WIDTHS.items():
                    shoot(browser, server, ids, wanted, options, width, height)
                browser.close()
    return 0


def shoot(
    browser: Browser,
    server: Server,
    ids: Ids,
    pages: list[Page],
    options: argparse.Namespace,
    width: int,
    height: int,
) -> None:
    """All pages at one width."""
    folder: Path = options.to / str(width)
    folder.mkdir(parents=True, exist_ok=True)
    rooms: dict[str, BrowserContext] = {}
    for page in pages:
        if page.persona not in rooms:
            room = browser.new_context(
                base_url=server.address, viewport={"width": width, "height": height}
            )
            room.add_cookies(cookies_of(server, page.persona, options.language))
            rooms[page.persona] = room
        tab = rooms[page.persona].new_page()
        answer = tab.goto(page.path(ids))
        tab.evaluate("document.fonts.ready")
        tall = int(tab.evaluate("document.documentElement.scrollHeight"))
        file = folder / f"{page.slug}.png"
        clip = {"x": 0, "y": 0, "width": width, "height": min(tall, LONGEST)}
        tab.screenshot(path=file, full_page=True, clip=clip)  # type: ignore[arg-type]
        status = answer.status if answer else 0
        print(f"{width:5} {file.stat().st_size // 1024:5} KB {tall:6} px  {status}  {file.name}")
        tab.close()
    for room in rooms.values():
        room.close()


if __name__ == "__main__":
    sys.exit(main())

"""Photograph the pages that the guides show: `make guide-images`; small pictures in docs/images.

Each guide names its pictures in PICTURES: the page, the persona, and where the picture begins. The
demonstration behind them is fictitious and says so at the head of every page.
"""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.journeys.chromium import ARGUMENTS, cookies_of, find_chromium  # noqa: E402
from tests.journeys.pages import Ids, prepare  # noqa: E402
from tests.server import Server, built  # noqa: E402

WIDTH, HEIGHT = 760, 620  # px: readable in a page of documentation, and on paper


@dataclass(frozen=True)
class Picture:
    """One picture of a guide."""

    name: str  # of the file, without its ending
    persona: str
    path: str
    begins: str = "main h1"  # what stands near the top of the picture
    height: int = HEIGHT


REFER = "/referrals/new/{ledger}/?service=shelter&to={caritas}"
PICTURES = (
    Picture("intervenant-evenement", "awa", "/events/{encounter}/", height=700),
    Picture("intervenant-feuille", "awa", "/events/{encounter}/intake/"),
    Picture("intervenant-personne", "awa", "/people/{heard}/", height=760),
    Picture("intervenant-entretien", "awa", "/interviews/{begun}/section/danger/", "ul.parts"),
    Picture("intervenant-consentement", "awa", "/consents/person/{ledger}/new/", "#id_recipient"),
    Picture("intervenant-registre", "awa", "/consents/person/{ledger}/", height=760),
    Picture(
        "intervenant-orienter", "awa", "/referrals/new/{ledger}/?service=shelter&to={caritas}"
    ),
    Picture("intervenant-dossier", "awa", "/cases/{care}/", height=820),
    Picture("intervenant-doublon", "bakary", "/links/{pair}/"),
)


def main() -> int:
    """Make all the pictures, or those whose name holds one of the words given."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("words", nargs="*")
    parser.add_argument("--to", type=Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    path = find_chromium()
    if path is None:
        print("!!! no Chromium here (Debian: chromium): nothing was photographed")
        return 1
    wanted = [p for p in PICTURES if not options.words or any(w in p.name for w in options.words)]
    with (
        tempfile.TemporaryDirectory(prefix="danbe-guide-") as folder,
        built(Path(folder), postgres=False) as instance,
    ):
        ids = prepare(instance)
        with instance.run_demo() as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            for picture in wanted:
                shoot(browser, server, ids, picture, options.to)
            browser.close()
    return 0


def shoot(browser: object, server: Server, ids: Ids, picture: Picture, folder: Path) -> None:
    """One picture, of the part of the page that the guide speaks of."""
    room = browser.new_context(  # type: ignore[attr-defined]
        base_url=server.address,
        viewport={"width": WIDTH, "height": 900},
        locale="fr-FR",
        timezone_id="Africa/Bamako",
    )
    room.add_cookies(cookies_of(server, picture.persona))
    tab = room.new_page()
    tab.goto(picture.path.format(**ids))
    tab.evaluate("document.fonts.ready")
    box = tab.locator(picture.begins).first.bounding_box()
    tall = int(tab.evaluate("document.documentElement.scrollHeight"))
    top = max(0, int(box["y"]) - 60) if box else 0
    clip = {"x": 0, "y": top, "width": WIDTH, "height": min(picture.height, tall - top)}
    file = folder / f"{picture.name}.png"
    tab.screenshot(path=file, full_page=True, clip=clip)
    print(f"{file.stat().st_size // 1024:5} KB  {file.name}", flush=True)
    room.close()


if __name__ == "__main__":
    sys.exit(main())

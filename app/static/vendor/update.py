"""Fetch the vendored assets again: fonts, htmx and the world map. Run by maintainers only, never at run time.

    python app/static/vendor/update.py           fetch with npm, rewrite everything, write SHA256SUMS
    python app/static/vendor/update.py --check   compare the files with SHA256SUMS, change nothing

It needs `npm` for its registry client alone; users of the programme need neither npm nor a network.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from draw_world import draw_world

VENDOR = Path(__file__).resolve().parent
FONT, HTMX, ATLAS = "pretendard-gov@1.3.9", "htmx.org@4.0.1", "world-atlas@2.0.2"
FONT_DIR = "pretendard-gov-1.3.9"
PRINT_WEIGHTS = ("Regular", "SemiBold", "Bold")
SUMS = VENDOR / "SHA256SUMS"


def unpack(package: str, room: Path) -> Path:
    """Download one npm package by name and version; the folder it unpacks to."""
    name = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=room, check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    target = room / name.removesuffix(".tgz")
    with tarfile.open(room / name) as archive:
        archive.extractall(target, filter="data")
    return target / "package"


def small_css(source: str) -> str:
    """The @font-face rules without comments and blanks, files named by number beside the stylesheet."""
    source = re.sub(r"/\*.*?\*/", "", source, flags=re.S)
    source = re.sub(r"url\(\S*?subset\.(\d+)\.woff2\)", r"url(\1.woff2)", source)
    source = source.replace("Pretendard GOV Variable", "Pretendard GOV").replace("woff2-variations", "woff2")
    source = re.sub(r"\s*([{};:,])\s*", r"\1", source).replace(";}", "}")
    return source.replace("}@", "}\n@").strip() + "\n"


def take_fonts(package: Path) -> None:
    """The variable font in its Korean subsets for the screen, and three static weights for paper."""
    web, screen, paper = package / "dist/web/variable", VENDOR / FONT_DIR, VENDOR / "fonts-print"
    for folder in (screen, paper):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(package / "dist/LICENSE.txt", folder / "LICENSE.txt")
    for file in sorted((web / "woff2-dynamic-subset").glob("*.woff2")):
        shutil.copy(file, screen / file.name.split("subset.")[1])
    css = (web / "pretendardvariable-gov-dynamic-subset.css").read_text()
    (screen / "fonts.css").write_text(small_css(css))
    for weight in PRINT_WEIGHTS:
        name = f"PretendardGOV-{weight}.otf"
        shutil.copy(package / "dist/public/static" / name, paper / name)


def take_htmx(package: Path) -> None:
    """The minified build and its licence."""
    folder = VENDOR / "htmx-4.0.1"
    folder.mkdir(exist_ok=True)
    shutil.copy(package / "dist/htmx.min.js", folder / "htmx.min.js")
    shutil.copy(package / "LICENSE", folder / "LICENSE.txt")


def sums() -> str:
    """One line a vendored file: sha256, two blanks, path from app/static."""
    own = {SUMS, VENDOR / "update.py", VENDOR / "draw_world.py"}
    files = [f for f in VENDOR.rglob("*") if f.is_file() and f not in own and f.suffix != ".pyc"]
    named = {f.relative_to(VENDOR.parent).as_posix(): f for f in [*files, VENDOR.parent / "world.svg"]}
    return "".join(f"{hashlib.sha256(named[n].read_bytes()).hexdigest()}  {n}\n" for n in sorted(named))


def main() -> int:
    """Fetch everything, or only check; the exit status."""
    if "--check" in sys.argv:
        same = sums() == SUMS.read_text()
        print("unchanged" if same else "the files differ from SHA256SUMS")
        return 0 if same else 1
    with tempfile.TemporaryDirectory() as room:
        take_fonts(unpack(FONT, Path(room)))
        take_htmx(unpack(HTMX, Path(room)))
        atlas = unpack(ATLAS, Path(room))
        shutil.copy(atlas / "LICENSE", VENDOR / "world-atlas-LICENSE.txt")
        (VENDOR.parent / "world.svg").write_text(draw_world(atlas / "countries-110m.json"))
    SUMS.write_text(sums())
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Take a dossier apart and put it together again, changed: at random, or as a forger with a key of his own would."""

import importlib.machinery
import importlib.util
import json
import zlib
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from random import Random
from struct import pack, unpack
from types import ModuleType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SCRIPT = Path(__file__).resolve().parents[2] / "bin" / "verify-dossier"
Members = list[tuple[str, bytes]]


@cache
def verifier() -> ModuleType:
    """bin/verify-dossier as a module."""
    loader = importlib.machinery.SourceFileLoader("verify_dossier", str(SCRIPT))
    spec = importlib.util.spec_from_loader("verify_dossier", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def members(raw: bytes) -> Members:
    """The files inside, in order."""
    found, place = [], 0
    while raw[place : place + 4] == b"PK\x03\x04":
        size, length = unpack("<I", raw[place + 22 : place + 26])[0], unpack("<H", raw[place + 26 : place + 28])[0]
        start = place + 30 + length
        found.append((raw[place + 30 : start].decode(), raw[start : start + size]))
        place = start + size
    return found


def zipped(files: Members) -> bytes:
    """The same form anew, for these files: written here a second time, from docs/dossier.md."""
    body = directory = b""
    for name, content in files:
        head = pack("<HHHHHIII", 20, 0, 0, 0, 0x21, zlib.crc32(content), len(content), len(content))
        head += pack("<HH", len(name), 0)
        directory += b"PK\x01\x02" + pack("<H", 20) + head + pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += b"PK\x03\x04" + head + name.encode() + content
    return (
        body + directory + b"PK\x05\x06" + pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), len(body), 0)
    )


def written(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1) + "\n").encode()


def fingerprint(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def refusal(path: Path, raw: bytes, pin: list[bytes] | None = None) -> str | None:
    """Why the verifier refuses these bytes; None when it accepts them."""
    path.write_bytes(raw)
    try:
        list(verifier().verify(str(path), pin))
    except verifier().Broken as broken:
        return str(broken.en)
    return None


# At random ------------------------------------------------------------------------------------------------


def other_byte(raw: bytes, rng: Random) -> bytes:
    """One byte changed somewhere."""
    place = rng.randrange(len(raw))
    return raw[:place] + bytes([raw[place] ^ rng.randrange(1, 256)]) + raw[place + 1 :]


def byte_inside(raw: bytes, rng: Random) -> bytes:
    """One byte of one file changed, the ZIP put in order again."""
    files = members(raw)
    place = rng.randrange(len(files))
    files[place] = (files[place][0], other_byte(files[place][1], rng))
    return zipped(files)


def cut(raw: bytes, rng: Random) -> bytes:
    """The end missing, or something behind it, or a piece in the middle gone."""
    place = rng.randrange(1, len(raw))
    rest = place + rng.randrange(1, 40)
    return rng.choice((raw[:place], raw + rng.randbytes(rng.randrange(1, 30)), raw[:place] + raw[rest:]))


def shuffled(raw: bytes, rng: Random) -> bytes:
    """A file dropped, doubled, renamed, moved or put in; two contents swapped."""
    files = members(raw)
    first, second = rng.sample(range(len(files)), 2)
    act = rng.randrange(6)
    if act == 0:
        del files[first]
    elif act == 1:
        files.insert(second, files[first])
    elif act == 2:
        files[first] = (f"{rng.choice(('x', '../x', '/x', 'a//b', 'A', 'documents/x'))}{first}", files[first][1])
    elif act == 3:
        files.insert(second, files.pop(first))
    elif act == 4:
        files.insert(rng.randrange(len(files) + 1), (f"extra-{first}.json", b"[]\n"))
    else:
        a, b = files[first], files[second]
        files[first], files[second] = (a[0], b[1]), (b[0], a[1])
    return zipped(files)


def relisted(raw: bytes, rng: Random) -> bytes:
    """One byte of one file changed and the list made to agree, without the key that signed."""
    files = dict(members(raw))
    name = rng.choice([one for one in files if one not in ("manifest.json", "signature.json")])
    files[name] = other_byte(files[name], rng)
    return zipped(list(listed(files).items()))


def listed(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files with a list that says what they are."""
    manifest = json.loads(files["manifest.json"])
    inner = [one for one in files.items() if one[0] not in ("manifest.json", "signature.json")]
    manifest["files"] = [{"name": n, "size": len(c), "sha256": sha256(c).hexdigest()} for n, c in inner]
    return {"manifest.json": written(manifest), **dict(inner), "signature.json": files["signature.json"]}


def reframed(raw: bytes, rng: Random) -> bytes:
    """A byte of what frames the files changed: headers, directory, end."""
    files = members(raw)
    frames, place = [], 0
    for name, content in files:
        frames += range(place, place + 30 + len(name))
        place += 30 + len(name) + len(content)
    frames += range(place, len(raw))
    at = rng.choice(frames)
    return raw[:at] + bytes([raw[at] ^ rng.randrange(1, 256)]) + raw[at + 1 :]


WAYS: tuple[Callable[[bytes, Random], bytes], ...] = (other_byte, byte_inside, cut, shuffled, relisted, reframed)


# With a key of his own --------------------------------------------------------------------------------------


class Forger:
    """The files of a dossier as data; what is changed is hashed, chained, sealed and signed anew by `raw`."""

    def __init__(self, raw: bytes) -> None:
        self.files = dict(members(raw))
        self.private = Ed25519PrivateKey.generate()

    def read(self, name: str) -> Any:
        return json.loads(self.files[name])

    def write(self, name: str, value: Any) -> None:
        self.files[name] = written(value)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return [entry["row"] for entry in self.read(f"record/{table}.json")]

    def change(self, table: str, at: int = 0, **values: Any) -> None:
        """Other values in a row of the record."""
        name = f"record/{table}.json"
        entries = self.read(name)
        entries[at]["row"].update(values)
        self.write(name, entries)

    def drop(self, table: str, at: int = 0) -> None:
        """A row taken out, and every word of it in the chain."""
        name = f"record/{table}.json"
        entries = self.read(name)
        gone = entries.pop(at)
        self.write(name, entries)
        self.edit_events(lambda event: event["seals"].pop(f"{table}:{gone['id']}", None))

    def add(self, table: str, row: dict[str, Any]) -> None:
        """A further row, for which the last step vouches."""
        name, key = f"record/{table}.json", 999_999
        self.write(name, [*(self.read(name) if name in self.files else []), {"id": key, "row": row}])
        events = self.read("events.json")
        events[-1]["seals"][f"{table}:{key}"] = ""
        self.write("events.json", events)

    def edit_events(self, edit: Callable[[dict[str, Any]], Any]) -> None:
        events = self.read("events.json")
        for event in events:
            edit(event)
        self.write("events.json", events)

    def raw(self) -> bytes:
        """The forged dossier: every seal, hash, proof and signature made to agree."""
        sealed = {}
        for name in self.files:
            if name.startswith("record/"):
                table = name.removeprefix("record/").removesuffix(".json")
                sealed |= {f"{table}:{entry['id']}": fingerprint(entry["row"]) for entry in self.read(name)}
        events, before = self.read("events.json"), ""
        last = {key: event["seq"] for event in events for key in event["seals"]}
        for event in events:
            for key in event["seals"]:
                if last[key] == event["seq"] and key in sealed:
                    event["seals"][key] = sealed[key]
            event["prev"] = before
            before = event["hash"] = fingerprint({k: v for k, v in event.items() if k != "hash"})
        self.write("events.json", events)
        self.write("roots.json", [])
        public = self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        files = listed(self.files)
        manifest = {**json.loads(files["manifest.json"]), "key": sha256(public).hexdigest()[:16]}
        files["manifest.json"] = written(manifest)
        files["signature.json"] = written(
            {
                "algorithm": "Ed25519",
                "key": manifest["key"],
                "public_key": public.hex(),
                "signature": self.private.sign(files["manifest.json"]).hex(),
            }
        )
        return zipped(list(files.items()))

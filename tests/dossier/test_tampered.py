"""The honest dossier is accepted by a script that knows nothing of us; changed anywhere it is refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from tests.dossier.conftest import Sample
from tests.dossier.forger import SCRIPT, WAYS, Forger, members, refusal, zipped

TRIALS = 1200


def script(*arguments: str, cwd: Path) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-I", "-S", "verify-dossier", *arguments]
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def alone(sample: Sample, tmp_path: Path) -> Path:
    """An empty directory with the script and the dossier, and nothing else."""
    shutil.copy(SCRIPT, tmp_path / "verify-dossier")
    (tmp_path / "d.zip").write_bytes(sample.raw)
    return tmp_path


def test_the_honest_one_is_accepted_by_the_script_alone_and_it_says_what_it_proved(sample: Sample, alone: Path) -> None:
    english = script("d.zip", cwd=alone)
    assert (english.returncode, english.stderr) == (0, "")
    for word in ("Signature:", "History:", "Seals:", "Procedure:", "Application:", "Evaluation:", "Sitting:", "Vote:",
                 "Decision:", "Money:", "Conditions:", "Letter:", "Daily root: this case"):  # fmt: skip
        assert word in english.stdout
    assert english.stdout.endswith("This dossier holds.\n")
    korean = script("d.zip", "--lang", "ko", cwd=alone)
    assert korean.returncode == 0
    assert "표결: 재적 24명" in korean.stdout and "이 문서철은 온전합니다." in korean.stdout
    assert sorted(path.name for path in alone.iterdir()) == ["d.zip", "verify-dossier"]


def test_a_changed_one_is_refused_by_the_script_with_the_reason(sample: Sample, alone: Path) -> None:
    raw = bytearray(sample.raw)
    raw[len(raw) // 2] ^= 1
    (alone / "d.zip").write_bytes(raw)
    english, korean = script("d.zip", cwd=alone), script("d.zip", "--lang", "ko", cwd=alone)
    assert (english.returncode, korean.returncode) == (1, 1)
    assert english.stderr.startswith("REFUSED: ") and korean.stderr.startswith("거부: ")
    assert script("nothing.zip", cwd=alone).returncode == 1
    assert script(cwd=alone).returncode == 2


def test_a_key_can_be_pinned(sample: Sample, alone: Path) -> None:
    (alone / "key").write_text(sample.key.hex())
    assert script("d.zip", "--key", "key", cwd=alone).returncode == 0
    (alone / "key").write_text("0" * 64)
    other = script("d.zip", "--key", "key", cwd=alone)
    assert other.returncode == 1 and "another key" in other.stderr
    (alone / "key").write_text("none")
    assert script("d.zip", "--key", "key", cwd=alone).returncode == 2


def test_changed_in_more_than_a_thousand_random_places_it_is_refused_every_time(sample: Sample, tmp_path: Path) -> None:
    rng, path, accepted = Random(2026), tmp_path / "d.zip", []
    assert refusal(path, sample.raw) is None
    tried = {way.__name__: 0 for way in WAYS}
    for trial in range(TRIALS):
        way = WAYS[trial % len(WAYS)]
        changed = way(sample.raw, rng)
        if changed == sample.raw:
            continue
        tried[way.__name__] += 1
        if refusal(path, changed) is None:
            accepted.append((trial, way.__name__))
    assert accepted == []
    assert sum(tried.values()) >= 1000 and min(tried.values()) > 100
    assert refusal(path, sample.raw) is None


def test_every_byte_of_what_frames_the_files_counts(sample: Sample, tmp_path: Path) -> None:
    """The smallest dossier there can be: each of its bytes outside the files, one after the other."""
    files = members(sample.raw)
    small = zipped([files[0], ("a.txt", b""), files[-1]])
    path, place = tmp_path / "d.zip", 0
    frame = [*range(30 + 13), *range(30 + 13 + len(files[0][1]), 30 + 13 + len(files[0][1]) + 35)]
    frame += range(len(small) - 22 - 3 * 46 - 32, len(small))
    reasons = set()
    for place in frame:
        changed = small[:place] + bytes([small[place] ^ 0x40]) + small[place + 1 :]
        reasons.add(refusal(path, changed))
    assert None not in reasons
    assert refusal(path, small) == "the files are not those of the list"


def test_a_file_that_is_compressed_or_lies_about_its_size_is_refused_before_it_is_read(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("manifest.json", b"0" * 10_000_000)
    assert "the one form allowed" in str(refusal(path, path.read_bytes()))
    head = bytearray(zipped([("manifest.json", b"x")]))
    head[18:26] = (0xFFFFFFF0).to_bytes(4, "little") * 2
    assert refusal(path, bytes(head)) == "the file ends in the middle"
    assert refusal(path, b"") is not None
    assert refusal(path, zipped([(f"a{i}", b"") for i in range(5001)])) == "there are too many files"


@pytest.mark.parametrize("raw", [b"{", b'{"a": 1, "a": 2}', b'{"format": NaN}', b"\xff", b"[" * 100_000, b"[]", b'""'])
def test_a_list_that_is_no_list_is_refused(raw: bytes, tmp_path: Path) -> None:
    files = [("manifest.json", raw), ("a.json", b"[]"), ("signature.json", raw)]
    assert refusal(tmp_path / "d.zip", zipped(files)) is not None


def test_signed_anew_with_another_key_it_holds_only_for_who_does_not_ask_for_the_key(
    sample: Sample, tmp_path: Path
) -> None:
    forged = Forger(sample.raw).raw()
    assert refusal(tmp_path / "d.zip", forged) is None
    assert "another key" in str(refusal(tmp_path / "d.zip", forged, [sample.key]))
    assert refusal(tmp_path / "d.zip", sample.raw, [b"0" * 32, sample.key]) is None

"""The house keeps its own rules: arrows, marks, sizes, names, and no traces of anyone's machine."""

import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 500


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_every_route_carries_a_mark(lite: Flask) -> None:
    unmarked = [
        rule.endpoint
        for rule in lite.url_map.iter_rules()
        if rule.endpoint != "static" and not hasattr(lite.view_functions[rule.endpoint], "__access__")
    ]
    assert unmarked == []


def test_an_unmarked_route_is_refused(lite: Flask) -> None:
    lite.add_url_rule("/nobody-marked-this", "bare", lambda: "secret")
    response = lite.test_client().get("/nobody-marked-this")
    assert response.status_code == 403
    assert b"secret" not in response.data


def test_no_file_of_code_is_longer_than_a_reader_bears() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for path in tracked()
        if path.suffix in (".py", ".html", ".css", ".js") and "vendor" not in path.parts
        if "migrations" not in path.parts
        if (count := len(path.read_text("utf-8").splitlines())) > LONGEST
    }
    assert not long, long


def test_only_the_clock_reads_the_time() -> None:
    reading = re.compile(r"\b(datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py" and path.parts[len(ROOT.parts)] in ("app", "workflows")
        if path.name != "clock.py" and "vendor" not in path.parts and reading.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_only_the_unit_of_work_commits() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py" and path.parts[len(ROOT.parts)] == "app" and path.name != "db.py"
        if re.search(r"\.commit\(\)", path.read_text("utf-8"))
    ]
    assert found == []


def test_only_the_engine_imports_transitions() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".py" and path.parts[len(ROOT.parts)] in ("app", "workflows")
        if re.search(r"^(from|import) transitions\b", path.read_text("utf-8"), re.M)
    ]
    assert found == ["workflows/engine.py"]


def test_templates_have_no_inline_style_script_or_handler() -> None:
    inline = re.compile(r"<style|\sstyle=|<script(?![^>]*nonce)|\son(click|load|submit|change|input)=", re.I)
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix == ".html" and inline.search(path.read_text("utf-8"))
    ]
    assert found == []


HANGUL = re.compile(r"[가-힣]")


def test_every_word_of_a_template_is_in_both_languages() -> None:
    """Hangul stands only inside t('한국어', 'English') or a comment: nothing is said in Korean alone."""
    call = re.compile(
        r"\bt\(\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*,\s*('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
    )
    found: dict[str, list[str]] = {}
    for path in tracked():
        if path.suffix != ".html" or "templates" not in path.parts:
            continue
        text = re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.S)
        for first, second in call.findall(text):
            if HANGUL.search(second) and first != second:
                found.setdefault(str(path.relative_to(ROOT)), []).append(second)
    assert found == {}


@pytest.mark.parametrize("trace", ["/" + "work/", "pypi" + ".org/simple", "registry." + "npmjs", "/" + "opt/wheels"])
def test_no_trace_of_a_machine_or_registry(trace: str) -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path.suffix in (".py", ".md", ".toml", ".lock", ".in", ".yaml", ".html", ".sh", ".css", ".js", "")
        and "vendor" not in path.parts
        and trace in path.read_text("utf-8", errors="ignore")
    ]
    assert found == []

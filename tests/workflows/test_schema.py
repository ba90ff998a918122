"""How a definition is read: everything unknown is refused, and a published text never changes."""

from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from tests.workflows.toys import changed, lamp, raw
from workflows import schema
from workflows.schema import FaultyDefinition, load, newest, parse


def test_a_definition_is_read_from_yaml():
    definition = parse(yaml.safe_dump(raw(), allow_unicode=True))
    assert definition == lamp()
    assert definition.key == ("toy-lamp", 1)
    assert definition.states["OFF"].label.text == ("꺼짐", "Off")


@pytest.mark.parametrize("part", ["states", "transitions", "clocks", "phases", None])
def test_an_unknown_key_is_refused_wherever_it_stands(part):
    def add(data):
        home = data if part is None else data[part]
        home = next(iter(home.values())) if part in ("states", "clocks") else home[0] if part else home
        home["surprise"] = 1

    with pytest.raises(ValidationError, match="surprise"):
        changed(add)


@pytest.mark.parametrize("name", ["*", "Off", "to_*", "=", ""])
def test_a_wildcard_is_no_state(name):
    with pytest.raises(ValidationError):
        changed(lambda data: data["transitions"][0].update({"from": [name]}))


@pytest.mark.parametrize("key", ["from", "who", "starts", "notify"])
def test_no_name_stands_twice_in_a_list(key):
    with pytest.raises(ValidationError, match="twice"):
        changed(
            lambda data: data["transitions"][0].update({key: ["OFF", "OFF"] if key == "from" else ["owner", "owner"]})
        )


def test_a_key_that_stands_twice_is_an_error_and_not_a_silent_loss():
    with pytest.raises(ValueError, match="stands twice"):
        parse("id: a\nid: b\n")


def test_guards_are_written_short_or_with_parameters():
    definition = changed(
        lambda data: data["transitions"][0].update(
            guards=["a", {"b": {"limit": 1}}, {"c": None}, {"name": "d", "params": {"x": 2}}]
        )
    )
    uses = [(use.name, use.params) for use in definition.transitions[0].guards]
    assert uses == [("a", {}), ("b", {"limit": 1}), ("c", {}), ("d", {"x": 2})]
    for bad in (7, {"a": 1, "b": 2}):
        with pytest.raises(ValidationError):
            changed(lambda data, bad=bad: data["transitions"][0].update(guards=[bad]))
    with pytest.raises(ValidationError):
        schema.Transition.model_validate("no mapping")


def test_what_leaves_a_state_is_found_by_state_and_trigger():
    definition = lamp()
    assert [t.trigger for t in definition.leaving("LIT")] == ["keep", "break", "look"]
    assert definition.leaving("KEPT") == ()
    assert definition.find("OFF", "light").code == "T1"
    assert definition.find("KEPT", "light") is None


def test_a_loaded_definition_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        lamp().version = 2


# Publication ----------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A place with definitions and a LOCK of its own; put(...) publishes there."""
    monkeypatch.setattr(schema, "DEFINITIONS", tmp_path / "definitions")
    lock = tmp_path / "LOCK"
    lock.write_text("# id version sha256\n", "utf-8")
    for cached in (load, newest, schema.all_published):
        cached.cache_clear()

    def put(data: dict, sha: str | None = None) -> Path:
        path = tmp_path / "definitions" / data["id"] / f"v{data['version']}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
        with lock.open("a", encoding="utf-8") as file:
            file.write(f"{data['id']} {data['version']} {sha or sha256(path.read_bytes()).hexdigest()}\n")
        return path

    yield put
    for cached in (load, newest, schema.all_published):
        cached.cache_clear()


def test_a_published_definition_loads_and_the_newest_version_is_taken(shelf):
    shelf(raw())
    shelf({**raw(), "version": 2})
    shelf({**raw(), "version": 10})
    assert load("toy-lamp", 1) == lamp()
    assert newest("toy-lamp").version == 10
    assert [d.version for d in schema.all_published()] == [1, 2, 10]


def test_what_is_not_in_lock_does_not_load(shelf):
    with pytest.raises(LookupError, match="no published definition toy-lamp v1"):
        load("toy-lamp", 1)
    with pytest.raises(LookupError, match="no published definition toy-lamp"):
        newest("toy-lamp")


def test_a_text_that_was_changed_after_publication_does_not_load(shelf):
    path = shelf(raw())
    path.write_text(path.read_text("utf-8") + "# a word more\n", "utf-8")
    with pytest.raises(LookupError, match="not the text that LOCK holds"):
        load("toy-lamp", 1)
    path.unlink()
    with pytest.raises(LookupError, match="no published definition"):
        load("toy-lamp", 1)


def test_a_faulty_definition_does_not_load_and_the_first_fault_is_named(shelf):
    data = raw()
    data["transitions"][0]["to"] = "NOWHERE"
    shelf(data)
    with pytest.raises(FaultyDefinition, match=r"toy-lamp v1: 1 faults; T1: There is no state “NOWHERE”"):
        load("toy-lamp", 1)

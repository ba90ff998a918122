"""What other tools read: well formed, every reference resolved, nothing lost."""

import io
import json
from collections import Counter
from xml.etree import ElementTree as ET

import pytest

from tests.workflows.toys import changed, lamp
from workflows import schema
from workflows.export import BPMN, BPMNDI, PNML, bpmn, mermaid, moves, ocel, pnml, xes

PUBLISHED = schema.all_published()
every = pytest.mark.parametrize("definition", [*PUBLISHED, lamp()], ids=lambda d: d.id)
both = pytest.mark.parametrize("lang", ["ko", "en"])
ROWS = [
    {"case": "KCN-2026-0001", "trigger": "submit", "from": "DRAFT", "to": "RECEIVED", "at": "2026-03-02T09:00:00+09:00", "role": "signatory"},
    {"case": "KCN-2026-0001", "trigger": "withdraw", "from": "RECEIVED", "to": "WITHDRAWN", "at": "2026-03-03T09:00:00+09:00", "role": "signatory"},
    {"case": "KCN-2026-<\"2\">", "trigger": "submit", "from": "DRAFT", "to": "RECEIVED", "at": "2026-03-04T09:00:00+09:00", "role": "signatory"},
]  # fmt: skip


def test_mermaid_names_states_and_arrows_in_the_language():
    assert mermaid(lamp(), "en").splitlines() == [
        "stateDiagram-v2",
        '    state "Off" as OFF', '    state "Lit" as LIT', '    state "Kept" as KEPT', '    state "Broken" as BROKEN',
        "    [*] --> OFF", "    OFF --> LIT: Light", "    LIT --> KEPT: Keep",
        "    OFF --> BROKEN: Break", "    LIT --> BROKEN: Break", "    KEPT --> [*]", "    BROKEN --> [*]",
    ]  # fmt: skip
    assert "LIT --> KEPT: 보관" in mermaid(lamp(), "ko")


def test_a_label_cannot_break_out_of_mermaid():
    definition = changed(lambda data: data["states"]["OFF"]["label"].update(en='A "b": c; d'))
    assert '    state "A #quot;b#quot;#58; c#59; d" as OFF' in mermaid(definition, "en")


@every
@both
def test_every_reference_in_bpmn_is_to_something_that_is_there_once(definition, lang):
    root = ET.fromstring(bpmn(definition, lang))
    ids = Counter(e.get("id") for e in root.iter() if e.get("id"))
    assert max(ids.values()) == 1
    flows = list(root.iter(f"{{{BPMN}}}sequenceFlow"))
    for flow in flows:
        assert flow.get("sourceRef") in ids and flow.get("targetRef") in ids
    for kind in ("incoming", "outgoing"):
        assert {e.text for e in root.iter(f"{{{BPMN}}}{kind}")} == {flow.get("id") for flow in flows}
    for drawn in (*root.iter(f"{{{BPMNDI}}}BPMNShape"), *root.iter(f"{{{BPMNDI}}}BPMNEdge")):
        assert drawn.get("bpmnElement") in ids


@every
def test_bpmn_begins_once_ends_where_cases_end_and_chooses_only_at_gateways(definition):
    root = ET.fromstring(bpmn(definition, "en"))
    finals = [name for name, state in definition.states.items() if state.final]
    assert len(list(root.iter(f"{{{BPMN}}}startEvent"))) == 1
    assert {e.get("id") for e in root.iter(f"{{{BPMN}}}endEvent")} == {f"state-{name}" for name in finals}
    assert len(list(root.iter(f"{{{BPMN}}}userTask"))) == len(definition.states) - len(finals)
    for kind in ("startEvent", "userTask"):
        for node in root.iter(f"{{{BPMN}}}{kind}"):
            assert len(node.findall(f"{{{BPMN}}}outgoing")) == 1
    named = [flow for flow in root.iter(f"{{{BPMN}}}sequenceFlow") if flow.get("name")]
    assert len(named) == len(list(moves(definition)))


@every
def test_pnml_is_a_workflow_net(definition):
    """One source, one sink, and every node on a way from the one to the other."""
    root = ET.fromstring(pnml(definition, "en"))
    places = {e.get("id") for e in root.iter(f"{{{PNML}}}place")}
    steps = {e.get("id") for e in root.iter(f"{{{PNML}}}transition")}
    arcs = {(e.get("source"), e.get("target")) for e in root.iter(f"{{{PNML}}}arc")}
    assert all((a in places) != (b in places) for a, b in arcs)
    assert {n for arc in arcs for n in arc} == places | steps
    assert places - {b for _, b in arcs} == {"source"}
    assert places - {a for a, _ in arcs} == {"sink"}
    assert _reach("source", arcs) == _reach("sink", {(b, a) for a, b in arcs}) == places | steps
    (marking,) = root.iter(f"{{{PNML}}}initialMarking")
    assert marking.find(f"{{{PNML}}}text").text == "1"


def _reach(start: str, arcs: set[tuple[str, str]]) -> set[str]:
    seen, line = {start}, [start]
    for node in line:
        line += [b for a, b in arcs if a == node and b not in seen and not seen.add(b)]
    return seen


def test_an_xes_log_has_a_trace_a_case_and_an_event_a_row():
    out = io.StringIO()
    xes(iter(ROWS), out)
    root = ET.fromstring(out.getvalue())
    space = "{http://www.xes-standard.org/}"
    traces = root.findall(f"{space}trace")
    assert [t.find(f"{space}string").get("value") for t in traces] == ["KCN-2026-0001", 'KCN-2026-<"2">']
    assert [len(t.findall(f"{space}event")) for t in traces] == [2, 1]
    event = traces[0].find(f"{space}event")
    assert {e.get("key"): e.get("value") for e in event} == {
        "time:timestamp": "2026-03-02T09:00:00+09:00",
        "concept:name": "submit",
        "org:role": "signatory",
        "from": "DRAFT",
        "to": "RECEIVED",
    }


def test_an_ocel_log_declares_every_type_and_object_it_uses():
    out = io.StringIO()
    ocel(iter(ROWS), out)
    log = json.loads(out.getvalue())
    assert set(log) == {"events", "objects", "eventTypes", "objectTypes"}
    assert [event["type"] for event in log["events"]] == ["submit", "withdraw", "submit"]
    assert {t["name"] for t in log["eventTypes"]} == {"submit", "withdraw"}
    assert [o["id"] for o in log["objects"]] == ["KCN-2026-0001", 'KCN-2026-<"2">']
    assert {o["type"] for o in log["objects"]} == {t["name"] for t in log["objectTypes"]}
    ids = {o["id"] for o in log["objects"]}
    for event in log["events"]:
        assert {r["objectId"] for r in event["relationships"]} <= ids
        assert {a["name"] for a in event["attributes"]} == {"from", "to", "role"}


def test_an_empty_log_is_still_well_formed():
    out, other = io.StringIO(), io.StringIO()
    xes([], out)
    ocel([], other)
    assert len(ET.fromstring(out.getvalue())) == 3
    assert json.loads(other.getvalue())["events"] == []

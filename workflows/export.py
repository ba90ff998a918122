"""A definition and what happened under it, in the formats other tools read. Changes and judges nothing.

Definitions: Mermaid, BPMN 2.0 (with its drawing), PNML (a workflow net: one source, one sink, every place
between). Logs: XES and OCEL 2.0 (JSON), written row by row so that a log of any length fits in memory.
Rows are dicts: case (number), trigger, from, to, at (ISO 8601 with zone), role; those of a case together.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import TextIO
from xml.etree import ElementTree as ET
from xml.sax.saxutils import quoteattr

from workflows.layout import Layout, layout
from workflows.schema import Definition, Transition

Row = Mapping[str, str]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
PNML = "http://www.pnml.org/version-2009/grammar/pnml"
PTNET = "http://www.pnml.org/version-2009/grammar/ptnet"
ROUND, DIAMOND = 36.0, 40.0
MERMAID = {'"': "#quot;", ";": "#59;", ":": "#58;"}


def moves(definition: Definition) -> Iterator[tuple[Transition, str, str]]:
    """Every arrow as (transition, from, to), one for each state it leaves; acts are none."""
    for transition in definition.transitions:
        for source in transition.sources:
            if transition.to:
                yield transition, source, transition.to


# Mermaid --------------------------------------------------------------------------------------------------


def mermaid(definition: Definition, lang: str) -> str:
    """A `stateDiagram-v2` with the labels in `lang`."""
    lines = ["stateDiagram-v2"]
    for name, state in definition.states.items():
        lines.append(f'    state "{_plain(state.label.text.pick(lang))}" as {name}')
    lines.append(f"    [*] --> {definition.initial}")
    for transition, source, target in moves(definition):
        lines.append(f"    {source} --> {target}: {_plain(transition.label.text.pick(lang))}")
    lines += [f"    {name} --> [*]" for name, state in definition.states.items() if state.final]
    return "\n".join(lines) + "\n"


def _plain(words: str) -> str:
    """What would end a Mermaid label, replaced by its entity."""
    return "".join(MERMAID.get(letter, letter) for letter in words)


# BPMN -----------------------------------------------------------------------------------------------------


def bpmn(definition: Definition, lang: str) -> str:
    """One process: a state is a task of whose turn it is, a choice after it a gateway, an end an event."""
    for prefix, uri in (("bpmn", BPMN), ("bpmndi", BPMNDI), ("dc", DC), ("di", DI)):
        ET.register_namespace(prefix, uri)
    root = ET.Element(f"{{{BPMN}}}definitions", id="definitions", targetNamespace=f"urn:{definition.id}")
    key = f"process-{definition.id}-{definition.version}"
    name = definition.label.text.pick(lang)
    process = ET.SubElement(root, f"{{{BPMN}}}process", id=key, name=name, isExecutable="false")
    drawn = layout(definition)
    flows = list(_flows(definition, drawn))
    _nodes(process, definition, lang, flows)
    for flow, source, target, transition in flows:
        named = {"name": transition.label.text.pick(lang)} if transition else {}
        ends = {"sourceRef": source, "targetRef": target}
        ET.SubElement(process, f"{{{BPMN}}}sequenceFlow", {"id": flow, **ends, **named})
    _plane(root, key, _shapes(definition, drawn), flows)
    return _xml(root)


Flow = tuple[str, str, str, Transition | None]
"""id, from, to, and what the flow stands for (None between a task and its gateway)."""


def _choices(definition: Definition) -> set[str]:
    """The states that more than one arrow leaves."""
    sources = [source for _, source, _ in moves(definition)]
    return {name for name in sources if sources.count(name) > 1}


def _flows(definition: Definition, drawn: Layout) -> Iterator[Flow]:
    choices = _choices(definition)
    yield "flow-start", "start", f"state-{definition.initial}", None
    for name in (name for name in drawn.boxes if name in choices):
        yield f"flow-{name}", f"state-{name}", f"choice-{name}", None
    for transition, source, target in moves(definition):
        home = f"choice-{source}" if source in choices else f"state-{source}"
        yield f"flow-{transition.code}-{source}", home, f"state-{target}", transition


def _nodes(process: ET.Element, definition: Definition, lang: str, flows: list[Flow]) -> None:
    kinds = [("start", "startEvent", "")]
    for name, state in definition.states.items():
        kind = "endEvent" if state.final else "userTask"
        kinds.append((f"state-{name}", kind, state.label.text.pick(lang)))
    kinds += [(f"choice-{name}", "exclusiveGateway", "") for name in definition.states if name in _choices(definition)]
    for node, kind, label in kinds:
        element = ET.SubElement(process, f"{{{BPMN}}}{kind}", {"id": node, **({"name": label} if label else {})})
        for flow, _, target, _ in flows:
            if target == node:
                ET.SubElement(element, f"{{{BPMN}}}incoming").text = flow
        for flow, source, _, _ in flows:
            if source == node:
                ET.SubElement(element, f"{{{BPMN}}}outgoing").text = flow


Shape = tuple[float, float, float, float]
"""Middle, width and height."""


def _shapes(definition: Definition, drawn: Layout) -> dict[str, Shape]:
    """Where the BPMN nodes stand: as in the state diagram, a gateway at the lower right of its task."""
    first = drawn.boxes[definition.initial]
    shapes = {"start": (first.x, first.y - 90, ROUND, ROUND)}
    for name, box in drawn.boxes.items():
        end = definition.states[name].final
        shapes[f"state-{name}"] = (box.x, box.y, ROUND, ROUND) if end else (box.x, box.y, box.w, box.h)
        if name in _choices(definition):
            shapes[f"choice-{name}"] = (box.right + 40, box.y, DIAMOND, DIAMOND)
    return shapes


def _plane(root: ET.Element, process: str, shapes: dict[str, Shape], flows: list[Flow]) -> None:
    drawing = ET.SubElement(root, f"{{{BPMNDI}}}BPMNDiagram", id="drawing")
    plane = ET.SubElement(drawing, f"{{{BPMNDI}}}BPMNPlane", id="plane", bpmnElement=process)
    for node, (x, y, w, h) in shapes.items():
        shape = ET.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", id=f"shape-{node}", bpmnElement=node)
        place = {"x": f"{x - w / 2:g}", "y": f"{y - h / 2 + 100:g}", "width": f"{w:g}", "height": f"{h:g}"}
        ET.SubElement(shape, f"{{{DC}}}Bounds", place)
    for flow, source, target, _ in flows:
        edge = ET.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", id=f"edge-{flow}", bpmnElement=flow)
        for x, y, _, _ in (shapes[source], shapes[target]):
            ET.SubElement(edge, f"{{{DI}}}waypoint", x=f"{x:g}", y=f"{y + 100:g}")


# PNML -----------------------------------------------------------------------------------------------------


def pnml(definition: Definition, lang: str) -> str:
    """A workflow net: a place a state, a transition an arrow, and one silent step in and out."""
    ET.register_namespace("", PNML)
    root = ET.Element(f"{{{PNML}}}pnml")
    net = ET.SubElement(root, f"{{{PNML}}}net", id=definition.id, type=PTNET)
    _named(net, "name", definition.label.text.pick(lang))
    page = ET.SubElement(net, f"{{{PNML}}}page", id="page")
    source = _part(page, "place", "source", "source")
    _named(source, "initialMarking", "1")
    for name, state in definition.states.items():
        _part(page, "place", f"place-{name}", state.label.text.pick(lang))
    _part(page, "place", "sink", "sink")
    _step(page, "begin", "begin", "source", f"place-{definition.initial}")
    for transition, start, target in moves(definition):
        label = transition.label.text.pick(lang)
        _step(page, f"{transition.code}-{start}", label, f"place-{start}", f"place-{target}")
    for name in (name for name, state in definition.states.items() if state.final):
        _step(page, f"end-{name}", "end", f"place-{name}", "sink")
    return _xml(root)


def _part(page: ET.Element, kind: str, key: str, label: str) -> ET.Element:
    part = ET.SubElement(page, f"{{{PNML}}}{kind}", id=key)
    _named(part, "name", label)
    return part


def _named(part: ET.Element, kind: str, words: str) -> None:
    ET.SubElement(ET.SubElement(part, f"{{{PNML}}}{kind}"), f"{{{PNML}}}text").text = words


def _step(page: ET.Element, key: str, label: str, source: str, target: str) -> None:
    _part(page, "transition", f"step-{key}", label)
    ET.SubElement(page, f"{{{PNML}}}arc", id=f"in-{key}", source=source, target=f"step-{key}")
    ET.SubElement(page, f"{{{PNML}}}arc", id=f"out-{key}", source=f"step-{key}", target=target)


def _xml(root: ET.Element) -> str:
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


# Logs -----------------------------------------------------------------------------------------------------


def xes(events: Iterable[Row], out: TextIO) -> None:
    """An IEEE 1849 XES log: a trace a case, an event a row (concept, time and organisational extensions)."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0" xes.features="" ')
    out.write('xmlns="http://www.xes-standard.org/">\n')
    for name, prefix in (("Concept", "concept"), ("Time", "time"), ("Organizational", "org")):
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        out.write(f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n')
    for case, rows in groupby(events, key=itemgetter("case")):
        out.write(f'  <trace>\n    <string key="concept:name" value={quoteattr(case)}/>\n')
        for row in rows:
            out.write(_xes_event(row))
        out.write("  </trace>\n")
    out.write("</log>\n")


def _xes_event(row: Row) -> str:
    pairs = (("concept:name", "trigger"), ("org:role", "role"), ("from", "from"), ("to", "to"))
    said = "".join(f'      <string key="{key}" value={quoteattr(row[name])}/>\n' for key, name in pairs)
    return f'    <event>\n      <date key="time:timestamp" value={quoteattr(row["at"])}/>\n{said}    </event>\n'


def ocel(events: Iterable[Row], out: TextIO) -> None:
    """An OCEL 2.0 log in JSON: each row an event on its case. Objects and types follow them."""
    cases: dict[str, None] = {}
    triggers: dict[str, None] = {}
    out.write('{"events":[')
    for number, row in enumerate(events, start=1):
        cases.setdefault(row["case"])
        triggers.setdefault(row["trigger"])
        out.write(("," if number > 1 else "") + "\n" + _json(_ocel_event(number, row)))
    out.write('\n],"objects":[')
    for place, case in enumerate(cases):
        thing = {"id": case, "type": "case", "attributes": [], "relationships": []}
        out.write(("," if place else "") + "\n" + _json(thing))
    attributes = [{"name": name, "type": "string"} for name in ("from", "to", "role")]
    types = [{"name": trigger, "attributes": attributes} for trigger in triggers]
    out.write('\n],"eventTypes":' + _json(types))
    out.write(',"objectTypes":' + _json([{"name": "case", "attributes": []}]) + "}\n")


def _ocel_event(number: int, row: Row) -> dict[str, object]:
    return {
        "id": f"e{number}",
        "type": row["trigger"],
        "time": row["at"],
        "attributes": [{"name": name, "value": row[name]} for name in ("from", "to", "role")],
        "relationships": [{"objectId": row["case"], "qualifier": "case"}],
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

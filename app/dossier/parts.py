"""What a dossier holds: a table of parts, each a name and a function of the case. A new part is a line of PARTS.

Everything the chain of the case vouches for comes by itself (`record/<table>.json`), so that a verifier can ask
for the whole of it. The rest stands beside it for the arithmetic and for people to read.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app import backup
from app.audit.shapes import NOT_YET, sealed_shapes
from app.base import canonical
from app.dossier import committee, letters, minutes, people
from app.extensions import db
from app.models import (
    Advice,
    Allocation,
    AllocationRelease,
    Attachment,
    Case,
    CaseClock,
    Consulting,
    Duty,
    Envelope,
    Event,
    Objection,
    Opinion,
    Supplement,
    Version,
)
from app.queries.roots import inclusions_of, signing_keys
from app.queries.terms import terms_of
from workflows import schema

Content = bytes | Path | Any
"""Bytes and paths go in as they are; anything else is written as JSON."""


def read_me(case: Case) -> bytes:
    """For who opens the file without knowing what it is."""
    return (Path(__file__).parent / "read-me.txt").read_text("utf-8").replace("NUMBER", case.number).encode()


def events(case: Case) -> list[dict[str, Any]]:
    """The chain: each step as it was hashed, with its hash."""
    query = sa.select(Event).where(Event.case_id == case.id).order_by(Event.seq)
    return [{**event.content(case.number), "hash": event.hash} for event in db.session.scalars(query)]


def cycle(case: Case) -> dict[str, Any]:
    """The terms the case is under: criteria, weights, cap and rules of its cycle at its revision."""
    return columns_of(terms_of(case), leave=("id",))


def procedure(case: Case) -> dict[str, Any]:
    """The published procedure as data; the same as rules/procedure.yaml."""
    found = schema.load(case.definition_id, case.definition_version)
    return {
        "id": found.id,
        "version": found.version,
        "sha256": schema.locked()[found.key],
        "initial": found.initial,
        "states": {name: {"label": state.label.model_dump()} for name, state in found.states.items()},
        "steps": [
            {
                "code": one.code,
                "trigger": one.trigger,
                "from": list(one.sources),
                "to": one.to,
                "who": list(one.who),
                "label": one.label.model_dump(),
                "source": one.source,
            }
            for one in found.transitions
        ],
    }


def procedure_text(case: Case) -> Path:
    """The published procedure itself; its sha256 is that of the list of published procedures."""
    return schema.DEFINITIONS / case.definition_id / f"v{case.definition_version}.yaml"


def envelope(case: Case) -> dict[str, Any] | None:
    """The money of the cycle: what there is, what was reserved and given back, by time. Other cases stay unnamed."""
    row = db.session.get(Envelope, case.cycle_id)
    if row is None:
        return None
    reserved = sa.select(Allocation).where(Allocation.cycle_id == case.cycle_id).order_by(Allocation.id)
    released = sa.select(AllocationRelease).where(AllocationRelease.cycle_id == case.cycle_id)
    return {
        "amount_krw": row.amount_krw,
        "committed_krw": row.committed_krw,
        "planned_awards": row.planned_awards,
        "reserved": [
            {"id": one.id, "amount_krw": one.amount_krw, "at": one.reserved_at} for one in db.session.scalars(reserved)
        ],
        "released": [
            {"allocation_id": one.allocation_id, "amount_krw": one.amount_krw, "at": one.released_at}
            for one in db.session.scalars(released.order_by(AllocationRelease.id))
        ],
    }


def roots(case: Case) -> list[dict[str, Any]]:
    """The proofs that the chains of the case and of its sittings are under a published daily root."""
    chains = [f"case:{case.number}", *(f"sitting:{one.number}" for one in committee.sittings_of(case))]
    return [
        {
            "root": {
                **one.root.content(),
                "hash": one.root.hash,
                "key": one.root.key_id,
                "signature": one.root.signature,
            },
            "leaf": {"chain": one.leaf.chain, "seq": one.leaf.seq, "head": one.leaf.head},
            "position": one.position,
            "path": one.path,
        }
        for one in inclusions_of(chains)
    ]


def keys(case: Case) -> list[dict[str, Any]]:
    """The public keys of the installation, as its page of keys shows them."""
    return [{"key": one.key_id, "public_key": one.public_key, "made_at": one.made_at} for one in signing_keys()]


PARTS: tuple[tuple[str, Callable[[Case], Content]], ...] = (
    ("read-me.txt", read_me),
    ("events.json", events),
    ("rules/cycle.json", cycle),
    ("rules/procedure.json", procedure),
    ("rules/procedure.yaml", procedure_text),
    ("committee/sittings.json", committee.sittings),
    ("committee/minutes.json", minutes.minutes),
    ("money/envelope.json", envelope),
    ("people.json", people.named),
    ("applicant.json", people.applicant),
    ("roots.json", roots),
    ("keys.json", keys),
)
BESIDE = (Advice, Attachment, CaseClock, Consulting, Duty, Objection, Opinion, Supplement)
"""Tables of the case that no seal covers, whole, for people to read."""


def files_of(case: Case, with_documents: bool) -> Iterator[tuple[str, bytes | Path]]:
    """Every file of the dossier but list and signature, in its order: name, content."""
    for name, part in PARTS:
        content = part(case)
        if content is not None:
            yield name, content if isinstance(content, bytes | Path) else written(content)
    for name, rows in records(case):
        yield f"record/{name}.json", written(rows)
    for model in BESIDE:
        rows = [columns_of(row) for row in _rows(model, case)]
        if rows:
            yield f"beside/{model.__tablename__}.json", written(rows)
    yield from letters.files(case)
    if with_documents:
        yield from documents(case)


def records(case: Case) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Every row that the chain vouches for, by table: its id, and the columns that are sealed."""
    yield "case", [{"id": case.id, "row": {name: getattr(case, name) for name in Case.SEALED}}]
    for shape in sealed_shapes():
        rows = _rows(shape.model, case, NOT_YET.get(shape.name, sa.true()))
        if rows:
            yield shape.name, [{"id": row.id, "row": {key: getattr(row, key) for key in row.SEALED}} for row in rows]


def documents(case: Case) -> Iterator[tuple[str, Path]]:
    """The documents of every version, each once, under their hash. Raises files.NotStored."""
    query = sa.select(Version.files).where(Version.case_id == case.id)
    for sha256 in sorted({file["sha256"] for files in db.session.scalars(query) for file in files}):
        yield f"documents/{sha256}", backup.store().path(sha256)


def columns_of(row: Any, leave: tuple[str, ...] = ()) -> dict[str, Any]:
    """A row as column -> value."""
    return {column.key: getattr(row, column.key) for column in sa.inspect(type(row)).columns if column.key not in leave}


def written(value: Any) -> bytes:
    """How every JSON file of a dossier is written: for people to read, in one way only."""
    plain = json.loads(canonical(value))
    return f"{json.dumps(plain, ensure_ascii=False, sort_keys=True, indent=1)}\n".encode()


def _rows(model: Any, case: Case, where: sa.ColumnElement[bool] | None = None) -> list[Any]:
    query = sa.select(model).where(model.case_id == case.id).order_by(model.id)
    return list(db.session.scalars(query if where is None else query.where(where)))

"""The opinions of outsiders: for the officer all of a case, for the body asked its own and nothing else of the case."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer
from app.errors import NotFound
from app.extensions import db
from app.models import Attachment, Case, Opinion, Organisation, RoleGrant
from app.queries.cases import case_for
from app.queries.proposal import version_of
from workflows import schema
from workflows.form_schema import FormDefinition, Section, load_form
from workflows.text import Text

FILE = Text("파일", "File")
CLOSED = Text("이 사건은 의견을 받는 단계가 지났습니다.", "The case has passed the stage at which opinions are taken.")


@dataclass(frozen=True, slots=True)
class Row:
    """One request and the body it went to."""

    opinion: Opinion
    body: Text
    kind: str

    @property
    def late(self) -> bool:
        """Whether its date has passed without a reply."""
        return self.opinion.replied_at is None and self.opinion.due_on < clock.today()


@dataclass(frozen=True, slots=True)
class Body:
    """A body that can be asked."""

    id: int
    name: Text
    kind: str


def opinions_of(case: Case) -> list[Row]:
    """Every request of the case, oldest first. One statement."""
    rows = db.session.execute(
        sa.select(Opinion, Organisation.name_ko, Organisation.name_en, Organisation.kind)
        .join(Organisation, Organisation.id == Opinion.organisation_id)
        .where(Opinion.case_id == case.id)
        .order_by(Opinion.id)
    )
    return [Row(r.Opinion, Text(r.name_ko or r.name_en, r.name_en or r.name_ko), r.kind) for r in rows]


def bodies_to_ask(case: Case) -> list[Body]:
    """Bodies with somebody who gives their opinion, not asked yet and not the applicant. One statement."""
    programme = schema.load(case.definition_id, case.definition_version).programme
    asked = sa.exists().where(Opinion.case_id == case.id, Opinion.organisation_id == Organisation.id)
    giver = sa.exists().where(
        RoleGrant.organisation_id == Organisation.id,
        RoleGrant.role == "opinion_giver",
        RoleGrant.ended_at.is_(None),
        sa.or_(RoleGrant.programme.is_(None), RoleGrant.programme == programme),
    )
    rows = db.session.execute(
        sa.select(Organisation.id, Organisation.name_ko, Organisation.name_en, Organisation.kind)
        .where(giver, ~asked, Organisation.id != (case.organisation_id or 0))
        .order_by(Organisation.kind, Organisation.name_ko, Organisation.id)
    )
    return [Body(r.id, Text(r.name_ko or r.name_en, r.name_en or r.name_ko), r.kind) for r in rows]


def asked_of(who: Viewer, number: str) -> tuple[Case, Row]:
    """The case and the request that went to a body `who` speaks for; one still to answer comes first.

    Raises:
        NotFound: none of his bodies was asked on this case.
    """
    case = case_for(who, number)
    mine = [row for row in opinions_of(case) if row.opinion.organisation_id in who.speaks_for]
    if not mine:
        raise NotFound
    return case, min(mine, key=lambda row: (row.opinion.replied_at is not None, row.opinion.id))


@dataclass(frozen=True, slots=True)
class Shown:
    """What of a proposal a body reads beyond the essentials."""

    answers: dict[str, Any]
    fields: tuple[str, ...]
    files: list[dict[str, Any]]
    """Of the version, each with id, name, url and the label of what it is."""


def sections_to_show(case: Case) -> list[Section]:
    """The sections that hold something to read; files are chosen one by one."""
    form = load_form(case.definition_id, case.form_version)
    return [s for s in form.sections if any(f.kind not in ("files", "declaration") for f in s.fields)]


def shown_with(case: Case, opinion: Opinion) -> Shown | None:
    """What the officer marked for the body asked, as it stood in the version of that day; None if nothing."""
    shared = opinion.shared
    version = version_of(case, shared["version"]) if shared else None
    if version is None:
        return None
    form = load_form(case.definition_id, case.form_version)
    fields = [f.key for section in form.sections if section.key in shared["sections"] for f in section.fields]
    labels = {f.key: f.label for f in form.fields}
    files = [
        {**file, "url": f"/cases/{case.number}/files/{file['id']}", "label": labels.get(file["slot"], FILE)}
        for file in version.files
        if file["id"] in shared["files"]
    ]
    kinds = {f.key: f.kind for f in form.fields}
    return Shown(version.answers, tuple(key for key in fields if kinds[key] != "files"), files)


def names_shown(case: Case, rows: Sequence[Row]) -> dict[int, list[Text]]:
    """opinion -> the same in words for the officer's list: titles of sections, names of files. One statement at most."""
    ids = {number for row in rows for number in row.opinion.shared.get("files", ())}
    query = sa.select(Attachment.id, Attachment.name).where(Attachment.case_id == case.id, Attachment.id.in_(ids))
    names = {row.id: row.name for row in db.session.execute(query)} if ids else {}
    form = load_form(case.definition_id, case.form_version)
    return {row.opinion.id: _named(row.opinion.shared, form, names) for row in rows}


def _named(shared: dict[str, Any], form: FormDefinition, names: dict[int, str]) -> list[Text]:
    titles = [section.title for section in form.sections if section.key in shared.get("sections", ())]
    return titles + [Text(names[number], names[number]) for number in shared.get("files", ()) if number in names]


def takes_replies(case: Case) -> bool:
    """Whether the state still takes opinions."""
    definition = schema.load(case.definition_id, case.definition_version)
    return definition.find(case.state, "reply_opinion") is not None

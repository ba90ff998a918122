"""Minutes as a reader may have them: where they stand, what is held back from whom, and what the public reads.

A member who was out of an item reads nothing of it before the public does; the public reads nothing of an item
whose result has not been announced, whatever was ruled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, visible
from app.documents.minutes import Correction, Shown, Signed
from app.errors import NotFound
from app.extensions import db
from app.models import (
    Case,
    Minutes,
    MinutesCorrection,
    MinutesDraft,
    MinutesPublication,
    MinutesReview,
    MinutesSignature,
    Sitting,
    User,
)
from app.queries.minutes_record import record_of
from workflows.disclosure import Choice, choice_of, withheld
from workflows.minutes import Part, parts
from workflows.text import Text

CAPACITIES = ("chair", "clerk")
OVER = ("WITHDRAWN", "RETURNED", "DECLINED", "LAPSED")
"""States of an end that is known to the applicant without an announcement."""
NOT_YOURS = Text(
    "제척·기피·회피한 안건이므로 일반에 공개되기 전에는 열람할 수 없습니다.",
    "You are out of this item: it is closed to you until it is published.",
)
NOT_ANNOUNCED = Text(
    "결과를 통지하기 전이므로 공개하지 않습니다 (정보공개법 제9조제1항제5호).",
    "Not shown before the result is announced (Official Information Disclosure Act Art. 9(1) item 5).",
)
STATUS: dict[str, tuple[Text, str]] = {
    "none": (Text("작성 전", "Not begun"), "neutral"),
    "draft": (Text("초안", "Draft"), "neutral"),
    "submitted": (Text("검토 중", "Under review"), "info"),
    "returned": (Text("검토에서 반려", "Sent back by the review"), "warning"),
    "reviewed": (Text("서명 대기", "Awaiting signatures"), "info"),
    "signed": (Text("서명 완료", "Signed"), "success"),
    "published": (Text("공개", "Published"), "success"),
}


@dataclass(frozen=True, slots=True)
class State:
    """Where the minutes of a sitting stand."""

    sitting: Sitting
    draft: MinutesDraft | None
    version: Minutes | None
    """The newest frozen version."""
    review: MinutesReview | None
    signatures: tuple[MinutesSignature, ...]
    corrections: tuple[MinutesCorrection, ...]
    publication: MinutesPublication | None

    def signed(self, correction: int = 0) -> tuple[MinutesSignature, ...]:
        """The signatures of the minutes, or of a correction; the chair's first."""
        found = [row for row in self.signatures if row.correction == correction]
        return tuple(sorted(found, key=lambda row: row.capacity))

    def complete(self, correction: int = 0) -> bool:
        """Whether chair and clerk have both signed."""
        return {row.capacity for row in self.signed(correction)} == set(CAPACITIES)

    @property
    def status(self) -> str:
        """A key of STATUS."""
        if self.version is None:
            return "draft" if self.draft else "none"
        if self.complete():
            return "published" if self.publication else "signed"
        if self.review is None:
            return "submitted"
        return "reviewed" if self.review.passed else "returned"

    @property
    def writing(self) -> bool:
        """Whether the draft is open: nothing is frozen, or what was frozen has been sent back."""
        return self.status in ("none", "draft", "returned")


def state_of(sitting: Sitting) -> State:
    """The state of the minutes of `sitting`."""
    version = _last(Minutes, Minutes.sitting_id == sitting.id)
    mine = version.id if version else 0
    return State(
        sitting=sitting,
        draft=_last(MinutesDraft, MinutesDraft.sitting_id == sitting.id),
        version=version,
        review=_last(MinutesReview, MinutesReview.minutes_id == mine),
        signatures=_all(MinutesSignature, MinutesSignature.minutes_id == mine),
        corrections=_all(MinutesCorrection, MinutesCorrection.minutes_id == mine),
        publication=_last(MinutesPublication, MinutesPublication.minutes_id == mine),
    )


def _last(model: Any, where: Any) -> Any:
    return db.session.scalar(sa.select(model).where(where).order_by(model.id.desc()).limit(1))


def _all(model: Any, where: Any) -> tuple[Any, ...]:
    return tuple(db.session.scalars(sa.select(model).where(where).order_by(model.id)))


def content_of(state: State) -> dict[str, Any]:
    """What was frozen; while the draft is open, what the record and the draft say now."""
    if state.version is not None and not state.writing:
        return state.version.content
    draft = state.draft
    return record_of(state.sitting, draft.observers if draft else {}, draft.gists if draft else {})


# What is shown --------------------------------------------------------------------------------------------


def shown_to(who: Viewer, state: State, content: Mapping[str, Any]) -> Shown:
    """Everything for who reads the sitting, but nothing of the items from which he is out before the public has it."""
    numbers = [item["case"] for item in content["items"]]
    known = set(db.session.scalars(sa.select(Case.number).where(Case.number.in_(numbers or [""]), visible(who))))
    out = {item["position"] for item in content["items"] if item["case"] not in known}
    public = hidden_from_public(state, content, clock.today())
    hidden = {part.key: NOT_YOURS for part in parts(content) if part.position in out and part.key in public}
    held = {p for p in out if all(part.key in hidden for part in parts(content) if part.position == p)}
    return _shown(state, content, hidden, frozenset(held))


def shown_to_public(state: State, content: Mapping[str, Any]) -> Shown:
    """What the public reads today."""
    hidden = hidden_from_public(state, content, clock.today())
    held = {part.position for part in parts(content) if hidden.get(part.key) is NOT_ANNOUNCED and part.position}
    return _shown(state, content, hidden, frozenset(p for p in held if p is not None))


def hidden_from_public(state: State, content: Mapping[str, Any], on: date) -> dict[str, Text]:
    """part -> why the public does not read it on the day `on`; all of them before publication."""
    ruled = state.publication.disclosure if state.publication and state.complete() else {}
    waiting = _not_announced(content)
    found: dict[str, Text] = {}
    for part in parts(content):
        why = NOT_ANNOUNCED if part.position in waiting else withheld(choice_of(ruled.get(part.key)), on)
        if why is not None:
            found[part.key] = why
    return found


def _not_announced(content: Mapping[str, Any]) -> set[int | None]:
    """Positions of items whose result the applicant does not have yet."""
    at = {item["case"]: item["position"] for item in content["items"]}
    query = sa.select(Case.number).where(
        Case.number.in_(list(at) or [""]), Case.announced_at.is_(None), Case.state.not_in(OVER)
    )
    return {at[number] for number in db.session.scalars(query)}


def _shown(state: State, content: Mapping[str, Any], hidden: Mapping[str, Text], untitled: frozenset[int]) -> Shown:
    names = _names([row.user_id for row in state.signatures])
    frozen = state.version is not None and not state.writing
    return Shown(
        sha256=state.version.sha256 if state.version and frozen else "–",
        status=STATUS[state.status][0],
        hidden=hidden,
        untitled=untitled,
        signed=_signed(state.signed(), names),
        corrections=tuple(
            _correction(state, row, _part(content, row.part), names, hidden) for row in state.corrections
        ),
    )


def _correction(
    state: State, row: MinutesCorrection, part: Part, names: Mapping[int, Text], hidden: Mapping[str, Text]
) -> Correction:
    why = hidden.get(row.part)
    return Correction(
        number=row.number,
        part=part.name,
        text=why or Text(row.text["ko"], row.text["en"]),
        reason="–" if why else row.reason,
        at=row.made_at,
        signed=_signed(state.signed(row.number), names),
    )


def _part(content: Mapping[str, Any], key: str) -> Part:
    return next((part for part in parts(content) if part.key == key), Part(key, Text(key, key), None))


def _signed(rows: Sequence[MinutesSignature], names: Mapping[int, Text]) -> tuple[Signed, ...]:
    return tuple(
        Signed(row.capacity, names[row.user_id], row.signed_at, row.sha256, tuple(row.without)) for row in rows
    )


def _names(people: Sequence[int]) -> dict[int, Text]:
    query = sa.select(User.id, User.name_ko, User.name_en).where(User.id.in_(people or [0]))
    return {row.id: Text(row.name_ko or row.name_en, row.name_en or row.name_ko) for row in db.session.execute(query)}


# The public -----------------------------------------------------------------------------------------------


def published() -> list[State]:
    """Minutes that the public may read, the latest sitting first."""
    query = (
        sa.select(Sitting)
        .join(Minutes, Minutes.sitting_id == Sitting.id)
        .join(MinutesPublication, MinutesPublication.minutes_id == Minutes.id)
        .distinct()
        .order_by(Sitting.starts_at.desc(), Sitting.id.desc())
        .limit(200)
    )
    return [state for state in map(state_of, db.session.scalars(query)) if state.status == "published"]


def published_minutes(number: int) -> State:
    """The minutes of one sitting, if they are published. Raises NotFound."""
    sitting = db.session.scalar(sa.select(Sitting).where(Sitting.number == number))
    state = state_of(sitting) if sitting else None
    if state is None or state.status != "published":
        raise NotFound
    return state


def ruling_of(state: State, part: str) -> Choice:
    """What was ruled on a part last; public where nothing was."""
    row = state.publication.disclosure.get(part) if state.publication else None
    return choice_of(row) if row else Choice()

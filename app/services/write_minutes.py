"""Write the minutes of a sitting: the clerk's words are saved, and the whole is frozen when it goes to review.

All but the gist and the people who sat in comes from the record (app/queries/minutes_record.py); nobody types a vote.
"""

from collections.abc import Mapping

import sqlalchemy as sa

from app import clock
from app.authz import Viewer, visible
from app.base import fingerprint
from app.db import unit_of_work
from app.errors import Invalid, Stale
from app.extensions import db
from app.models import AgendaItem, Case, Minutes, MinutesDraft, Sitting
from app.queries.minutes import State, content_of, state_of
from app.queries.people import holders
from app.queries.sittings import sitting_for
from app.services.note_act import note_act
from app.services.tell_of_sitting import tell_of_sitting
from workflows.engine import Refused
from workflows.text import Text, because

LONGEST = 20_000
Words = Mapping[str, str]
"""{"ko", "en"}; one of them may be empty, and the other stands for both."""


def save_draft(
    who: Viewer, number: int, observers: Words, gists: Mapping[int, Words], revision: int | None = None
) -> int:
    """Save what the clerk wrote; the draft's revision. `gists`: item -> words, of items the clerk may know of.

    Raises:
        NotFound: not the clerk of this programme.
        Stale: somebody saved in the meantime.
        Refused: before the roll call, or once the minutes are frozen.
        Invalid("gist-<item>"): too long.
    """
    with unit_of_work():
        state = _open_draft(who, number)
        draft = state.draft
        if revision is not None and revision != (draft.revision if draft else 0):
            raise Stale
        mine = _items(who, state.sitting)
        for item_id, words in gists.items():
            if item_id in mine and any(len(text) > LONGEST for text in words.values()):
                raise Invalid(f"gist-{item_id}", Text("2만 자까지 적을 수 있습니다.", "At most 20,000 characters."))
        now = clock.now()
        kept = dict(draft.gists) if draft else {}
        kept |= {str(item_id): _clean(words) for item_id, words in gists.items() if item_id in mine}
        if draft is None:
            draft = MinutesDraft(sitting_id=state.sitting.id, revision=0)
            db.session.add(draft)
        draft.observers, draft.gists = _clean(observers), kept
        draft.revision, draft.saved_at, draft.saved_by = draft.revision + 1, now, who.id
        db.session.flush()
        return draft.revision


def submit_minutes(who: Viewer, number: int) -> Minutes:
    """Freeze the minutes and put them to review.

    Raises:
        NotFound: not the clerk of this programme.
        Refused: the sitting is not over, they are frozen already, or an item that was opened has no gist.
    """
    with unit_of_work():
        state = _open_draft(who, number)
        if state.sitting.ended_at is None:
            raise Refused(
                because("sitting_not_over", "회의를 마친 뒤에 제출하십시오.", "The sitting must be over first.")
            )
        content = content_of(state)
        missing = [
            str(item["position"]) for item in content["items"] if item["steps"] and not any(item["gist"].values())
        ]
        if missing:
            which = ", ".join(missing)
            raise Refused(
                because(
                    "gist_missing",
                    f"안건 {which}의 발언 요지를 적어 주십시오 (공공기록물법 시행령 제18조제2항).",
                    f"Write the gist of what was said on item {which} (Public Records Act Decree Art. 18(2)).",
                )
            )
        now = clock.now()
        minutes = Minutes(
            sitting_id=state.sitting.id,
            number=(state.version.number if state.version else 0) + 1,
            content=content,
            sha256=fingerprint(content),
            made_at=now,
            made_by=who.id,
        )
        db.session.add(minutes)
        db.session.flush()
        tell_of_sitting(
            state.sitting,
            holders("officer", state.sitting.programme),
            Text("회의록 검토 요청", "Minutes to review"),
            Text("작성된 회의록을 검토하여 주시기 바랍니다.", "Please review the minutes that were written."),
            f"/sittings/{number}/minutes",
            who,
        )
        note_act(
            state.sitting,
            "submit_minutes",
            who,
            {"version": minutes.number, "sha256": minutes.sha256},
            rows=[minutes],
            at=now,
        )
        return minutes


def _open_draft(who: Viewer, number: int) -> State:
    sitting = sitting_for(who, number, lock=True, only="clerk")
    if sitting.roll_called_at is None and sitting.form != "written":
        raise Refused(because("no_roll_call", "출석 확인을 먼저 해 주십시오.", "Call the roll first."))
    state = state_of(sitting)
    if not state.writing:
        raise Refused(
            because(
                "minutes_frozen",
                "이미 검토에 부친 회의록은 고칠 수 없습니다.",
                "The minutes are frozen and cannot be changed any more.",
            )
        )
    return state


def _items(who: Viewer, sitting: Sitting) -> set[int]:
    """Items of the sitting that this person may know of."""
    line = sa.orm.aliased(AgendaItem)
    query = sa.select(line.id).join(Case, Case.id == line.case_id)
    return set(db.session.scalars(query.where(line.sitting_id == sitting.id, visible(who))))


def _clean(words: Words) -> dict[str, str]:
    return {lang: words.get(lang, "").replace("\r\n", "\n").strip() for lang in ("ko", "en")}

"""What the room of a sitting shows to one viewer: now, next, heads and quorum, and what is his to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app import clock
from app.authz import Viewer, standing_on
from app.errors import NotFound
from app.models import Case, Sitting
from app.queries import sittings
from app.queries.attendance import HeadCount, head_count
from app.queries.facts import CaseFacts
from app.queries.live import Pulse, planned_times, pulse_of
from app.queries.sittings import Item, Member
from app.web.act_pages import address
from app.web.cases.routes import Action
from workflows import engine, schema
from workflows.text import Text

HERE = ("vote", "open_item", "close_ballot", "put_motion", "declare_sitting", "defer")
"""In the order in which they are offered; the first that can be done is the button that stands out."""
OUTCOMES = {
    "approve": Text("승인", "Approve"),
    "approve_with_conditions": Text("조건부 승인", "Approve with conditions"),
    "reject": Text("불승인", "Reject"),
    "reserve": Text("예비 순위", "Reserve list"),
}
ROUNDS = {
    "amended": Text("수정안 가결", "Amendment carried"),
    "not_amended": Text("수정안 부결", "Amendment lost"),
    "not_carried": Text("의결안 부결", "Motion lost"),
}
"""What a round came to that did not resolve the case."""
ROSTER_WORDS = {
    "": Text("표결권 있음", "May vote"),
    "late": Text("표결 중 입장", "Came in during the vote"),
    "absent": Text("불참", "Absent"),
    "recused": Text("제척·회피", "Recused"),
    "chair": Text("위원장(표결하지 않음)", "Chair (does not vote)"),
}
CHOICES = {"yes": Text("찬성", "Yes"), "no": Text("반대", "No"), "abstain": Text("기권", "Abstain")}


@dataclass(frozen=True, slots=True)
class Room:
    """One sitting for one viewer. `blank`: an item is open that is not for him, and nothing is shown until it is over."""

    sitting: Sitting
    pulse: Pulse
    items: Sequence[Item]
    members: Sequence[Member]
    now: Item | None
    """The item that is open, or else the next one that can be."""
    open: bool
    then: Item | None
    heads: HeadCount | None
    actions: Sequence[Action]
    clerk: bool
    send_by: object
    late: bool
    planned: Mapping[int, datetime] = field(default_factory=dict)
    """item -> when the agenda has it begin"""
    at: datetime = field(default_factory=clock.now)

    @property
    def blank(self) -> bool:
        """Whether the screen stays empty."""
        return self.pulse.blank

    @property
    def last(self) -> Item | None:
        """The item resolved last, until another is opened."""
        done = [item for item in self.items if item.resolution and item.item.closed_at]
        return max(done, key=lambda item: item.item.closed_at or self.at) if done and not self.open else None

    @property
    def behind(self) -> int:
        """How many minutes later than planned the item of the moment is."""
        if self.now is None or self.sitting.roll_called_at is None:
            return 0
        begins = self.now.item.opened_at if self.open and self.now.item.opened_at else self.at
        planned = self.planned.get(self.now.item.id, begins)
        return max(0, int((begins - planned).total_seconds() // 60))

    @property
    def present(self) -> int:
        """Members in the room."""
        over = self.sitting.ended_at is not None
        return sum(member.present or (over and member.left) for member in self.members)

    @property
    def chair(self) -> Text:
        """Who chairs."""
        names = [member.name for member in self.members if member.user_id == self.sitting.chair_id]
        return names[0] if names else Text("", "")

    @property
    def stage(self) -> tuple[Text, str]:
        """Where the sitting stands, and its tone."""
        if self.sitting.ended_at:
            return Text("종료", "Closed"), "neutral"
        if self.blank:
            return Text("진행 중", "In session"), "success"
        if self.open:
            return Text("심의 중", "Item open"), "warning"
        if self.sitting.roll_called_at:
            return Text("진행 중", "In session"), "success"
        if self.sitting.form == "written" and self.sitting.opens_at and self.sitting.opens_at <= clock.now():
            return Text("서면심의 중", "In writing"), "success"
        if self.sitting.agenda_sent_at:
            return Text("안건 송부", "Agenda sent"), "info"
        return Text("준비 중", "Being prepared"), "neutral"

    def state_of(self, case: Case) -> Text:
        """The case's state in words."""
        return schema.load(case.definition_id, case.definition_version).states[case.state].label.text


def room_of(who: Viewer, sitting: Sitting) -> Room:
    """Gather the room. A recused member's item is not in it at all."""
    pulse = pulse_of(who, sitting)
    items = [] if pulse.blank else sittings.agenda_of(who, sitting)
    here = [item for item in items if item.resolution is None and item.item.closed_at is None]
    running = [item for item in here if item.case.state == "DELIBERATING"]
    waiting = [item for item in here if item.case.state == "TABLED"]
    now = (running or waiting or [None])[0]
    rest = [item for item in waiting if item is not now]
    return Room(
        sitting=sitting,
        pulse=pulse,
        items=items,
        members=[] if pulse.blank else sittings.members_of(sitting),
        now=now,
        open=bool(running),
        then=rest[0] if rest else None,
        heads=None if pulse.blank else head_count(sitting, now.case.id if now else 0),
        actions=_actions(who, now.case) if now and sitting.ended_at is None else [],
        clerk=who.has("clerk", sitting.programme),
        send_by=sittings.send_by(sitting),
        late=clock.today() > sittings.send_by(sitting),
        planned=planned_times(sitting),
    )


def _actions(who: Viewer, case: Case) -> list[Action]:
    """What this person may do with the item now, and what not and why."""
    try:
        standing = standing_on(who, case)
    except NotFound:
        return []
    definition = schema.load(case.definition_id, case.definition_version)
    offers = engine.offers(definition, case.state, CaseFacts(case, who), standing.actor(who))
    mine = sorted((o for o in offers if o.mine and o.trigger in HERE), key=lambda o: HERE.index(o.trigger))
    open_ones = [o.trigger for o in mine if o.allowed]
    return [_button(o, case.number, lead=open_ones[:1] == [o.trigger]) for o in mine if _worth_saying(o)]


def _button(offer: engine.Offer, number: str, lead: bool) -> Action:
    return Action(offer.label, address(offer.trigger, number), "primary" if lead else "secondary", offer.reason)


def _worth_saying(offer: engine.Offer) -> bool:
    """Whoever has voted is not told that he cannot vote again."""
    return offer.reason is None or offer.reason.code != "already_voted"

"""Everything the case page shows, in a bounded number of statements, seen through one viewer's standing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app import clock, countries
from app.authz import Standing, Viewer, standing_on
from app.extensions import db
from app.i18n import lang
from app.models import Case, CaseClock, Cycle, Event, Organisation, PublishedProject, User
from app.models.case import NO_DEADLINE
from app.queries.facts import CaseFacts
from workflows import diagram, engine, schema
from workflows.engine import Offer
from workflows.form_schema import load_form
from workflows.schema import Definition, State
from workflows.text import Text


@dataclass(frozen=True, slots=True)
class Moment:
    """One event as the timeline tells it."""

    event: Event
    actor: str
    actor_role: Text
    label: Text
    tone: str
    named: bool
    """Whether this viewer reads the person's name (evaluators and members stay unnamed outside)."""


@dataclass(frozen=True, slots=True)
class ShownClock:
    """A clock in words."""

    label: Text
    holder: Text
    article: str
    due: date
    late: bool
    paused: date | None
    stopped: date | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """What one viewer sees of one case."""

    case: Case
    standing: Standing
    definition: Definition
    shown_state: str
    offers: Sequence[Offer]
    moments: Sequence[Moment]
    clocks: Sequence[CaseClock]
    applicant: Organisation | None
    assignee: User | None
    cycle: Cycle
    source: str | None
    """Where a published project's record comes from."""

    @property
    def late(self) -> bool:
        """Whether the due date has passed."""
        return self.case.due_on < clock.today() and not self.state.final

    @property
    def applicant_name(self) -> str:
        """The applicant in the reader's language."""
        return _name(self.applicant.name_ko, self.applicant.name_en) if self.applicant else ""

    @property
    def assignee_name(self) -> str:
        """The officer in the reader's language."""
        return _name(self.assignee.name_ko, self.assignee.name_en) if self.assignee else ""

    @property
    def place(self) -> str:
        """City and country."""
        country = countries.name_of(self.case.country).pick(lang())
        return " · ".join(part for part in (self.case.city, country) if part)

    @property
    def cycle_name(self) -> Text:
        """The cycle in words."""
        label, year = self.definition.label, self.cycle.fiscal_year
        return Text(f"{year}년 {label.ko}", f"{label.en} {year}")

    @property
    def clocks_shown(self) -> list[ShownClock]:
        """The clocks this viewer is shown, those that run first."""
        inside = self.standing.inside
        rows = [row for row in self.clocks if inside or row.key not in INSIDE_CLOCKS]
        return [self._clock(row) for row in sorted(rows, key=lambda r: (r.stopped_at is not None, r.due_on))]

    def _clock(self, row: CaseClock) -> ShownClock:
        rule = self.definition.clocks[row.key]
        return ShownClock(
            label=rule.label.text,
            holder=self.definition.roles[rule.holder].text,
            article=row.article,
            due=row.due_on,
            late=row.due_on < clock.today(),
            paused=row.paused_on,
            stopped=clock.day_of(row.stopped_at) if row.stopped_at else None,
        )

    def mini(self, language: str) -> str:
        """The small diagram."""
        return diagram.mini(self.definition, language, self.shown_state, self.visited)

    def described(self, language: str) -> list[str]:
        """The diagram in words."""
        return diagram.describe(self.definition, self.shown_state, self.visited, self.exits, language)

    @property
    def exits(self) -> list[str]:
        """Triggers that leave the state, of those this viewer has."""
        return [offer.trigger for offer in self.offers if offer.transition.to]

    def section_title(self, key: str) -> Text:
        """The title of a section of the form; the key itself where the form has none of it."""
        form = load_form(self.case.definition_id, self.case.form_version)
        return next((section.title for section in form.sections if section.key == key), Text(key, key))

    def label_of(self, state: str) -> Text:
        """A state's label as this viewer is shown it."""
        found = self.definition.states[state]
        return (
            self.definition.states[found.veil].label.text if found.veil and not self.sees_outcome else found.label.text
        )

    @property
    def state(self) -> State:
        """The state as this viewer is shown it."""
        return self.definition.states[self.shown_state]

    @property
    def visited(self) -> list[str]:
        """The states lived through, as far as this viewer is shown them."""
        path = ["DRAFT"]
        for moment in self.moments:
            veiled = self.definition.states[moment.event.to_state].veil
            name = veiled if veiled and not self.sees_outcome else moment.event.to_state
            if path[-1] != name:
                path.append(name)
        return path

    @property
    def conditions(self) -> int:
        """How many conditions the announced decision carries."""
        told = [m.event.data.get("conditions", 0) for m in self.moments if m.event.trigger == "announce"]
        return int(told[-1]) if told else 0

    @property
    def letters(self) -> int:
        """How many letters have been served."""
        return sum(m.event.trigger in SERVES for m in self.moments)

    @property
    def sees_outcome(self) -> bool:
        """Whether the veil is off for this viewer."""
        return sees_outcome(self.case, self.standing)

    @property
    def spine(self) -> list[list[Moment]]:
        """The timeline newest first, with runs of the same act (ballots, declarations) taken together."""
        runs: list[list[Moment]] = []
        for moment in reversed(self.moments):
            last = runs[-1][-1].event if runs else None
            same = last is not None and last.trigger == moment.event.trigger
            if same and moment.event.from_state == moment.event.to_state:
                runs[-1].append(moment)
            else:
                runs.append([moment])
        return runs

    def turn_sentence(self) -> Text:
        """Whose turn, since when, until when and what comes next, in one sentence."""
        return turn_sentence(self.case, self.definition, self.shown_state)

    def steps(self) -> list[tuple[Text, str]]:
        """The phases as (label, done | current | todo)."""
        keys = [phase.key for phase in self.definition.phases]
        here = keys.index(self.state.phase)
        done = self.state.final
        return [
            (p.label.text, "done" if i < here or (done and i == here) else "current" if i == here else "todo")
            for i, p in enumerate(self.definition.phases)
        ]

    def drawing(self, language: str) -> str:
        """The state diagram with where the case is, was and can go."""
        return diagram.diagram(self.definition, language, self.shown_state, self.visited, self.exits)


def sees_outcome(case: Case, standing: Standing) -> bool:
    """Before the announcement only those who decide and prepare see what was decided."""
    return standing.inside or case.announced_at is not None


def shown_state(case: Case, standing: Standing, definition: Definition) -> str:
    """The state this viewer is shown: decided states stay veiled until announced."""
    veil = definition.states[case.state].veil
    return veil if veil and not sees_outcome(case, standing) else case.state


def turn_sentence(case: Case, definition: Definition, shown: str) -> Text:
    """The one sentence that stands on every page of a case."""
    state = definition.states[shown]
    if state.final or state.turn is None:
        return state.next.text
    role = definition.roles[state.turn]
    since = clock.day_of(case.turn_since)
    ko = f"{role.ko} 차례입니다({since.month}월 {since.day}일부터"
    en = f"It is the turn of the {role.en} (since {since:%d %b %Y}".replace(" 0", " ")
    if case.due_on != NO_DEADLINE and shown == case.state:
        ko += f", {case.due_on.year}년 {case.due_on.month}월 {case.due_on.day}일까지"
        en += f", until {case.due_on.day} {case.due_on:%b %Y}"
        if case.due_on < clock.today():
            late = (clock.today() - case.due_on).days
            ko += f", {late}일 지남"
            en += f", {late} day{'s' if late > 1 else ''} late"
    return Text(f"{ko}). 다음: {state.next.ko}", f"{en}). Next: {state.next.en}")


def case_page(who: Viewer, case: Case) -> CasePage:
    """Gather the page of `case` for `who`."""
    definition = schema.load(case.definition_id, case.definition_version)
    standing = standing_on(who, case)
    cycle, applicant, assignee, source = _around(case)
    facts = CaseFacts(case, who)
    offers = engine.offers(definition, case.state, facts, standing.actor(who)) if standing.roles else []
    return CasePage(
        case=case,
        standing=standing,
        definition=definition,
        shown_state=shown_state(case, standing, definition),
        offers=[offer for offer in offers if offer.mine],
        moments=_moments(case, standing, definition),
        clocks=_clocks(case),
        applicant=applicant,
        assignee=assignee,
        cycle=cycle,
        source=source,
    )


def _around(case: Case) -> tuple[Cycle, Organisation | None, User | None, str | None]:
    """The rows beside the case, in one statement."""
    row = db.session.execute(
        sa.select(Cycle, Organisation, User, PublishedProject.source)
        .select_from(Cycle)
        .outerjoin(Organisation, Organisation.id == case.organisation_id)
        .outerjoin(User, User.id == case.assignee_id)
        .outerjoin(PublishedProject, PublishedProject.case_id == case.id)
        .where(Cycle.id == case.cycle_id)
    ).one()
    return row[0], row[1], row[2], row[3]


def _moments(case: Case, standing: Standing, definition: Definition) -> list[Moment]:
    query = (
        sa.select(Event, User.name_ko, User.name_en)
        .outerjoin(User, User.id == Event.actor_id)
        .where(Event.case_id == case.id)
        .order_by(Event.seq)
        .limit(500)
    )
    if not standing.inside:
        told = sa.select(sa.func.max(Event.seq)).where(Event.case_id == case.id, Event.trigger == "announce")
        known = sa.and_(Event.shown == "after", Event.seq <= told.scalar_subquery())
        query = query.where(sa.or_(Event.shown == "all", known))
    return [_moment(definition, standing, *row) for row in db.session.execute(query)]


INSIDE_CLOCKS = {"form_panel", "evaluation", "tabling", "decision", "reserve"}
SERVES = ("announce", "answer_objection", "lapse")
LABELS = {"imported": Text("발표 자료에서 옮김", "Taken from publications")}
ALWAYS_NAMED = {"applicant", "signatory", "delegate", "officer", "minister", "clerk", "consultant"}


def _moment(
    definition: Definition, standing: Standing, event: Event, name_ko: str | None, name_en: str | None
) -> Moment:
    found = next((t for t in definition.transitions if t.trigger == event.trigger), None)
    label = found.label.text if found else LABELS.get(event.trigger, Text(event.trigger, event.trigger))
    role = next((r for r in event.roles if r in definition.roles), None)
    words = definition.roles[role].text if role else Text("시스템", "the system")
    tone = definition.states[event.to_state].tone if event.to_state != event.from_state else "neutral"
    named = standing.inside or bool(ALWAYS_NAMED & set(event.roles))
    return Moment(event, _name(name_ko, name_en), words, label, tone, named)


def _name(ko: str | None, en: str | None) -> str:
    return (en or ko or "") if lang() == "en" else (ko or en or "")


def _clocks(case: Case) -> list[CaseClock]:
    query = sa.select(CaseClock).where(CaseClock.case_id == case.id)
    return list(db.session.scalars(query.order_by(CaseClock.started_on, CaseClock.id)))

"""The facts of intake."""

import sqlalchemy as sa

from app import clock
from app.extensions import db
from app.models import Case, Organisation
from app.queries import outside
from app.queries.facts.gathered import Gathered
from workflows.form_schema import load_form


class IntakeFacts(Gathered):
    """What the guards of intake read."""

    def window(self) -> str:
        """open, not_yet or closed, by the time of the writing transaction."""
        now = clock.now()
        if self.cycle.opens_at and now < self.cycle.opens_at:
            return "not_yet"
        if self.cycle.always_open:
            return "open"
        return "closed" if self.cycle.closes_at is None or now > self.cycle.closes_at else "open"

    def eligibility_open(self) -> int:
        """Questions of the self-check without an answer."""
        form = load_form(self.case.definition_id, self.case.form_version)
        return sum(question.key not in self.case.eligibility for question in form.eligibility)

    def eligibility_failed(self) -> int:
        """Questions whose answer rules the proposal out."""
        form = load_form(self.case.definition_id, self.case.form_version)
        answers = self.case.eligibility
        return sum(answers.get(q.key, q.ok) != q.ok for q in form.eligibility)

    def sections_missing(self) -> list[str]:
        """Keys of sections that are not complete."""
        return self.draft.missing

    def files_unrecognised(self) -> int:
        """Attachments without a recognised kind (none is stored without one; counted all the same)."""
        return sum(not file.kind for file in self.draft.files)

    def declarations_open(self) -> int:
        """Declarations not ticked."""
        return self.draft.declarations_open

    def live_same_city(self) -> int:
        """Other live cases of this applicant for this city in the cycle."""
        final = ("WITHDRAWN", "RETURNED", "DECLINED", "LAPSED", "CLOSED", "DRAFT")
        return self._count(
            Case.organisation_id == self.case.organisation_id,
            Case.cycle_id == self.case.cycle_id,
            sa.func.lower(Case.city) == self.case.city.lower(),
            Case.state.not_in(final),
            Case.id != self.case.id,
            of=Case,
        )

    def rank_missing(self) -> bool:
        """Whether several come from the country and no rank is given."""
        return outside.rank_missing(self.case, self.draft.answers)

    def public_partners(self) -> int:
        """Overseas partners that are public bodies or universities."""
        rows = self.draft.answers.get("partner_institutions") or []
        return sum(row.get("type") not in (None, "", "private_company") for row in rows)

    def letters_of_intent(self) -> int:
        """Letters of intent attached."""
        return sum(file.slot == "letter_of_intent" for file in self.draft.files)

    def labour_krw(self) -> int:
        """Labour cost in the cost plan, KRW."""
        rows = self.draft.answers.get("cost_plan") or []
        return sum(int(row.get("amount") or 0) for row in rows if row.get("item") == "labour")

    def subsidy_krw(self) -> int:
        """The government subsidy asked for, KRW."""
        return int(self.draft.answers.get("amount_requested") or 0)

    def lead_is_korean_company(self) -> bool:
        """Whether the applicant is a company in Korea."""
        applicant = db.session.get(Organisation, self.case.organisation_id)
        return applicant is not None and applicant.kind == "company" and applicant.country == "KR"

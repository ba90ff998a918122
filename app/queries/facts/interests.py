"""The facts of interests."""

import sqlalchemy as sa

from app.models import Challenge, ChallengeRuling
from app.queries.facts.gathered import Gathered


class InterestFacts(Gathered):
    """What the guards of interests read."""

    def challenges_open(self) -> int:
        """Challenges that the committee has not decided."""
        decided = sa.exists().where(ChallengeRuling.challenge_id == Challenge.id)
        return self._count(Challenge.case_id == self.case.id, ~decided, of=Challenge)

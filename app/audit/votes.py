"""The votes of a case once more: each opened paper against its commitment, each tally and verdict by the rule."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from workflows.commitment import commitment
from workflows.text import Text
from workflows.verdict import Counts, VotingRule, decide


def faults(ballots: Sequence[Any], opened: Sequence[Any], resolutions: Sequence[Any]) -> Iterator[tuple[str, Text]]:
    """("table:id" of what does not hold, in which way) of one case. Rows as they lie in the database."""
    cast = {row.id: row for row in ballots}
    for row in opened:
        key = f"opened_ballot:{row.id}"
        if commitment(row.item_id, row.round, row.user_id, row.choice, row.salt) != row.commitment:
            yield key, Text("연 표가 봉인 지문과 다릅니다", "an opened ballot does not match its commitment")
        ballot = cast.get(row.ballot_id) if row.ballot_id is not None else None
        if row.ballot_id is not None and (
            ballot is None or (ballot.commitment, ballot.user_id) != (row.commitment, row.user_id)
        ):
            yield key, Text("연 표에 해당하는 투표가 없습니다", "no ballot was cast for an opened paper")
    rounds = Counter((row.item_id, row.round) for row in ballots)
    papers = Counter((row.item_id, row.round) for row in opened)
    for row in resolutions:
        place = (row.item_id, row.round)
        if rounds[place] != papers[place]:
            yield f"resolution:{row.id}", Text("투표한 수와 연 표의 수가 다릅니다", "not every ballot was opened")
        fault = _recount(row, [o.choice for o in opened if (o.item_id, o.round) == place and o.counted])
        if fault is not None:
            yield f"resolution:{row.id}", fault


def _recount(resolution: Any, choices: Sequence[str]) -> Text | None:
    counts, told = json.loads(resolution.counts), json.loads(resolution.verdict)
    tally = Counter(choices)
    if any(tally[choice] != counts[choice] for choice in ("yes", "no", "abstain")):
        return Text("집계가 연 표와 다릅니다", "the tally does not follow from the opened ballots")
    found = decide(Counts(**counts), VotingRule(**json.loads(resolution.rule)))
    passed = told["casting"] == "yes" if told["casting"] else found.passed
    if (found.quorum_met, found.base, found.needed, passed) != (
        told["quorum_met"],
        told["base"],
        told["needed"],
        told["passed"],
    ):
        return Text("판정이 규칙과 다릅니다", "the verdict is not what the rule makes of the counts")
    return None

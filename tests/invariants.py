"""What must be true after every step, asked of the rows themselves.

Plain SQL and arithmetic of its own: nothing here calls the rules, guards or queries that it watches. `watch` runs it
after every commit of a test; a test of evaluation, committee or money that leaves one of these broken fails there.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

Row = dict[str, Any]
INVARIANTS: list[Callable[["Rows"], Iterator[str]]] = []


class Rows:
    """The tables as they stand, each read once."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._read: dict[str, list[Row]] = {}

    def __getitem__(self, table: str) -> list[Row]:
        if table not in self._read:
            found = self._connection.execute(sa.text(f'SELECT * FROM "{table}" ORDER BY 1'))
            self._read[table] = [dict(row._mapping) for row in found]
        return self._read[table]

    def by(self, table: str, *columns: str) -> dict[Any, list[Row]]:
        """The rows of `table` by the value(s) of `columns`."""
        out: dict[Any, list[Row]] = defaultdict(list)
        for row in self[table]:
            out[row[columns[0]] if len(columns) == 1 else tuple(row[name] for name in columns)].append(row)
        return out


def value(stored: Any) -> Any:
    """A JSON column as a value (SQLite gives text)."""
    return json.loads(stored) if isinstance(stored, str) else stored


def invariant(check: Callable[[Rows], Iterator[str]]) -> Callable[[Rows], Iterator[str]]:
    """Hold this after every commit."""
    INVARIANTS.append(check)
    return check


@invariant
def a_case_is_where_its_last_event_left_it(rows: Rows) -> Iterator[str]:
    events = rows.by("event", "case_id")
    for case in rows["case"]:
        chain = sorted(events[case["id"]], key=lambda one: one["seq"])
        if [one["seq"] for one in chain] != list(range(1, len(chain) + 1)) or case["seq"] != len(chain):
            yield f"{case['number']}: the numbers of its steps have a hole"
        elif chain and (chain[-1]["to_state"], chain[-1]["hash"]) != (case["state"], case["head"]):
            yield f"{case['number']}: state or head is not that of the last step"
        for before, after in pairwise(chain):
            if after["prev_hash"] != before["hash"] or after["from_state"] != before["to_state"]:
                yield f"{case['number']} step {after['seq']}: not bound to the step before"


@invariant
def a_sitting_is_where_its_last_event_left_it(rows: Rows) -> Iterator[str]:
    events = rows.by("sitting_event", "sitting_id")
    for sitting in rows["sitting"]:
        chain = sorted(events[sitting["id"]], key=lambda one: one["seq"])
        if [one["seq"] for one in chain] != list(range(1, len(chain) + 1)) or sitting["seq"] != len(chain):
            yield f"sitting {sitting['number']}: the numbers of its steps have a hole"
        elif chain and chain[-1]["hash"] != sitting["head"]:
            yield f"sitting {sitting['number']}: its head is not that of the last step"


@invariant
def counters_equal_a_recount(rows: Rows) -> Iterator[str]:
    counted: dict[tuple[str, int, str], int] = defaultdict(int)
    for case in rows["case"]:
        counted[case["definition_id"], case["cycle_id"], case["state"]] += 1
    kept = {(c["definition_id"], c["cycle_id"], c["state"]): c["n"] for c in rows["counter"] if c["n"]}
    if kept != {key: n for key, n in counted.items() if n}:
        yield f"counters {kept} are not the recount {dict(counted)}"


@invariant
def one_ballot_a_member_and_round_by_who_was_entitled(rows: Rows) -> Iterator[str]:
    entitled = {(e["item_id"], e["round"], e["user_id"]) for e in rows["roster_entry"] if e["entitled"]}
    for (item, round_, user), ballots in rows.by("ballot", "item_id", "round", "user_id").items():
        if len(ballots) > 1:
            yield f"item {item} round {round_}: {len(ballots)} ballots of account {user}"
        if (item, round_, user) not in entitled:
            yield f"item {item} round {round_}: account {user} voted without being entitled on the roster"


@invariant
def nothing_of_a_choice_is_stored_before_the_close(rows: Rows) -> Iterator[str]:
    closed = {(r["item_id"], r["round"]) for r in rows["resolution"]}
    for opened in rows["opened_ballot"]:
        if (opened["item_id"], opened["round"]) not in closed:
            yield f"item {opened['item_id']} round {opened['round']}: a ballot lies open before the close"
    for vote in rows["event"]:
        if vote["trigger"] != "vote":
            continue
        told = {**value(vote["data"]), **value(vote["facts"])}
        if set(map(str, told.values())) & {"yes", "no", "abstain"} or "in_choice" in told:
            yield f"event {vote['id']}: tells how somebody voted"
    for ballot in rows["ballot"]:
        if ballot["sealed"] and any(word in ballot["sealed"] for word in ('"yes"', '"no"', '"abstain"')):
            yield f"ballot {ballot['id']}: its choice is not sealed"


@invariant
def opened_ballots_are_the_sealed_ones(rows: Rows) -> Iterator[str]:
    sealed = {b["id"]: b for b in rows["ballot"]}
    papers = {p["commitment"] for p in rows["ballot_paper"]}
    for opened in rows["opened_ballot"]:
        said = {
            "choice": opened["choice"], "item": opened["item_id"], "round": opened["round"], "salt": opened["salt"],
            "voter": opened["user_id"],
        }  # fmt: skip
        again = sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
        if again != opened["commitment"]:
            yield f"opened ballot {opened['id']}: choice and salt do not give its commitment"
        if opened["ballot_id"] is None:
            if opened["commitment"] in papers:
                yield f"opened ballot {opened['id']}: its paper still lies beside the ballots"
        elif sealed[opened["ballot_id"]]["commitment"] != opened["commitment"]:
            yield f"opened ballot {opened['id']}: not the commitment that was cast"


@invariant
def verdicts_are_those_of_the_votes(rows: Rows) -> Iterator[str]:
    opened = rows.by("opened_ballot", "item_id", "round")
    ballots = rows.by("ballot", "item_id", "round")
    for resolution in rows["resolution"]:
        here = (resolution["item_id"], resolution["round"])
        counts, verdict, rule = value(resolution["counts"]), value(resolution["verdict"]), value(resolution["rule"])
        if not counts and not ballots[here]:
            continue  # placed by a test that is about the decision
        choices = [o["choice"] for o in opened[here] if o["counted"]]
        if len(opened[here]) != len(ballots[here]):
            yield f"item {here}: {len(ballots[here])} cast, {len(opened[here])} opened"
        told = tuple(counts[name] for name in ("yes", "no", "abstain"))
        if told != tuple(choices.count(name) for name in ("yes", "no", "abstain")):
            yield f"item {here}: the counts {told} are not those of the papers"
        if sum(told) + counts["not_voting"] != counts["present"] - counts["recused_present"]:
            yield f"item {here}: heads and votes do not add up"
        majority = rule["quorum"] == "majority_of_seats" and rule["recused_count_for_quorum"]
        if majority and verdict["quorum_met"] != (2 * counts["present"] > counts["seats"]):
            yield f"item {here}: wrong about the quorum"
        plain = rule["base"] == "present_less_recused" and rule["threshold"] == "more_than_half"
        if majority and plain and not verdict["casting"]:
            base = counts["present"] - counts["recused_present"]
            if verdict["passed"] != (2 * counts["yes"] > base and 2 * counts["present"] > counts["seats"]):
                yield f"item {here}: {counts['yes']} of {base} is not {verdict['passed']}"


@invariant
def no_decision_without_a_resolution(rows: Rows) -> Iterator[str]:
    resolutions = {r["id"]: r for r in rows["resolution"]}
    for decision in rows["decision"]:
        resolution = resolutions.get(decision["resolution_id"])
        if resolution is None or resolution["case_id"] != decision["case_id"]:
            yield f"decision {decision['id']}: rests on no resolution of its case"


@invariant
def money_stays_within_cap_and_envelope(rows: Rows) -> Iterator[str]:
    released = {r["allocation_id"] for r in rows["allocation_release"]}
    for envelope in rows["envelope"]:
        live = [
            a for a in rows["allocation"] if a["cycle_id"] == envelope["cycle_id"] and a["id"] not in released
        ]  # fmt: skip
        if sum(a["amount_krw"] for a in live) != envelope["committed_krw"] or len(live) != envelope["awards"]:
            yield f"cycle {envelope['cycle_id']}: what is reserved is not the sum of its allocations"
        if envelope["committed_krw"] > envelope["amount_krw"]:
            yield f"cycle {envelope['cycle_id']}: more reserved than there is"
    for allocation in rows["allocation"]:
        if allocation["cap_krw"] is not None and allocation["amount_krw"] > allocation["cap_krw"]:
            yield f"allocation {allocation['id']}: over the cap"


@invariant
def whoever_is_out_counts_nowhere(rows: Rows) -> Iterator[str]:
    last: dict[tuple[int, int, str], Row] = {}
    for said in sorted(rows["declaration"], key=lambda one: one["number"]):
        last[said["case_id"], said["user_id"], said["capacity"]] = said
    out = {(case, user) for (case, user, _), said in last.items() if said["answer"] == "conflict"}
    when = {key[:2]: said["declared_at"] for key, said in last.items() if said["answer"] == "conflict"}
    resolved = {(r["item_id"], r["round"]): r["resolved_at"] for r in rows["resolution"]}
    for opened in rows["opened_ballot"]:
        key = (opened["case_id"], opened["user_id"])
        if opened["counted"] and key in out and when[key] < resolved[opened["item_id"], opened["round"]]:
            yield f"opened ballot {opened['id']}: counted though account {key[1]} was out"
    sheets = {sheet["id"]: sheet for sheet in rows["score_sheet"]}
    for ranking in rows["ranking"]:
        for entry in value(ranking["sheets"]):
            key = (ranking["case_id"], sheets[entry["id"]]["user_id"])
            if key in out and when[key] < ranking["closed_at"]:
                yield f"ranking {ranking['id']}: counts a sheet of account {key[1]}, who was out"


@invariant
def no_sheet_without_a_duty(rows: Rows) -> Iterator[str]:
    duties = {(duty["case_id"], duty["user_id"]) for duty in rows["duty"]}
    for sheet in rows["score_sheet"]:
        if (sheet["case_id"], sheet["user_id"]) not in duties:
            yield f"sheet {sheet['id']}: of somebody without a duty"


@invariant
def nobody_sits_on_two_panels_of_a_case(rows: Rows) -> Iterator[str]:
    for (case, user), duties in rows.by("duty", "case_id", "user_id").items():
        if len(duties) > 1:
            yield f"case {case}: account {user} has {len(duties)} duties"
    advisers = {(c["case_id"], c["consultant_id"]) for c in rows["consulting"]}
    sheets = {(sheet["case_id"], sheet["user_id"]) for sheet in rows["score_sheet"]}
    voters = {(ballot["case_id"], ballot["user_id"]) for ballot in rows["ballot"]}
    for case, user in advisers & (sheets | voters):
        yield f"case {case}: its adviser, account {user}, has scored or voted"


@invariant
def signatures_are_over_what_was_signed(rows: Rows) -> Iterator[str]:
    minutes = {one["id"]: one for one in rows["minutes"]}
    corrections = {(one["minutes_id"], one["number"]): one for one in rows["minutes_correction"]}
    for sign in rows["minutes_signature"]:
        key = (sign["minutes_id"], sign["correction"])
        signed = corrections[key] if sign["correction"] else minutes[sign["minutes_id"]]
        if sign["sha256"] != signed["sha256"]:
            yield f"signature {sign['id']}: over another text"
    for one in rows["minutes"]:
        content = json.dumps(value(one["content"]), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if sha256(content.encode()).hexdigest() != one["sha256"]:
            yield f"minutes {one['id']}: their hash is of another text"


def broken(connection: sa.Connection) -> list[str]:
    """Every invariant that does not hold, in words."""
    rows = Rows(connection)
    return [f"{check.__name__.replace('_', ' ')}: {fault}" for check in INVARIANTS for fault in check(rows)]


@contextmanager
def watch(engine: sa.Engine) -> Iterator[list[str]]:
    """Inside, every commit is followed by a look at all invariants; gives the list that faults are added to."""
    faults: list[str] = []

    def look(session: Session) -> None:
        with engine.connect().execution_options(looking=True) as connection:
            faults.extend(fault for fault in broken(connection) if fault not in faults)

    event.listen(Session, "after_commit", look)
    try:
        yield faults
    finally:
        event.remove(Session, "after_commit", look)

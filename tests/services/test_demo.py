"""The demo: whole or not there, true to its content, and standing up to the proof of the record."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app import audit, clock, passwords
from app.audit.sittings import breaks
from app.demo.diary import working_day
from app.demo.load import NoDemo, is_loaded, load_demo
from app.demo.people import known_people
from app.demo.source import cases, read
from app.documents.minutes import minutes_paper
from app.documents.paper_model import plain
from app.extensions import db
from app.models import (
    Ballot,
    Case,
    CaseClock,
    Declaration,
    Delivery,
    Dissent,
    Duty,
    Envelope,
    Event,
    ItemSeat,
    Motion,
    Objection,
    OpenedBallot,
    Opinion,
    PublishedProject,
    PublishedTotal,
    Ranking,
    Resolution,
    RoleGrant,
    Seat,
    Sitting,
    User,
    VoidedVote,
)
from app.models import (
    Counter as CaseCounter,
)
from app.queries.challenges import challenges_of
from app.queries.committee_rules import rule_in_force
from app.queries.minutes import content_of, shown_to, shown_to_public, state_of
from app.queries.people import viewer_of
from app.queries.proposal import draft_of
from app.queries.sittings import item_of, resolution_of, sitting_of
from tests.conftest import _application
from workflows import schema
from workflows.committee_rules import shipped_for
from workflows.words import four_places


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def demo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The demo, loaded once for all tests of this file; they only read."""
    kind = "sqlite" if request.param == "sqlite" else "postgres"
    made = _application(request, kind, tmp_path_factory.mktemp("demo"))
    application = next(made)
    assert load_demo() is True
    yield application
    for _ in made:
        pass


@pytest.fixture(autouse=True)
def _fresh(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "demo" in request.fixturenames:
        db.session.rollback()


def case_of(slug: str) -> Case:
    title = cases()[slug]["title"]["en"]
    return db.session.scalars(sa.select(Case).where(Case.title_en == title)).one()


def test_a_second_run_finds_it_there_and_changes_nothing(demo: Flask) -> None:
    before = {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables()}
    assert load_demo() is False
    after = {table.name: db.session.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables()}
    assert before == after and before["case"] == 59 + len(cases())


def tables() -> list[sa.Table]:
    return list(db.metadata.sorted_tables)


def test_the_record_holds(demo: Flask) -> None:
    proof = audit.verify()
    assert proof.broken is None
    assert proof.cases == 59 + len(cases())


def test_every_invented_case_has_reached_the_state_its_story_tells(demo: Flask) -> None:
    reached = {slug: case_of(slug).state for slug in cases()}
    assert reached == {slug: case["state"] for slug, case in cases().items()}
    assert set(reached.values()) == set(schema.newest("kcity-planning").states)


def test_all_59_real_projects_are_there_and_blank_stays_blank(demo: Flask) -> None:
    rows = db.session.execute(
        sa.select(Case, PublishedProject).join(PublishedProject).where(Case.imported).order_by(Case.id)
    ).all()
    assert len(rows) == 59
    for (case, record), project in zip(rows, read("real_projects.yaml")["projects"], strict=True):
        assert case.state == "CLOSED" and case.outcome == "approve"
        assert case.awarded_krw == project["amount_krw"]
        assert case.title_en == (project["title"]["en"] or "")
        assert (case.received_at, case.decided_on, case.organisation_id) == (None, None, None)
        assert record.source == project["source"] and record.year == project["year"]
        assert case.number.startswith(f"KCN-{record.year}-")


def test_the_ministrys_totals_are_kept_as_printed(demo: Flask) -> None:
    content = db.session.scalars(sa.select(PublishedTotal.content)).one()
    assert content["total"]["amount_bn_krw"] == "16.3"
    assert sum(year["amount_krw"] for year in content["years"]) == 16_400_000_000


def test_counters_equal_a_recount(demo: Flask) -> None:
    counted = db.session.execute(
        sa.select(Case.definition_id, Case.cycle_id, Case.state, sa.func.count()).group_by(
            Case.definition_id, Case.cycle_id, Case.state
        )
    )
    kept = db.session.execute(
        sa.select(CaseCounter.definition_id, CaseCounter.cycle_id, CaseCounter.state, CaseCounter.n).where(
            CaseCounter.n > 0
        )
    )
    assert set(map(tuple, counted)) == set(map(tuple, kept))


def test_everybody_of_the_contract_can_sign_in_with_the_shared_password(demo: Flask) -> None:
    rows = db.session.execute(sa.select(User.email, User.password_hash, User.confirmed_at, User.disabled_at)).all()
    assert {row.email for row in rows} == set(known_people())
    named = {"applicant", "company", "officer", "clerk", "embassy", "ministry", "localgov", "minister", "auditor"}
    named |= {"admin"} | {f"evaluator{n}" for n in range(1, 8)} | {f"member{n:02}" for n in range(1, 25)}
    assert {f"{name}@kcity.test" for name in named} <= {row.email for row in rows}
    assert all(row.confirmed_at and not row.disabled_at for row in rows)
    (shared,) = {row.password_hash for row in rows}
    assert passwords.matches(shared, "demo-only-2026")


def test_an_account_signs_in_through_the_door(demo: Flask) -> None:
    client = demo.test_client()
    demo.config["WTF_CSRF_ENABLED"] = False
    answer = client.post("/sign-in", data={"email": "officer@kcity.test", "password": "demo-only-2026"})
    demo.config["WTF_CSRF_ENABLED"] = True
    assert answer.status_code in (302, 303)
    assert client.get("/desk").status_code == 200


def test_24_seats_of_which_10_are_of_government_with_two_co_chairs(demo: Flask) -> None:
    seats = db.session.execute(sa.select(Seat.side, Seat.chair, User.email).join(User, User.id == Seat.user_id)).all()
    assert Counter(seat.side for seat in seats) == {"government": 10, "private": 14}
    assert {seat.email for seat in seats if seat.chair} == {"member01@kcity.test", "member11@kcity.test"}


def test_sittings_are_past_open_and_to_come_and_numbered_in_their_order(demo: Flask) -> None:
    found = list(db.session.scalars(sa.select(Sitting).order_by(Sitting.starts_at)))
    assert [sitting.number for sitting in found] == list(range(1, len(read("sittings.yaml")["sittings"]) + 1))
    assert [sitting.ended_at is not None for sitting in found] == [True] * 6 + [False] * 3
    assert [sitting.roll_called_at is not None for sitting in found][-3:] == [True, False, False]


def test_ballots_and_verdicts_are_those_of_the_story(demo: Flask) -> None:
    for slug, story in cases().items():
        committee = (story["history"] or {}).get("committee") or {}
        if not committee.get("ballots"):
            continue
        if "again" in story["history"]:
            continue
        case = case_of(slug)
        last = item_of(case).round
        in_time = sa.select(sa.func.count()).select_from(Ballot).where(Ballot.late.is_(False), Ballot.round == last)
        assert db.session.scalar(in_time.where(Ballot.case_id == case.id)) == sum(committee["ballots"].values())
        counted = sa.select(OpenedBallot.choice).where(OpenedBallot.counted, OpenedBallot.round == last)
        opened = Counter(db.session.scalars(counted.where(OpenedBallot.case_id == case.id)))
        told = Counter({key: n for key, n in committee["ballots"].items() if n})
        assert opened == (told if "resolution" in committee else Counter())
        resolved = sa.select(Resolution.outcome).where(Resolution.case_id == case.id, Resolution.round == last)
        outcome = db.session.scalar(resolved)
        assert outcome == (committee["resolution"]["outcome"] if "resolution" in committee else None)


def test_minutes_of_past_sittings_are_signed_and_published_and_the_latest_waits_for_its_signatures(demo: Flask) -> None:
    sittings = db.session.scalars(sa.select(Sitting).where(Sitting.ended_at.is_not(None)).order_by(Sitting.starts_at))
    states = [state_of(sitting) for sitting in sittings]
    assert [state.status for state in states] == ["published"] * (len(states) - 1) + ["reviewed"]
    assert any(state.complete(1) for state in states), "one has a signed correction"
    for state in states:
        shown = shown_to_public(state, content_of(state))
        assert str(plain(minutes_paper(content_of(state), shown), "en")).count("SHA-256") > 0
    assert not list(breaks())


def email_of(user: int) -> str:
    return db.session.get_one(User, user).email


def test_a_written_deliberation_is_over_and_its_late_paper_is_recorded_and_not_counted(demo: Flask) -> None:
    case = case_of("p15-kathmandu-air")
    sitting = sitting_of(item_of(case))
    assert (sitting.form, sitting.reason_code, sitting.roll_called_at) == ("written", "minor", None)
    assert sitting.ended_at and sitting.closes_at and sitting.ended_at > sitting.closes_at
    assert state_of(sitting).status == "published"
    late = db.session.scalars(sa.select(Ballot).where(Ballot.late)).one()
    opened = db.session.scalars(sa.select(OpenedBallot).where(OpenedBallot.ballot_id == late.id)).one()
    assert (late.case_id, email_of(late.user_id), opened.choice) == (case.id, "member21@kcity.test", "no")
    assert opened.counted is False and late.cast_at > sitting.closes_at
    found = resolution_of(case)
    assert found and {key: found.counts[key] for key in ("present", "yes", "no", "abstain")} == {
        "present": 19, "yes": 16, "no": 2, "abstain": 1,
    }  # fmt: skip
    state = state_of(sitting)
    clerk = viewer_of(db.session.scalars(sa.select(User).where(User.email == "clerk@kcity.test")).one())
    minutes = str(plain(minutes_paper(content_of(state), shown_to(clerk, state, content_of(state))), "en"))
    assert "Deliberation in writing" in minutes and minutes.count("(late or recused, not counted)") == 1


def test_a_void_vote_was_taken_again_without_the_member_in_conflict(demo: Flask) -> None:
    case = case_of("p12-phnom-penh-waste")
    voided = db.session.scalars(sa.select(VoidedVote)).one()
    assert (voided.case_id, voided.round, voided.code) == (case.id, 1, "undeclared_conflict")
    query = sa.select(Resolution).where(Resolution.case_id == case.id).order_by(Resolution.round)
    first, second = db.session.scalars(query)
    assert (first.id, first.counts["recused_present"], first.counts["yes"]) == (voided.resolution_id, 0, 16)
    assert (second.round, second.counts["recused_present"], second.counts["yes"]) == (2, 1, 15)
    voted = sa.select(Ballot.round).join(User, User.id == Ballot.user_id).where(Ballot.case_id == case.id)
    assert db.session.scalars(voted.where(User.email == "member22@kcity.test")).all() == [1]


def test_a_dissent_stands_beside_the_vote_of_a_member_who_voted_no(demo: Flask) -> None:
    found = db.session.scalars(sa.select(Dissent)).one()
    assert found.case_id == case_of("p14-kigali-charging").id
    vote = sa.select(OpenedBallot.choice).where(OpenedBallot.case_id == found.case_id)
    assert db.session.scalar(vote.where(OpenedBallot.user_id == found.user_id)) == "no"


def test_one_hearing_was_voted_on_in_secret_and_the_shipped_rule_holds_at_every_other(demo: Flask) -> None:
    case = case_of("p16-ha-dong-schools")
    motions = db.session.scalars(sa.select(Motion).where(Motion.secret)).all()
    assert [(motion.case_id, motion.item_id) for motion in motions] == [(case.id, item_of(case).id)]
    names = sa.select(OpenedBallot.user_id, OpenedBallot.choice).where(OpenedBallot.item_id == item_of(case).id)
    assert Counter(map(tuple, db.session.execute(names))) == {(None, "yes"): 4, (None, "no"): 15, (None, "abstain"): 1}
    shipped = shipped_for("kcity")
    assert shipped
    default = shipped.rule.model_dump(mode="json")
    rules = db.session.scalars(sa.select(Sitting.rule).order_by(Sitting.number)).all()
    assert [rule == default for rule in rules] == [number != 3 for number in range(1, len(rules) + 1)]
    assert rules[2] == {**default, "secrecy": "secret_if_moved"}
    in_force = rule_in_force("kcity", date(2026, 11, 20))
    assert in_force and in_force.rule == default


def test_a_vice_minister_sat_for_one_item_and_voted_on_it_only(demo: Flask) -> None:
    seat = db.session.scalars(sa.select(ItemSeat)).one()
    case = case_of("p13-quito-emergency")
    assert (seat.item_id, seat.capacity) == (item_of(case).id, "vice_minister")
    assert db.session.scalars(sa.select(Ballot.case_id).where(Ballot.user_id == seat.user_id)).all() == [case.id]
    found = resolution_of(case)
    assert found and found.counts["seats"] == 25


def test_an_applicant_challenged_a_member_and_the_committee_dismissed_it(demo: Flask) -> None:
    (filed,) = challenges_of(case_of("p10-amman-water"))
    assert email_of(filed.challenge.user_id) == "member19@kcity.test"
    assert email_of(filed.challenge.filed_by) in {one["signatory"]["email"] for one in applicants()}
    assert filed.ruling and not filed.ruling.upheld
    assert filed.ruling.counts["present"] == 19 and filed.ruling.decided_on == date(2026, 10, 28)


def applicants() -> list[dict[str, Any]]:
    return list(read("organisations.yaml")["applicants"])


def test_members_in_conflict_are_recused_and_cast_no_ballot(demo: Flask) -> None:
    query = sa.select(Declaration).where(Declaration.capacity == "member", Declaration.answer == "conflict")
    out = {(email_of(row.user_id), row.case_id) for row in db.session.scalars(query)}
    told = {(one["member"], one["case"]) for s in read("sittings.yaml")["sittings"] for one in s["recused"]}
    told.add(("member22@kcity.test", "p12-phnom-penh-waste"))
    assert out == {(email, case_of(slug).id) for email, slug in told} and len(out) == 3


def test_an_opinion_giver_reads_the_sections_that_were_shown_to_him(demo: Flask) -> None:
    shown = [opinion for opinion in db.session.scalars(sa.select(Opinion)) if opinion.shared]
    assert [(opinion.case_id, opinion.shared["sections"]) for opinion in shown] == [
        (case_of("p05-cebu-port").id, ["need", "readiness", "follow_up"])
    ]
    assert shown[0].replied_at is None


def test_rankings_follow_from_the_sheets(demo: Flask) -> None:
    story = cases()["d06-riyadh-roads"]["history"]["evaluation"]
    ranking = db.session.scalars(sa.select(Ranking).where(Ranking.case_id == case_of("d06-riyadh-roads").id)).one()
    assert ranking.result["given"] == {"bonus": str(story["bonus"])}
    sums = {
        part: sorted(sum(mark["score"] for mark in sheet.values()) for sheet in sheets.values())[1:-1]
        for part, sheets in story["rounds"].items()
    }
    means = {part: four_places(Fraction(sum(values), len(values))) for part, values in sums.items()}
    assert {part: ranking.result["parts"][part] for part in sums} == means


def test_money_keeps_to_cap_and_envelope(demo: Flask) -> None:
    for envelope in db.session.scalars(sa.select(Envelope)):
        awarded = db.session.scalar(
            sa.select(sa.func.sum(Case.awarded_krw)).where(
                Case.cycle_id == envelope.cycle_id, Case.imported.is_(False), Case.outcome == "approve"
            )
        )
        assert envelope.committed_krw == (awarded or 0) <= envelope.amount_krw


def test_the_times_are_those_of_the_story_and_some_are_late(demo: Flask) -> None:
    for slug, story in cases().items():
        received = case_of(slug).received_at
        told = story["received_at"]
        assert received == (datetime.fromisoformat(told).astimezone(UTC) if told else None)
    on = date(2026, 11, 22)
    late = sa.select(Case.number).where(Case.due_on < on)
    soon = sa.select(Case.number).where(Case.due_on.between(on, date(2026, 11, 30)))
    assert db.session.scalars(late).all() and db.session.scalars(soon).all()
    overdue = sa.select(Opinion.id).where(Opinion.replied_at.is_(None), Opinion.due_on < on)
    assert db.session.scalars(overdue).all()


def test_nothing_happened_at_night_but_what_applicants_did(demo: Flask) -> None:
    rows = db.session.execute(
        sa.select(Event.trigger, Event.at, Event.roles).join(Case).where(Case.imported.is_(False))
    )
    for row in rows:
        if "signatory" not in row.roles and "delegate" not in row.roles:
            assert 7 <= clock.seoul(row.at).hour < 20, row.trigger


def test_the_sections_of_a_submitted_case_are_complete_and_its_files_open(demo: Flask) -> None:
    from app.services.attach import store

    for slug, story in cases().items():
        draft = draft_of(case_of(slug))
        assert len(draft.files) == len(story["attachments"])
        assert all(store().has(file.sha256) for file in draft.files)
        if story["state"] != "DRAFT":
            assert draft.missing == []


def test_no_mail_is_waiting_and_a_few_notices_lie_unread(demo: Flask) -> None:
    waiting = sa.select(sa.func.count()).select_from(Delivery).where(Delivery.status != "sent")
    assert db.session.scalar(waiting) == 0
    unread = sa.select(sa.func.count()).select_from(Delivery).where(Delivery.channel == "inbox")
    per_person = db.session.execute(
        sa.select(Delivery.user_id, sa.func.count())
        .where(Delivery.channel == "inbox", Delivery.read_at.is_(None))
        .group_by(Delivery.user_id)
    ).all()
    assert (db.session.scalar(unread) or 0) > 100
    assert per_person and max(n for _, n in per_person) <= 3


def test_clocks_that_run_belong_to_cases_that_are_alive(demo: Flask) -> None:
    query = sa.select(Case.state, CaseClock.key).join(CaseClock, CaseClock.case_id == Case.id)
    for row in db.session.execute(query.where(CaseClock.stopped_at.is_(None))):
        final = schema.newest("kcity-planning").states[row.state].final
        assert not final or row.key == "objection", (row.state, row.key)


def test_the_secretariat_opens_the_record_of_a_real_project(demo: Flask) -> None:
    officer = db.session.scalars(sa.select(User).where(User.email == "officer@kcity.test")).one()
    from app.queries.cases import case_for

    number = db.session.scalar(sa.select(Case.number).where(Case.imported).limit(1))
    assert case_for(viewer_of(officer), str(number)).imported


def test_conditions_stand_in_every_state_one_objection_was_upheld_and_one_case_heard_anew(demo: Flask) -> None:
    from app.queries.conditions import followed
    from workflows.conditions import LABELS

    stands = [one.standing for one in followed(case_of("d06-riyadh-roads"))]
    stands += [one.standing for one in followed(case_of("p14-kigali-charging"))]
    assert {one.state for one in stands} == set(LABELS) and any(one.change_asked for one in stands)
    objections = {o.case_id: o for o in db.session.scalars(sa.select(Objection))}
    waiting, heard = case_of("p14-kigali-charging"), case_of("p16-ha-dong-schools")
    assert objections[waiting.id].upheld and objections[waiting.id].extended_at and waiting.hearing == 1
    assert (heard.hearing, heard.state) == (2, "CLOSED")
    panels: dict[int, set[int]] = {1: set(), 2: set()}
    for duty in db.session.scalars(sa.select(Duty).where(Duty.case_id == heard.id)):
        panels[duty.hearing].add(duty.user_id)
    assert len(panels[1]) == len(panels[2]) == 5 and not panels[1] & panels[2]
    rankings = db.session.scalars(sa.select(Ranking.hearing).where(Ranking.case_id == heard.id)).all()
    assert sorted(rankings) == [1, 2]


def test_it_is_refused_where_real_people_work(lite: Flask) -> None:
    lite.config["ENV"] = "production"
    with pytest.raises(NoDemo):
        load_demo()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RoleGrant)) == 0


def test_it_is_whole_or_not_there_at_all(lite: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*rest: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.demo.load.live_cases", stop)
    with pytest.raises(KeyboardInterrupt):
        load_demo()
    assert not is_loaded()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Case)) == 0


@pytest.mark.parametrize(("day", "ahead", "found"), [
    ("2026-09-23", 1, "2026-09-28"),  # over Chuseok and a weekend
    ("2026-11-16", -1, "2026-11-13"),
    ("2026-11-20", 3, "2026-11-20"),  # the demo knows no later day
])  # fmt: skip
def test_working_days_know_holidays(day: str, ahead: int, found: str) -> None:
    assert working_day(day, ahead).isoformat() == found


def test_the_folder_of_documents_is_the_installations_own(demo: Flask) -> None:
    assert Path(demo.config["DATA_DIR"], "files").is_dir()

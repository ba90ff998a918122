"""Intake: a draft is written by several people, submitted once, received into the cycle its time decides."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.db import unit_of_work
from app.errors import Invalid, NotAllowed, NotFound, Stale
from app.extensions import db
from app.models import Attachment, Case, Delivery, Event, Section, Version
from app.queries.cases import case_for
from app.queries.proposal import draft_of, versions_of
from app.queries.search import search_condition
from app.services import attach as attaching
from app.services.attach import attach
from app.services.detach import detach, restore
from app.services.save_section import save_section
from app.services.start_draft import start_draft
from app.services.submit import submit
from tests.intake_steps import NOW, PDF, counters, ready_draft, recount
from tests.world import World, counted_statements
from workflows.engine import Refused
from workflows.form_schema import load_form

# Drafts -----------------------------------------------------------------------------------------------------


def eligible(definition_id: str) -> dict[str, str]:
    return {question.key: question.ok for question in load_form(definition_id, 1).eligibility}


def test_a_draft_is_seen_by_the_applicants_people_only(world: World) -> None:
    who = world.viewer("applicant")
    number = start_draft(who, "kcity-planning", world.orgs["hanoi"], eligible("kcity-planning"), "k1")
    assert number.startswith("DRAFT-") and len(number) == 16
    assert case_for(world.viewer("delegate"), number).state == "DRAFT"
    for name in ("stranger", "officer", "auditor", "minister", "admin"):
        with pytest.raises(NotFound):
            case_for(world.viewer(name), number)
    assert counters() == recount()


def test_the_same_form_starts_one_draft(world: World) -> None:
    who, org = world.viewer("applicant"), world.orgs["hanoi"]
    first = start_draft(who, "kcity-planning", org, eligible("kcity-planning"), "k1")
    assert start_draft(who, "kcity-planning", org, eligible("kcity-planning"), "k1") == first


def test_an_organisation_that_does_not_fit_starts_nothing(world: World) -> None:
    with pytest.raises(NotAllowed) as refused:
        start_draft(world.viewer("company"), "kcity-planning", world.orgs["company"], {}, "k1")
    assert refused.value.reason.code == "organisation_does_not_fit"
    with pytest.raises(NotFound):
        start_draft(world.viewer("company"), "kcity-planning", world.orgs["hanoi"], {}, "k1")


def test_an_answer_that_rules_the_proposal_out_starts_nothing(world: World) -> None:
    answers = {**eligible("kcity-planning"), "planning_only": "no"}
    with pytest.raises(Invalid) as fault:
        start_draft(world.viewer("applicant"), "kcity-planning", world.orgs["hanoi"], answers, "k1")
    assert fault.value.field == "planning_only"


# Sections ---------------------------------------------------------------------------------------------------


def test_an_incomplete_section_is_kept_as_typed(world: World) -> None:
    case = ready_draft(world)
    over = "가" * 801
    saved = save_section(world.viewer("delegate"), case.number, "project", {"summary_en": over}, 1)
    assert (saved.revision, saved.complete) == (2, False)
    kept = db.session.scalars(sa.select(Section).where(Section.case_id == case.id, Section.key == "project")).one()
    assert kept.answers["summary_en"] == over
    assert draft_of(case).missing == ["project"]


def test_a_stale_save_carries_both_texts_and_changes_nothing(world: World) -> None:
    case = ready_draft(world)
    save_section(world.viewer("applicant"), case.number, "need", {"expected_change": "Hers"}, 1)
    with pytest.raises(Stale) as stale:
        save_section(world.viewer("delegate"), case.number, "need", {"expected_change": "His"}, 1)
    assert stale.value.yours == {"expected_change": "His"}
    assert stale.value.theirs == {"expected_change": "Hers"}
    kept = db.session.scalars(sa.select(Section).where(Section.case_id == case.id, Section.key == "need")).one()
    assert (kept.answers, kept.revision) == ({"expected_change": "Hers"}, 2)


def test_the_same_text_saved_twice_is_no_conflict(world: World) -> None:
    case = ready_draft(world)
    save_section(world.viewer("applicant"), case.number, "need", {"expected_change": "One"}, 1)
    again = save_section(world.viewer("delegate"), case.number, "need", {"expected_change": "One"}, 1)
    assert again.revision == 2


def test_an_answer_opens_the_question_that_hangs_on_it(world: World) -> None:
    case = ready_draft(world)
    kept = draft_of(case).typed["need"]
    saved = save_section(world.viewer("applicant"), case.number, "need", {**kept, "several_from_country": "yes"}, 1)
    assert saved.newly_asked == ("national_priority_rank",)
    assert not saved.complete


def test_what_is_no_longer_asked_is_kept_but_is_no_answer(world: World) -> None:
    case = ready_draft(world)
    kept = draft_of(case).typed["need"]
    typed = {**kept, "several_from_country": "no", "national_priority_rank": "2"}
    save_section(world.viewer("applicant"), case.number, "need", typed, 1)
    draft = draft_of(case)
    assert draft.typed["need"]["national_priority_rank"] == 2
    assert "national_priority_rank" not in draft.answers


def test_submitted_text_cannot_be_changed(world: World) -> None:
    case = world.case_in("SCREENING")
    with pytest.raises(NotAllowed) as refused:
        save_section(world.viewer("applicant"), case.number, "need", {}, 1)
    assert refused.value.reason.code == "not_editable"


def test_a_stranger_and_an_officer_cannot_write(world: World) -> None:
    case = world.case_in("CONSULTING")
    for name in ("stranger", "officer"):
        with pytest.raises(NotFound):
            save_section(world.viewer(name), case.number, "need", {}, 1)


# Files ------------------------------------------------------------------------------------------------------


def test_a_file_is_recognised_kept_and_can_be_put_back(world: World) -> None:
    case, who = ready_draft(world), world.viewer("delegate")
    found = attach(who, case.number, "concept_paper", BytesIO(PDF), "구상안.pdf")
    row = db.session.get_one(Attachment, found)
    assert (row.name, row.kind, row.size) == ("구상안.pdf", "pdf", len(PDF))
    assert attaching.store().open(row.sha256).read() == PDF
    detach(who, case.number, found)
    assert "concept_paper" not in [file.slot for file in draft_of(case).files]
    restore(who, case.number, found)
    assert "concept_paper" in [file.slot for file in draft_of(case).files]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "empty"),
        (b"MZ" + b"\0" * 200, "a.pdf", "not a format"),
        (PDF, "a.docx", "ends in"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(world: World, content: bytes, name: str, words: str) -> None:
    case = ready_draft(world)
    with pytest.raises(Invalid) as fault:
        attach(world.viewer("applicant"), case.number, "concept_paper", BytesIO(content), name)
    assert words in fault.value.text.en
    assert "concept_paper" not in [file.slot for file in draft_of(case).files]


def test_a_file_over_the_limit_is_refused_at_the_first_byte_over(world: World) -> None:
    case = ready_draft(world)
    world.app.config["UPLOAD_LIMIT"] = len(PDF) - 1
    stream = BytesIO(PDF + b"x" * 5_000_000)
    with pytest.raises(Invalid):
        attach(world.viewer("applicant"), case.number, "concept_paper", stream, "a.pdf")
    assert stream.tell() == len(PDF)
    world.app.config["UPLOAD_LIMIT"] = len(PDF)
    assert attach(world.viewer("applicant"), case.number, "concept_paper", BytesIO(PDF), "a.pdf")


def test_a_case_has_room_for_so_much_and_no_more(world: World) -> None:
    case, who = ready_draft(world), world.viewer("applicant")
    world.app.config["FILES_PER_CASE_LIMIT"] = 10 + len(PDF)
    attach(who, case.number, "concept_paper", BytesIO(PDF), "a.pdf")
    with pytest.raises(Invalid) as fault:
        attach(who, case.number, "site_map", BytesIO(PDF), "b.pdf")
    assert fault.value.field == "site_map"


def test_the_same_file_twice_and_one_too_many_are_refused(world: World) -> None:
    case, who = ready_draft(world), world.viewer("applicant")
    attach(who, case.number, "concept_paper", BytesIO(PDF), "a.pdf")
    with pytest.raises(Invalid):
        attach(who, case.number, "concept_paper", BytesIO(PDF), "a.pdf")
    for extra in (b"1", b"2"):
        attach(who, case.number, "concept_paper", BytesIO(PDF + b"%" + extra + b"\n%%EOF\n"), "a.pdf")
    with pytest.raises(Invalid) as fault:
        attach(who, case.number, "concept_paper", BytesIO(PDF + b"%3\n%%EOF\n"), "a.pdf")
    assert "At most 3" in fault.value.text.en


def test_a_slot_takes_only_its_own_kinds(world: World) -> None:
    case = ready_draft(world)
    with pytest.raises(Invalid):
        attach(world.viewer("applicant"), case.number, "site_map", BytesIO(b"\xff\xd8\xff\xe0"), "a.jpg")
    with pytest.raises(NotFound):
        attach(world.viewer("applicant"), case.number, "no_such_slot", BytesIO(PDF), "a.pdf")


# Submission -------------------------------------------------------------------------------------------------


@time_machine.travel(NOW, tick=False)
def test_submission_gives_number_time_cycle_and_a_sealed_version(world: World) -> None:
    case, draft_number = (drafted := ready_draft(world)), drafted.number
    number = submit(world.viewer("applicant"), draft_number)
    case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
    assert number == "KCN-2027-0001"
    assert (case.state, case.received_at, case.requested_krw) == ("RECEIVED", clock.now(), 300_000_000)
    version = versions_of(case)[0]
    event = db.session.scalars(sa.select(Event).where(Event.case_id == case.id)).one()
    assert event.seals[f"version:{version.id}"] == version.seal()
    assert event.hash == event.compute_hash(number)
    assert [file["slot"] for file in version.files] == ["official_letter"]
    assert counters() == recount() == {(case.cycle_id, "RECEIVED"): 1}


def test_submission_pressed_twice_is_one_submission(world: World) -> None:
    case = ready_draft(world)
    numbers = {submit(world.viewer("applicant"), case.number) for _ in range(1)}
    draft_number = db.session.scalars(sa.select(Event.data).where(Event.case_id == case.id)).one()["draft"]
    numbers |= {submit(world.viewer("applicant"), draft_number) for _ in range(3)}
    assert len(numbers) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Version)) == 1


def test_eight_presses_at_one_moment_are_one_submission(world: World) -> None:
    draft_number, case_id = (case := ready_draft(world)).number, case.id
    db.session.remove()

    def press(_: int) -> str:
        with world.app.app_context():
            try:
                return submit(world.viewer("applicant"), draft_number)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(press, range(8)))
    assert len(set(numbers)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Version.case_id == case_id)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.case_id == case_id)) == 1
    assert counters() == recount()


def test_numbers_of_one_year_are_never_given_twice(world: World) -> None:
    cities = ("Hanoi", "Hue", "Da Nang", "Hai Phong", "Can Tho", "Vinh")
    drafts = [ready_draft(world, city=city) for city in cities]
    for draft, city in zip(drafts, cities, strict=True):
        place = {**draft_of(draft).typed["place"], "city": city}
        need = {**draft_of(draft).typed["need"], "several_from_country": "yes", "national_priority_rank": "1"}
        save_section(world.viewer("applicant"), draft.number, "place", place, 1)
        save_section(world.viewer("applicant"), draft.number, "need", need, 1)
    numbers = [draft.number for draft in drafts]
    db.session.remove()

    def press(number: str) -> str:
        with world.app.app_context():
            try:
                return submit(world.viewer("applicant"), number)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        given = sorted(pool.map(press, numbers))
    assert given == [f"KCN-2027-{i:04}" for i in range(1, 7)]


@pytest.mark.parametrize(
    ("moment", "year"),
    [
        ("2026-12-31T14:59:59.999999+00:00", 2027),  # one microsecond before midnight in Seoul
        ("2026-12-31T15:00:00+00:00", 2028),  # midnight in Seoul
    ],
)
def test_the_cut_off_in_seoul_decides_the_cycle(world: World, moment: str, year: int) -> None:
    case = ready_draft(world)
    with time_machine.travel(moment, tick=False):
        number = submit(world.viewer("applicant"), case.number, told_cycle=world.cycle(year=2027).id)
    found = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
    assert found.cycle_id == world.cycle(year=year).id
    assert number.startswith(f"KCN-{year}-")
    assert counters() == recount()
    data = db.session.scalars(sa.select(Event.data).where(Event.case_id == found.id)).one()
    assert ("cycle_told" in data) == (year == 2028)
    told = db.session.scalars(sa.select(Delivery.body).where(Delivery.case_id == found.id)).all()
    assert all(("마감되어" in body) == (year == 2028) for body in told) and told


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2027-01-29T14:59:59+00:00", None),
        ("2027-01-29T15:00:00+00:00", "window_closed"),
        ("2026-11-08T14:59:59+00:00", "window_not_yet"),
    ],
)
def test_a_windowed_type_is_received_inside_its_window_only(world: World, moment: str, code: str | None) -> None:
    case = ready_draft(world, definition_id="kcity-demonstration")
    with time_machine.travel(moment, tick=False):
        if code is None:
            assert submit(world.viewer("company"), case.number)
            return
        with pytest.raises(Refused) as refused:
            submit(world.viewer("company"), case.number)
    assert refused.value.reason.code == code
    assert db.session.get_one(Case, case.id, populate_existing=True).state == "DRAFT"


def test_a_delegate_is_told_why_he_may_not_submit(world: World) -> None:
    case = ready_draft(world)
    with pytest.raises(Refused) as refused:
        submit(world.viewer("delegate"), case.number)
    assert refused.value.reason.code == "not_your_role"
    assert db.session.get_one(Case, case.id, populate_existing=True).number == case.number


def without_letter(world: World, case: Case) -> None:
    with unit_of_work():
        db.session.execute(sa.update(Attachment).where(Attachment.case_id == case.id).values(removed_at=clock.now()))


def over_the_cap(world: World, case: Case) -> None:
    typed = {**draft_of(case).typed["support"], "amount_requested": "500,000,001"}
    save_section(world.viewer("applicant"), case.number, "support", typed, 1)


def undeclared(world: World, case: Case) -> None:
    typed = {**draft_of(case).typed["declarations"], "accurate": False}
    save_section(world.viewer("applicant"), case.number, "declarations", typed, 1)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [(without_letter, "sections_missing"), (over_the_cap, "over_cap"), (undeclared, "sections_missing")],
)
def test_what_is_not_complete_is_not_received(world: World, spoil: Callable[[World, Case], None], code: str) -> None:
    case = ready_draft(world)
    spoil(world, case)
    with pytest.raises(Refused) as refused:
        submit(world.viewer("applicant"), case.number)
    assert refused.value.reason.code == code
    assert counters() == recount()


def test_exactly_the_cap_is_received(world: World) -> None:
    case = ready_draft(world)
    typed = {**draft_of(case).typed["support"], "amount_requested": "500.000.000"}
    save_section(world.viewer("applicant"), case.number, "support", typed, 1)
    number = submit(world.viewer("applicant"), case.number)
    assert db.session.scalars(sa.select(Case.requested_krw).where(Case.number == number)).one() == 500_000_000


def test_a_second_live_proposal_for_the_city_is_refused(world: World) -> None:
    submit(world.viewer("applicant"), ready_draft(world).number)
    with pytest.raises(Refused) as refused:
        submit(world.viewer("applicant"), ready_draft(world).number)
    assert refused.value.reason.code == "too_many_live"


def test_submitting_takes_few_statements(world: World) -> None:
    case, who = ready_draft(world, lat="21.03", lon="105.85"), world.viewer("applicant")
    number = case.number
    db.session.remove()
    with counted_statements() as seen:
        submit(who, number)
    assert len(seen) <= 20, "\n".join(seen)


def test_a_submitted_case_is_found_by_two_letters_in_either_script(world: World) -> None:
    number = submit(world.viewer("applicant"), ready_draft(world).number)
    for words in ("하노", "노이", "anoi", "TRAFFIC", "베트", "viet nam", "인민위", "0001", number, "하노이 concept"):
        assert db.session.scalars(sa.select(Case.number).where(search_condition(words))).all() == [number], words
    for words in ("하이", "hanoo", "서울", "ab%"):
        assert db.session.scalars(sa.select(Case.number).where(search_condition(words))).all() == [], words

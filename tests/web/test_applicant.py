"""The applicant's pages: a proposal is written, saved, merged, submitted and read back, with and without scripts."""

from io import BytesIO
from json import dumps

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import clock
from app.extensions import db
from app.i18n import counted
from app.models import Attachment, Case, Section
from app.queries.proposal import draft_of
from app.services.request_supplement import request_supplement
from app.services.submit import submit
from tests.services.test_intake import PDF, ready_draft
from tests.world import World, counted_statements
from workflows.form_schema import load_form

HERE = "/applications/DRAFT-0000000001"


@pytest.fixture
def draft(lite_world: World) -> Case:
    """A draft that could be submitted."""
    return ready_draft(lite_world, number="DRAFT-0000000001")


def stored(case: Case, key: str) -> Section:
    query = sa.select(Section).where(Section.case_id == case.id, Section.key == key)
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.status_code
    return answer.get_data(as_text=True)


# Before an account --------------------------------------------------------------------------------------------


def test_the_guide_needs_no_account_and_names_cap_and_cut_off(lite_world: World) -> None:
    text = page(lite_world.client(lang="en"), "/guide")
    assert "KRW 500 million" in text and "31 Dec 2026" in text and "Official letter" in text
    assert "sample" in text


def test_the_self_check_tells_why_not(lite_world: World) -> None:
    client = lite_world.client(lang="en")
    answers = {q.key: q.ok for q in load_form("kcity-planning", 1).eligibility}
    refused = client.post("/guide/kcity-planning", data={**answers, "planning_only": "no"})
    assert refused.status_code == 422
    assert "does not pay for construction" in refused.get_data(as_text=True)
    assert client.post("/guide/kcity-planning", data=answers).status_code == 303


def test_a_passed_self_check_is_carried_into_the_draft(lite_world: World) -> None:
    client = lite_world.client("applicant", lang="en")
    answers = {q.key: q.ok for q in load_form("kcity-planning", 1).eligibility}
    client.post("/guide/kcity-planning", data=answers)
    data = {"organisation": str(lite_world.orgs["hanoi"]), "once": "a" * 20}
    answer = client.post("/applications/new/kcity-planning", data=data)
    assert answer.status_code == 303
    case = db.session.scalars(sa.select(Case).where(Case.state == "DRAFT")).one()
    assert case.eligibility == answers
    assert client.post("/applications/new/kcity-planning", data=data).location == answer.location


def test_a_company_is_told_why_it_may_not_propose_a_plan(lite_world: World) -> None:
    text = page(lite_world.client("company", lang="en"), "/applications/new/kcity-planning")
    assert "Only foreign governments" in text


# Sections -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("definition_id", ["kcity-planning", "kcity-demonstration"])
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_section_shows_in_both_languages(lite_world: World, definition_id: str, lang: str) -> None:
    case = ready_draft(lite_world, definition_id=definition_id)
    client = lite_world.client("applicant" if definition_id == "kcity-planning" else "company", lang)
    for section in load_form(definition_id, 1).sections:
        text = page(client, f"/applications/{case.number}/sections/{section.key}?check=1")
        assert section.title.pick(lang) in text
    assert page(client, f"/applications/{case.number}/check")


def test_a_section_page_and_the_list_take_few_statements(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant")
    for path, most in ((f"{HERE}/sections/support", 12), ("/applications", 8), (HERE, 12)):
        db.session.remove()
        with counted_statements() as seen:
            page(client, path)
        assert len(seen) <= most, "\n".join(seen)


def test_amounts_are_read_with_separators_and_shown_with_them(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant")
    answer = client.post(f"{HERE}/sections/support", data={"amount_requested": "480,000,000", "revision": "1"})
    assert answer.status_code == 303
    assert stored(draft, "support").answers == {"amount_requested": 480_000_000}
    assert 'value="480,000,000"' in page(client, f"{HERE}/sections/support")


def test_what_cannot_be_read_stays_as_typed_beside_its_error(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant", lang="en")
    client.post(f"{HERE}/sections/support", data={"amount_requested": "about 4.8억", "revision": "1", "next": "1"})
    text = page(client, f"{HERE}/sections/support?check=1")
    assert 'value="about 4.8억"' in text
    assert 'href="#amount_requested"' in text and 'id="amount_requested-error"' in text


def test_a_section_says_what_submitting_would_refuse(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant", lang="en")
    assert "Every section is complete" in page(client, HERE)
    lite_world.case_in("RECEIVED", city="Da Nang")
    assert "One section is still open" in page(client, HERE)
    assert "sections/need?check=1" in page(client, f"{HERE}/check")
    text = page(client, f"{HERE}/sections/need?check=1")
    assert 'href="#several_from_country' in text and "Another proposal from your country" in text
    assert "Another proposal" not in page(client, f"{HERE}/sections/project?check=1")
    answers = stored(draft, "need").answers
    said = {key: value for key, value in answers.items() if isinstance(value, str)}
    said |= {"several_from_country": "yes", "national_priority_rank": "2", "revision": "1", "next": "1"}
    client.post(f"{HERE}/sections/need", data=said)
    assert "Every section is complete" in page(client, HERE)
    assert "What submitting does" in page(client, f"{HERE}/submit")


def test_one_file_is_one_file(lite_world: World, draft: Case) -> None:
    files = len(draft_of(draft).files)
    text = page(lite_world.client("applicant", lang="en"), f"{HERE}/submit")
    assert f"your {files} file{'' if files == 1 else 's'} cannot be changed" in text
    assert counted(1, "file") == "1 file" and counted(2, "country", "countries") == "2 countries"


def test_over_the_limit_nothing_is_cut(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant", lang="en")
    long = "가" * 151
    client.post(f"{HERE}/sections/project", data={"title_en": long, "revision": "1"})
    assert stored(draft, "project").answers["title_en"] == long
    assert "shorten it by 1" in page(client, f"{HERE}/sections/project?check=1")


def test_text_is_brought_to_one_form(lite_world: World, draft: Case) -> None:
    typed = "a\x00b\r\ne\u0301 \u1112\u1161\u11ab"
    lite_world.client("applicant").post(f"{HERE}/sections/need", data={"expected_change": typed, "revision": "1"})
    assert stored(draft, "need").answers["expected_change"] == "ab\n\u00e9 한"


def test_rows_are_added_and_removed_without_scripts(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant")
    row = {"partners-0-name": "JICA", "partners-0-country": "JP", "partners-1-name": "ADB", "partners-1-country": "PH"}
    answer = client.post(f"{HERE}/sections/partners", data={**row, "revision": "1", "add": "partners"})
    assert "rows=partners:3" in answer.location.replace("%3A", ":")
    assert 'name="partners-2-name"' in page(client, answer.location)
    client.post(f"{HERE}/sections/partners", data={**row, "revision": "2", "remove": "partners-0"})
    assert [r["name"] for r in stored(draft, "partners").answers["partners"]] == ["ADB"]


def test_a_question_that_hangs_on_another_is_asked_after_saving(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant")
    typed = draft_of(draft).typed["funding"]
    assert 'data-only-if="has_other_funders" data-only-in="yes" hidden' in page(client, f"{HERE}/sections/funding")
    data = {**typed, "has_other_funders": "yes", "revision": "1", "next": "1"}
    answer = client.post(f"{HERE}/sections/funding", data=data)
    assert answer.location.endswith("/sections/funding#other_funders")
    assert 'data-only-in="yes" hidden' not in page(client, f"{HERE}/sections/funding")


def test_a_field_the_form_does_not_have_is_refused(lite_world: World, draft: Case) -> None:
    answer = lite_world.client("applicant").post(f"{HERE}/sections/need", data={"state": "RECEIVED", "revision": "1"})
    assert answer.status_code == 400


def test_autosave_tells_time_and_revision(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant")
    data = {"expected_change": "One.", "revision": "1"}
    answer = client.post(f"{HERE}/sections/need/autosave", data=data, headers={"X-Autosave": "1"})
    assert answer.status_code == 204
    assert answer.headers["X-Revision"] == "2" and len(answer.headers["X-Saved-At"]) == 8


def test_two_writers_see_both_texts_and_lose_none(lite_world: World, draft: Case) -> None:
    hers, his = lite_world.client("applicant", lang="en"), lite_world.client("delegate", lang="en")
    hers.post(f"{HERE}/sections/need", data={"expected_change": "Her words", "revision": "1"})
    stale = his.post(f"{HERE}/sections/need", data={"expected_change": "His words", "revision": "1"})
    assert stale.status_code == 409
    text = stale.get_data(as_text=True)
    assert "Her words" in text and "His words" in text
    data = {"yours": dumps({"expected_change": "His words"}), "revision": "2", "pick-expected_change": "both"}
    assert his.post(f"{HERE}/sections/need/merge", data=data).status_code == 303
    assert stored(draft, "need").answers["expected_change"] == "Her words\n\nHis words"


def test_a_merge_of_nonsense_is_not_found_and_stores_nothing(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant")
    before = dict(stored(draft, "need").answers)
    for nonsense in ("[", "[]", '"x"'):
        answer = client.post(f"{HERE}/sections/need/merge", data={"yours": nonsense, "revision": "1"})
        assert answer.status_code == 404
    odd = {"yours": dumps({"expected_change": {"a": 1}, "several_from_country": [1]}), "revision": "9", "mine": "1"}
    assert client.post(f"{HERE}/sections/need/merge", data=odd).status_code == 409
    assert stored(draft, "need").answers == before


# Files --------------------------------------------------------------------------------------------------------


def attached(world: World, case: Case, slot: str = "concept_paper", name: str = "개념서.pdf") -> int:
    data = {"revision": "1", "attach": slot, slot: (BytesIO(PDF), name)}
    path = f"/applications/{case.number}/sections/attachments"
    answer = world.client("applicant").post(path, data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    query = sa.select(Attachment.id).where(Attachment.case_id == case.id, Attachment.slot == slot)
    return db.session.scalars(query.order_by(Attachment.id.desc())).first() or 0


def test_a_file_comes_back_as_a_download_that_can_run_nothing(lite_world: World, draft: Case) -> None:
    found = attached(lite_world, draft)
    answer = lite_world.client("delegate").get(f"/cases/{draft.number}/files/{found}")
    assert answer.data == PDF
    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_a_refused_file_is_named_and_the_text_is_kept(lite_world: World, draft: Case) -> None:
    data = {"revision": "1", "attach": "concept_paper", "concept_paper": (BytesIO(b"MZ\0\0"), "virus.pdf")}
    answer = lite_world.client("applicant", "en").post(f"{HERE}/sections/attachments", data=data)
    assert answer.status_code == 422
    assert "virus.pdf" in answer.get_data(as_text=True)


def test_files_are_for_those_who_may_read_the_proposal(lite_world: World, draft: Case) -> None:
    found = attached(lite_world, draft)
    for name in ("stranger", "officer", "evaluator1", "embassy"):
        assert lite_world.client(name).get(f"/cases/{draft.number}/files/{found}").status_code == 404
    number = submit(lite_world.viewer("applicant"), draft.number)
    late = attached_later(lite_world, number)
    assert lite_world.client("officer").get(f"/cases/{number}/files/{found}").status_code == 200
    assert lite_world.client("officer").get(f"/cases/{number}/files/{late}").status_code == 404
    for name in ("stranger", "evaluator1", "embassy"):
        assert lite_world.client(name).get(f"/cases/{number}/files/{found}").status_code == 404


def attached_later(world: World, number: str) -> int:
    """A file that lies with the applicant but is in no version yet."""
    from app.db import unit_of_work

    with unit_of_work():
        case = db.session.scalars(sa.select(Case).where(Case.number == number)).one()
        row = Attachment(
            case_id=case.id, slot="site_map", name="later.pdf", kind="pdf", media_type="application/pdf", size=1,
            sha256="0" * 64, uploaded_at=clock.now(), uploaded_by=world.ids["applicant"],
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        return row.id


# Submission ---------------------------------------------------------------------------------------------------


def test_a_delegate_sees_why_he_cannot_submit(lite_world: World, draft: Case) -> None:
    text = page(lite_world.client("delegate", "en"), f"{HERE}/submit")
    assert "A delegate may write but not submit" in text
    assert lite_world.client("delegate").post(f"{HERE}/submit", data={"cycle": "1"}).status_code == 422


def test_submitting_leads_to_the_receipt_every_time(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant", "en")
    text = page(client, f"{HERE}/submit")
    assert "2027 cycle" in text and "31 Dec 2026" in text
    first = client.post(f"{HERE}/submit", data={"once": "b" * 20, "cycle": str(draft.cycle_id)})
    second = client.post(f"{HERE}/submit", data={"once": "c" * 20, "cycle": str(draft.cycle_id)})
    assert first.location == second.location == "/cases/KCN-2027-0001/receipt"
    assert "KCN-2027-0001" in page(client, first.location)
    assert client.get(HERE).location == "/cases/KCN-2027-0001/receipt"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_receipt_is_a_pdf_in_both_languages(lite_world: World, draft: Case, lang: str) -> None:
    number = submit(lite_world.viewer("applicant"), draft.number)
    answer = lite_world.client("officer", lang).get(f"/cases/{number}/receipt.pdf")
    assert answer.content_type == "application/pdf" and answer.data.startswith(b"%PDF-")
    for name in ("stranger", "evaluator1"):
        assert lite_world.client(name).get(f"/cases/{number}/receipt").status_code == 404


def test_what_is_missing_is_linked_from_the_answers(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant", "en")
    client.post(f"{HERE}/sections/support", data={"revision": "1"})
    text = page(client, f"{HERE}/check")
    assert f'href="{HERE}/sections/support?check=1"' in text and "Not answered" in text


def test_over_the_cap_is_refused_with_the_cap(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant", "en")
    kept = {**draft_of(draft).typed["support"], "amount_requested": "500000001", "revision": "1", "next": "1"}
    answer = client.post(f"{HERE}/sections/support", data=kept)
    assert "check=1" in answer.location
    assert "The cap per project of this cycle is KRW 500 million." in page(client, answer.location)


# After submission ---------------------------------------------------------------------------------------------


def test_a_supplement_is_answered_on_its_page(lite_world: World) -> None:
    from datetime import timedelta

    case = lite_world.case_in("SCREENING")
    due = clock.today() + timedelta(days=20)
    request_supplement(lite_world.viewer("officer"), case.number, [("need", "수치를 적어 주십시오.")], due)
    client = lite_world.client("applicant", "en")
    text = page(client, f"/applications/{case.number}/supplement")
    assert "수치를 적어 주십시오." in text
    data = {"answer-1": "", "revision": "2", "once": "d" * 20}
    assert client.post(f"/applications/{case.number}/supplement", data=data).status_code == 422
    data["answer-1"] = "Added."
    assert client.post(f"/applications/{case.number}/supplement", data=data).status_code == 303
    assert client.post(f"/applications/{case.number}/supplement", data=data).status_code in (303, 404)
    assert "Version 2" in page(client, f"/cases/{case.number}/versions")


def test_withdrawal_says_what_is_lost_and_a_draft_leaves_the_list(lite_world: World, draft: Case) -> None:
    client = lite_world.client("applicant", "en")
    assert "This cannot be undone" in page(client, f"{HERE}/withdraw")
    assert client.post(f"{HERE}/withdraw", data={"revision": "0"}).status_code == 303
    assert "DRAFT-" not in page(client, "/applications")
    assert lite_world.client("officer").get(f"/cases/{draft.number}").status_code == 404


def test_a_stale_withdrawal_is_a_conflict(lite_world: World) -> None:
    case = lite_world.case_in("SCREENING")
    path = f"/applications/{case.number}/withdraw"
    assert lite_world.client("applicant").post(path, data={"revision": "0"}).status_code == 409


def test_nobody_else_opens_the_applicants_pages(lite_world: World, draft: Case) -> None:
    for name in ("stranger", "officer", "auditor", "minister", "admin", "member01"):
        client = lite_world.client(name)
        for path in ("", "/check", "/submit", "/withdraw", "/sections/need"):
            assert client.get(f"{HERE}{path}").status_code == 404, (name, path)

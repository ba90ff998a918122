"""Letters, keys, roots and the verifier as everybody meets them; the dossier as the inside does."""

import io
import json
import zipfile
from pathlib import Path

import pytest
import sqlalchemy as sa

from app import clock, letter_code
from app.db import unit_of_work
from app.extensions import db
from app.models import Attempt, Case, Letter
from app.queries.letters import as_content
from app.services.daily_root import make_daily_root
from app.services.signing_keys import rotate, signer
from app.services.verify_letter import TRIES, verify_letter
from tests.dossier.forger import SCRIPT, fingerprint, verifier
from tests.services.test_documents import LETTER
from tests.world import World

CODE = "ABCDE-FGHJK-LMNPQ-RSTUV"


def letter(world: World, served: bool = True, code: str = CODE, number: str = "KCN-L-2027-0001") -> Letter:
    """A decision letter of an announced case; not served: as it lies there before the announcement."""
    case = world.case_in("ANNOUNCED", outcome="reject")
    content = {**as_content(LETTER), "case_number": case.number, "number": number, "verification": code}
    with unit_of_work() as session:
        row = Letter(case_id=case.id, kind="decision", number=number, content=content, issued_on=clock.today())
        row.served_at = clock.now() if served else None
        session.add(row)
    return row


def ask(world: World, code: str, lang: str = "en") -> tuple[int, str]:
    answer = world.client(None, lang).post("/verify", data={"code": code})
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.parametrize("typed", [CODE, CODE.lower(), CODE.replace("-", ""), f"  {CODE.replace('-', ' ')} "])
def test_a_letter_that_was_issued_is_confirmed_however_its_code_is_typed(lite_world: World, typed: str) -> None:
    row = letter(lite_world)
    status, page = ask(lite_world, typed)
    assert status == 200
    for said in ("This letter was issued", row.number, str(row.content["case_number"])):
        assert said in page


def test_it_says_nothing_that_the_letter_does_not_say_and_less_than_it(lite_world: World) -> None:
    row = letter(lite_world)
    _, page = ask(lite_world, CODE, "ko")
    assert "발급된 문서입니다" in page
    for hidden in (LETTER.case_title, LETTER.addressee.ko, LETTER.signatory.name.ko, LETTER.officer.email, "하노이"):
        assert hidden not in page
    assert all(reason.reason.ko not in page for reason in LETTER.reasons)
    assert row.content["verification"] == CODE


def test_the_pdf_that_the_case_gives_out_is_the_one_whose_hash_is_shown(lite_world: World) -> None:
    from hashlib import sha256

    row = letter(lite_world)
    number = db.session.scalar(sa.select(Case.number).where(Case.id == row.case_id))
    _, page = ask(lite_world, CODE)
    for lang in ("ko", "en"):
        pdf = lite_world.client("applicant", lang).get(f"/cases/{number}/letter.pdf")
        assert pdf.status_code == 200
        assert sha256(pdf.data).hexdigest() in page


def masked(page: str) -> str:
    import re

    return re.sub(r'(nonce|value|content)="[^"]*"|X-CSRFToken": "[^"]*"', "", page)


def test_unknown_malformed_and_not_yet_served_are_answered_alike(lite_world: World) -> None:
    letter(lite_world, served=False)
    unknown = ask(lite_world, "ABCDE-FGHJK-LMNPQ-RSTUW")
    assert unknown[0] == 404 and "No letter was issued" in unknown[1]
    for typed in (CODE, "x", "' OR 1=1 --", "가나다", "\u2028", "0" * 100):
        status, page = ask(lite_world, typed)
        assert (status, masked(page)) == (404, masked(unknown[1])), typed


def test_an_empty_or_overlong_code_is_asked_for_again(lite_world: World) -> None:
    assert ask(lite_world, "")[0] == ask(lite_world, "A" * 101)[0] == 422
    assert lite_world.client().post("/verify", data={"code": CODE, "evil": "1"}).status_code == 400


def test_tries_are_throttled_by_address_and_leave_no_code_behind(lite_world: World) -> None:
    letter(lite_world)
    for _ in range(TRIES):
        assert ask(lite_world, "AAAAA")[0] == 404
    assert ask(lite_world, CODE)[0] == 429
    assert verify_letter(CODE, "192.0.2.7") is not None
    stored = db.session.scalars(sa.select(Attempt.key).where(Attempt.what == "verify_letter")).all()
    assert len(stored) == TRIES + 1 and not any("AAAAA" in key for key in stored)


def test_the_code_is_looked_up_in_an_index_and_follows_the_content(world: World) -> None:
    row = letter(world)
    assert row.code_hash == letter_code.digest(CODE)
    with unit_of_work():
        found = db.session.get_one(Letter, row.id)
        found.content = {**found.content, "verification": "ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZ"}
    assert verify_letter(CODE, "192.0.2.1") is None
    assert verify_letter("zzzzz zzzzz zzzzz zzzzz", "192.0.2.1") is not None
    indexes = sa.inspect(db.engine).get_indexes("letter")
    assert ["code_hash"] in [index["column_names"] for index in indexes]


def test_keys_are_published_the_signing_one_first(lite_world: World) -> None:
    client = lite_world.client(None, "en")
    assert client.get("/verify/keys").status_code == 200
    assert client.get("/verify/keys.json").get_json() == {"algorithm": "Ed25519", "keys": []}
    first = signer()
    second = rotate()
    told = client.get("/verify/keys.json").get_json()["keys"]
    assert [key["key"] for key in told] == [second.key_id, first.key_id]
    assert told[1]["public_key"] == first.public_key
    page = client.get("/verify/keys").get_data(as_text=True)
    assert page.index(second.key_id) < page.index(first.key_id) and "PRIVATE" not in page


def test_roots_are_published_with_all_that_is_needed_to_check_them(lite_world: World) -> None:
    client = lite_world.client(None, "en")
    assert "Nothing has been published yet" in client.get("/roots").get_data(as_text=True)
    case = lite_world.case_in("RECEIVED")
    from datetime import timedelta

    start = clock.now()
    for day in range(33):
        make_daily_root(start + timedelta(days=day))
    told = client.get("/roots.json").get_json()["roots"]
    assert len(told) == 33
    keys = {key["key"]: key["public_key"] for key in client.get("/verify/keys.json").get_json()["keys"]}
    for newer, older in zip(told, [*told[1:], {"hash": ""}], strict=True):
        content = {name: newer[name] for name in ("day", "chains", "root", "made_at", "prev")}
        assert fingerprint(content) == newer["hash"] and newer["prev"] == older["hash"]
        public, sign = bytes.fromhex(keys[newer["key"]]), bytes.fromhex(newer["signature"])
        assert verifier().signed(public, newer["hash"].encode(), sign)
    page = client.get("/roots").get_data(as_text=True)
    assert told[0]["root"] in page and page.count('<code class="hash">') == 30
    older = client.get(f"/roots?before={told[29]['day']}").get_data(as_text=True)
    assert older.count('<code class="hash">') == 3
    assert client.get("/roots?before=yesterday").status_code == client.get("/roots.json?before=x").status_code == 404
    assert case.number not in page + json.dumps(told)


def test_the_verifier_is_given_out_as_it_is(lite_world: World) -> None:
    answer = lite_world.client().get("/verify/verify-dossier")
    assert answer.data == SCRIPT.read_bytes()
    assert answer.headers["Content-Disposition"].startswith("attachment")


# The dossier on the page of the case --------------------------------------------------------------------------


def test_the_inside_is_offered_the_dossier_once_decided_and_gets_it_whole(lite_world: World, tmp_path: Path) -> None:
    case = lite_world.case_in("ANNOUNCED", outcome="reject")
    client = lite_world.client("officer", "en")
    for path in (f"/cases/{case.number}", f"/cases/{case.number}/history"):
        assert f'href="/cases/{case.number}/dossier"' in client.get(path).get_data(as_text=True)
    assert client.get(f"/cases/{case.number}/dossier").status_code == 200
    answer = client.post(f"/cases/{case.number}/dossier", data={"documents": "y"})
    assert answer.status_code == 200 and answer.mimetype == "application/zip"
    assert len(answer.data) == int(answer.headers["Content-Length"])
    assert f"{case.number}-dossier.zip" in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.data)) as found:
        assert json.loads(found.read("manifest.json"))["documents"] is True
    assert client.post(f"/cases/{case.number}/dossier", data={"evil": "1"}).status_code == 400


@pytest.mark.parametrize("name", ["applicant", "stranger", "evaluator1", "member01", "admin", "consultant"])
def test_for_everybody_else_there_is_none(lite_world: World, name: str) -> None:
    case = lite_world.case_in("ANNOUNCED", outcome="reject")
    client = lite_world.client(name)
    nowhere = client.get("/cases/KCN-2027-9999/dossier")
    for answer in (client.get(f"/cases/{case.number}/dossier"), client.post(f"/cases/{case.number}/dossier")):
        assert answer.status_code == nowhere.status_code == 404
    page = client.get(f"/cases/{case.number}")
    assert "/dossier" not in page.get_data(as_text=True)


def test_before_the_decision_there_is_none(lite_world: World) -> None:
    case = lite_world.case_in("DELIBERATING")
    client = lite_world.client("officer")
    assert client.get(f"/cases/{case.number}/dossier").status_code == 404
    assert client.post(f"/cases/{case.number}/dossier").status_code == 404
    assert "/dossier" not in client.get(f"/cases/{case.number}").get_data(as_text=True)

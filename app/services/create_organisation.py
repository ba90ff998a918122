"""Create an organisation. Applicants create their own and may sign for it; administrators make others."""

from app import clock, log
from app.authz import Viewer
from app.db import unit_of_work
from app.errors import Invalid, NotFound
from app.extensions import db
from app.models import Membership, Organisation
from app.models.organisation import KINDS
from app.services.once import earlier_result, remember
from workflows.text import Text

APPLICANT_KINDS = KINDS[:6]
NAMELESS = Text("한국어나 영어 이름 가운데 하나는 적어 주십시오.", "Give the name in Korean or in English.")
UNREGISTERED = Text("국내 기업은 사업자등록번호를 적어 주십시오.", "A Korean company has to give its register number.")


def create_organisation(
    who: Viewer,
    *,
    name_ko: str,
    name_en: str,
    kind: str,
    country: str,
    register_number: str,
    size_class: str,
    once: str,
    as_administrator: bool = False,
) -> int:
    """The id of the new organisation. Sent twice, it is made once.

    Raises:
        Invalid: no name, or a Korean company without its register number.
        NotFound: a kind that this person may not create.
    """
    _check(who, name_ko, name_en, kind, country, register_number, as_administrator)
    body = "\n".join((name_ko, name_en, kind, country, register_number, size_class))
    with unit_of_work():
        if (made := earlier_result(who, once, body)) is not None:
            return int(made)
        now = clock.now()
        row = Organisation(
            name_ko=name_ko.strip(),
            name_en=name_en.strip(),
            kind=kind,
            country=country,
            register_number=register_number.strip() or None,
            size_class=size_class or None,
            created_at=now,
        )
        db.session.add(row)
        db.session.flush()
        if not as_administrator:
            db.session.add(Membership(user_id=who.id, organisation_id=row.id, role="signatory", since=now))
        remember(who, once, body, str(row.id))
        made_id = row.id
    log.note("organisation_created", organisation=made_id, kind=kind)
    return made_id


def _check(
    who: Viewer, name_ko: str, name_en: str, kind: str, country: str, number: str, as_administrator: bool
) -> None:
    if kind not in (KINDS if as_administrator and who.has("admin") else APPLICANT_KINDS):
        raise NotFound
    if as_administrator and not who.has("admin"):
        raise NotFound
    if not (name_ko.strip() or name_en.strip()):
        raise Invalid("name_ko", NAMELESS)
    if kind == "company" and country == "KR" and not number.strip():
        raise Invalid("register_number", UNREGISTERED)

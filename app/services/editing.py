"""What every change of the applicant's own text has in common: whose it is, and whether it may be edited now."""

from app.authz import Viewer
from app.errors import NotAllowed
from app.models import Case
from app.queries.applications import editable_sections, own_case
from workflows.text import because


def editable_case(who: Viewer, number: str, section: str) -> Case:
    """The case, locked, if `who` may change this section of it now. Call inside a unit of work.

    Raises:
        NotFound: not a case of this person's organisation.
        NotAllowed: it is submitted, or this section is not asked for.
    """
    case = own_case(who, number, lock=True)
    if section in editable_sections(case):
        return case
    if case.state == "SUPPLEMENT":
        raise NotAllowed(
            because(
                "section_not_asked_for",
                "보완을 요청받은 항목만 고칠 수 있습니다.",
                "Only the sections named in the request can be changed.",
            )
        )
    raise NotAllowed(
        because("not_editable", "제출한 내용은 고칠 수 없습니다.", "What was submitted cannot be changed.")
    )

"""Guards of intake: what a proposal needs before it is received."""

from workflows.guards.rule import Actor, Facts, guard
from workflows.text import Reason, because


@guard("window")
def window_open(facts: Facts, actor: Actor) -> Reason | None:
    """Received inside the cycle's window, by database time (always-open cycles are always inside)."""
    if facts["window"] == "open":
        return None
    if facts["window"] == "not_yet":
        return because("window_not_yet", "아직 접수 기간이 아닙니다.", "The window has not opened yet.")
    return because("window_closed", "접수 기간이 끝났습니다.", "The window has closed.")


@guard("eligibility_open", "eligibility_failed")
def eligible_by_own_answers(facts: Facts, actor: Actor) -> Reason | None:
    """The applicant's own eligibility answers are all there and none rules the proposal out."""
    if facts["eligibility_failed"]:
        return because(
            "not_eligible",
            "자격 확인 답변에 따르면 신청 대상이 아닙니다.",
            "By your own answers the proposal is not eligible.",
        )
    if facts["eligibility_open"]:
        return because("eligibility_open", "자격 확인을 마치지 않았습니다.", "The eligibility check is unfinished.")
    return None


@guard("sections_missing")
def sections_complete(facts: Facts, actor: Actor) -> Reason | None:
    """Every required part of the form is valid (보조금법 시행령 제7조)."""
    count = len(facts["sections_missing"])
    if not count:
        return None
    return because(
        "sections_missing",
        f"작성을 마치지 않은 항목이 {count}개 있습니다.",
        f"{count} section{'s are' if count > 1 else ' is'} not complete.",
    )


@guard("files_unrecognised")
def files_recognised(facts: Facts, actor: Actor) -> Reason | None:
    """Every attachment was recognised by its content."""
    if not facts["files_unrecognised"]:
        return None
    return because(
        "files_unrecognised",
        "형식을 확인하지 못한 첨부파일이 있습니다.",
        "An attachment could not be recognised.",
    )


@guard("declarations_open")
def declarations_made(facts: Facts, actor: Actor) -> Reason | None:
    """Every declaration is made."""
    count = facts["declarations_open"]
    if not count:
        return None
    return because(
        "declarations_open",
        f"확인하지 않은 서약 사항이 {count}건 있습니다.",
        f"{count} declaration{'s have' if count > 1 else ' has'} not been made.",
    )


@guard("live_same_city")
def one_live_project(facts: Facts, actor: Actor, limit: int) -> Reason | None:
    """Not more than `limit` live projects of one applicant for one city in a cycle (FAQ, later version)."""
    if facts["live_same_city"] < limit:
        return None
    return because(
        "too_many_live",
        f"같은 도시에 대해 진행 중인 제안은 {limit}건까지 낼 수 있습니다.",
        f"Only {limit} live proposal{'s' if limit > 1 else ''} for one city may be in the cycle.",
    )


@guard("rank_missing")
def priority_ranked(facts: Facts, actor: Actor) -> Reason | None:
    """A priority rank is given where several proposals come from one country (FAQ)."""
    if not facts["rank_missing"]:
        return None
    return because(
        "rank_missing",
        "같은 국가의 다른 제안이 있어 국가 우선순위를 적어야 합니다.",
        "Other proposals come from the same country: please give the national priority rank.",
    )


@guard("public_partners")
def public_partner_named(facts: Facts, actor: Actor) -> Reason | None:
    """A public overseas partner is in; a foreign private company alone is not enough (FAQ)."""
    if facts["public_partners"]:
        return None
    return because(
        "no_public_partner",
        "해외협력기관(중앙·지방정부, 공공기관, 대학)이 1곳 이상 있어야 합니다.",
        "Name a central or local government, a public institution or a university as overseas partner.",
    )


@guard("letters_of_intent")
def letter_of_intent_attached(facts: Facts, actor: Actor) -> Reason | None:
    """A letter of intent in English from the overseas partner is attached."""
    if facts["letters_of_intent"]:
        return None
    return because(
        "no_letter_of_intent",
        "해외협력기관의 영문 의향서(LOI)를 첨부해야 합니다.",
        "Attach the overseas partner's letter of intent in English.",
    )


@guard("labour_krw", "subsidy_krw")
def labour_within_share(facts: Facts, actor: Actor, percent: int) -> Reason | None:
    """Labour cost is at most `percent` of the government subsidy (FAQ: 40 %)."""
    if facts["labour_krw"] * 100 <= facts["subsidy_krw"] * percent:
        return None
    return because(
        "labour_over_share",
        f"인건비는 정부지원금의 {percent}%를 넘을 수 없습니다.",
        f"Labour cost may not exceed {percent} % of the government subsidy.",
    )


@guard("lead_is_korean_company")
def korean_company_leads(facts: Facts, actor: Actor) -> Reason | None:
    """The applicant of a demonstration is a Korean company."""
    if facts["lead_is_korean_company"]:
        return None
    return because(
        "not_a_korean_company",
        "해외실증형은 국내 기업만 신청할 수 있습니다.",
        "Only a Korean company may apply for a demonstration.",
    )

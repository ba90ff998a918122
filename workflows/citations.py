"""Articles of law in the reader's language. Definitions cite Korean law as Korean law is cited; this turns a
citation into English, law by law and article by article, and leaves what it does not know as it stands.
"""

import re

LAWS = {
    "스마트도시 조성 및 산업진흥 등에 관한 법률": "Smart City Act",
    "보조금 관리에 관한 법률": "Subsidy Act",
    "민원 처리에 관한 법률": "Civil Petitions Treatment Act",
    "공직자의 이해충돌 방지법": "Conflict of Interest Prevention Act",
    "국가연구개발혁신법": "National R&D Innovation Act",
    "행정기관 소속 위원회의 설치·운영에 관한 법률": "Act on Committees under Administrative Agencies",
    "행정기본법": "General Act on Public Administration",
    "행정절차법": "Administrative Procedures Act",
    "행정심판법": "Administrative Appeals Act",
    "행정소송법": "Administrative Litigation Act",
    "정보통신 진흥 및 융합 활성화 등에 관한 특별법": "ICT Convergence Act",
    "정보통신융합법": "ICT Convergence Act",
    "지역특구법": "Regional Special Zones Act",
    "같은 법": "same Act",
}
PHRASES = {
    "위원회 의결 규칙 (관리 화면의 설정)": "Committee rule (set on the Administration pages)",
    "2020년 K-City Network 의견조회 절차 (재외공관·관계부처, 2주)": (
        "K-City Network 2020: opinions of missions and ministries, two weeks"
    ),
    "2023년 국가공무원 7급 PSAT 상황판단 18번에 실린 표준 평가 방식 (최고·최저 제외 평균)": (
        "Standard tender scoring as in the civil service examination 2023 (mean without highest and lowest)"
    ),
    "2024년 K-City Network 개편 (상시접수·사전컨설팅)": "K-City Network reform of 2024 (always open, prior consulting)",
    "2024년 K-City Network 공모 안내 (4월까지 접수분은 당해 예산, 이후 접수분은 다음 해 예산)": (
        "K-City Network call 2024 (received by April: that year's budget; later: the next year's)"
    ),
    "K-City Network FAQ (과업범위는 신청 정부와 함께 작성)": (
        "K-City Network FAQ (the task scope is drafted together with the applicant government)"
    ),
    "K-City Network 공모 안내 (신청자격)": "K-City Network call (eligibility)",
    "K-City Network 공모 안내": "K-City Network call",
    "K-City Network 운영 기준 (회차 설정)": "K-City Network practice (setting of the cycle)",
    "K-City Network 운영 (결과 공유)": "K-City Network practice (sharing of results)",
    "K-City Network 운영 (일괄 발표)": "K-City Network practice (announced together)",
    "K-City Network 운영 (질의·회신 기록)": "K-City Network practice (questions and answers on record)",
    "국토교통부 보도자료와 언론 보도 (사건에 적힌 출처)": (
        "Press releases of the ministry and press reports (source named in the case)"
    ),
    "(신청서 기재사항)": "(contents of an application)",
    "(준용: 위원회가 의결로 정하고 대상 위원은 참여하지 못함)": (
        "(by analogy: the committee decides by vote, without the member concerned)"
    ),
    "(준용)": "(by analogy)",
    "(송달)": "(service)",
    "(담당자 표시)": "(officer named)",
}
ITEMS = "가나다라마바사아자차카타파하"
ARTICLE = re.compile(rf"제(\d+)조(?:의(\d+))?(?:제(\d+)항)?(?:제(\d+)호(?:([{ITEMS}])목)?)?")


def english(citation: str) -> str:
    """The citation in English: "행정기본법 제36조제1항" -> "General Act on Public Administration Art. 36(1)"."""
    text = citation
    for korean, words in {**PHRASES, **LAWS}.items():
        text = text.replace(korean, words)
    text = text.replace(" 시행령", " Enforcement Decree")
    text = ARTICLE.sub(_article, text)
    return text.replace("·Art.", ", Art.")


def _article(match: re.Match[str]) -> str:
    number, branch, paragraph, point, item = match.groups()
    text = f"Art. {number}" + (f"-{branch}" if branch else "") + (f"({paragraph})" if paragraph else "")
    if point is None:
        return text
    return f"{text} no. {point}" + (f"({'abcdefghijklmn'[ITEMS.index(item)]})" if item else "")

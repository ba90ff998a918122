"""Every citation in a definition reads in English too."""

import re

import pytest

from workflows import citations, schema


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("행정기본법 제36조제1항", "General Act on Public Administration Art. 36(1)"),
        ("민원 처리에 관한 법률 제22조; 같은 법 시행령 제24조",
         "Civil Petitions Treatment Act Art. 22; same Act Enforcement Decree Art. 24"),
        ("보조금 관리에 관한 법률 제17조·제18조", "Subsidy Act Art. 17, Art. 18"),
        ("스마트도시 조성 및 산업진흥 등에 관한 법률 제10조의2", "Smart City Act Art. 10-2"),
        ("공직자의 이해충돌 방지법 제2조제6호나목", "Conflict of Interest Prevention Act Art. 2 no. 6(b)"),
        ("정보통신융합법 시행령 제8조의3제1항제4호 (준용)",
         "ICT Convergence Act Enforcement Decree Art. 8-3(1) no. 4 (by analogy)"),
    ],
)  # fmt: skip
def test_a_citation_is_turned_into_english(korean: str, english: str) -> None:
    assert citations.english(korean) == english


def test_no_citation_of_a_definition_keeps_hangul_in_english() -> None:
    cited = {t.source for d in schema.all_published() for t in d.transitions}
    cited |= {c.article for d in schema.all_published() for c in d.clocks.values()}
    cited |= {d.source for d in schema.all_published()}
    assert {c for c in cited if re.search("[가-힣]", citations.english(c))} == set()

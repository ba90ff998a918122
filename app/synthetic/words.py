"""The words synthetic proposals are made of: places, subjects, and answers to a form, in both languages."""

from collections.abc import Iterator
from functools import cache
from random import Random
from typing import Any

from workflows.form_schema import Column, FormDefinition, FormField, load_form

PLACES = (
    # country, city in Korean, city in English, latitude, longitude
    ("VN", "하노이", "Hanoi", "21.03", "105.85"),
    ("VN", "다낭", "Da Nang", "16.07", "108.22"),
    ("VN", "껀터", "Can Tho", "10.03", "105.78"),
    ("ID", "반둥", "Bandung", "-6.91", "107.61"),
    ("ID", "스마랑", "Semarang", "-6.99", "110.42"),
    ("ID", "마카사르", "Makassar", "-5.15", "119.43"),
    ("TH", "치앙마이", "Chiang Mai", "18.79", "98.98"),
    ("TH", "콘깬", "Khon Kaen", "16.44", "102.83"),
    ("PH", "세부", "Cebu", "10.32", "123.89"),
    ("PH", "다바오", "Davao", "7.07", "125.61"),
    ("MY", "이포", "Ipoh", "4.60", "101.08"),
    ("KH", "바탐방", "Battambang", "13.10", "103.20"),
    ("LA", "루앙프라방", "Luang Prabang", "19.89", "102.14"),
    ("MN", "울란바토르", "Ulaanbaatar", "47.92", "106.92"),
    ("KZ", "알마티", "Almaty", "43.24", "76.89"),
    ("UZ", "사마르칸트", "Samarkand", "39.65", "66.96"),
    ("IN", "코치", "Kochi", "9.93", "76.27"),
    ("BD", "실렛", "Sylhet", "24.89", "91.87"),
    ("TR", "부르사", "Bursa", "40.19", "29.06"),
    ("PE", "트루히요", "Trujillo", "-8.11", "-79.03"),
    ("CO", "칼리", "Cali", "3.45", "-76.53"),
    ("PL", "우치", "Lodz", "51.76", "19.46"),
    ("KE", "나쿠루", "Nakuru", "-0.30", "36.07"),
    ("GH", "쿠마시", "Kumasi", "6.69", "-1.62"),
)
SUBJECTS = (
    ("스마트 교통 관제", "smart traffic control"),
    ("통합 물 관리", "integrated water management"),
    ("공공 안전 관제센터", "public safety operations centre"),
    ("도시 에너지 관리", "city energy management"),
    ("폐기물 수거 최적화", "waste collection routing"),
    ("홍수 조기경보", "early flood warning"),
    ("전자정부 민원", "electronic citizen services"),
    ("스마트 관광", "smart tourism"),
    ("대기질 관측망", "air quality network"),
    ("스마트 가로등", "smart street lighting"),
    ("버스 운행정보", "bus arrival information"),
    ("도시 디지털 트윈", "urban digital twin"),
)
SHAPES = (
    ("기본구상", "basic concept"),
    ("기본계획", "master plan"),
    ("타당성 조사", "feasibility study"),
    ("실증", "demonstration"),
)
SENTENCES = (
    (
        "기존 체계는 부서별로 나뉘어 있어 상황을 한눈에 볼 수 없습니다.",
        "Each department runs its own system and nobody sees the whole.",
    ),
    ("피해는 해마다 같은 지역에서 되풀이되고 있습니다.", "The damage returns to the same districts every year."),
    ("시는 필요한 부지와 자료를 확보하였습니다.", "The city holds the site and the data that are needed."),
    ("담당 공무원 12명이 사업을 맡습니다.", "Twelve officials will run the project."),
    (
        "시범구역에서 먼저 적용한 뒤 시 전역으로 넓힙니다.",
        "It starts in a pilot district and is extended to the whole city.",
    ),
    (
        "후속 사업의 재원은 시 예산과 개발은행 차관입니다.",
        "The follow-up is paid from the city budget and a development bank loan.",
    ),
    ("주민 의견을 세 차례 들었습니다.", "Residents were heard three times."),
    ("한국의 통합운영센터 경험을 배우고자 합니다.", "The city wants to learn from Korea's operations centres."),
)
NAMES = (
    ("김도윤", "Kim Do-yun"), ("이서연", "Lee Seo-yeon"), ("박지호", "Park Ji-ho"), ("최하은", "Choi Ha-eun"),
    ("정민재", "Jung Min-jae"), ("강수아", "Kang Su-a"), ("조현우", "Cho Hyun-woo"), ("윤지민", "Yoon Ji-min"),
    ("장예준", "Jang Ye-jun"), ("임소율", "Lim So-yul"), ("한시우", "Han Si-woo"), ("오채원", "Oh Chae-won"),
)  # fmt: skip
COMPANIES = (
    ("한빛도시기술", "Hanbit Urban Technology"), ("가온모빌리티", "Gaon Mobility"), ("누리워터", "Nuri Water"),
    ("다솜에너지", "Dasom Energy"), ("라온데이터", "Raon Data"), ("미르관제", "Mir Control"),
    ("새길교통", "Saegil Transport"), ("온누리안전", "Onnuri Safety"),
)  # fmt: skip


def paragraph(rng: Random, lang: int, least: int, most: int | None) -> str:
    """Sentences of one language (0 Korean, 1 English), at least `least` and at most `most` characters."""
    order = list(range(len(SENTENCES)))
    rng.shuffle(order)
    text = ""
    for place in order:
        text = f"{text} {SENTENCES[place][lang]}".strip()
        if len(text) >= max(least, 160):
            break
    while len(text) < least:
        text = f"{text} {text}"
    return text[: most or 3000].strip()


def title(rng: Random, planning: bool) -> tuple[tuple[str, ...], str, str]:
    """A place, and a title about it in Korean and in English."""
    place = rng.choice(PLACES)
    subject, shape = rng.choice(SUBJECTS), rng.choice(SHAPES[:3]) if planning else SHAPES[3]
    return place, f"{place[1]} {subject[0]} {shape[0]}", f"{place[2]}: {shape[1]} for {subject[1]}"


@cache
def _form(definition_id: str, version: int) -> FormDefinition:
    return load_form(definition_id, version)


def answers(
    rng: Random, definition_id: str, form_version: int, known: dict[str, Any], year: int
) -> dict[str, dict[str, Any]]:
    """section key -> answers, valid under the form. `known`: field key -> the value it must have."""
    form = _form(definition_id, form_version)
    flat: dict[str, Any] = {}
    out: dict[str, dict[str, Any]] = {}
    amount = known["amount_requested"]
    fixed = {
        **known,
        "several_from_country": "yes",
        "start_month": f"{year}-03",
        "end_month": f"{year}-12",
        "matching_cash": amount // 10,
        "matching_in_kind": 0,
        "consortium_members": None,
        "partner_institutions": [
            {
                "name": f"City of {known['city']}",
                "country": known["country"],
                "type": "local_government",
                "role": "provides the site",
                "contact": rng.choice(NAMES)[1],
                "contact_email": "contact@synthetic.test",
            }
        ],
        "cost_plan": [
            {"item": "labour", "basis": "12 person-months", "amount": amount * 3 // 10},
            {"item": "equipment", "basis": "pilot district", "amount": amount - amount * 3 // 10},
        ],
    }
    for section in form.sections:
        mine = dict(_filled(rng, section.fields, fixed, flat, year))
        out[section.key] = mine
    return out


def _filled(
    rng: Random, fields: tuple[FormField, ...], fixed: dict[str, Any], flat: dict[str, Any], year: int
) -> Iterator[tuple[str, Any]]:
    for field in fields:
        if field.kind == "files" or not field.asked(flat):
            continue
        if not field.required and field.key not in fixed and rng.random() < 0.4:
            continue
        value = fixed[field.key] if field.key in fixed else _value(rng, field, fixed, year)
        if value is not None:
            flat[field.key] = value
            yield field.key, value


def _value(rng: Random, field: FormField | Column, fixed: dict[str, Any], year: int) -> Any:
    kind, least = field.kind, field.min or 0
    if kind == "text":
        lang = 1 if field.key.endswith("_en") or not field.key.endswith("_ko") else 0
        return paragraph(rng, lang, least, field.max)
    if kind == "line":
        return rng.choice(NAMES)[1] if "name" in field.key else rng.choice(SUBJECTS)[1][: field.max or 80]
    if kind == "choice":
        return rng.choice(sorted(field.values))
    if kind == "choices":
        return sorted(rng.sample(sorted(field.values), max(least, 1)))
    if kind == "number":
        return max(least, year - 3 if field.key == "year" else rng.randint(1, 40))
    if kind == "rows":
        assert isinstance(field, FormField)
        columns = [c for c in field.columns if c.required or rng.random() < 0.7]
        rows = max(least, 1)
        return [{c.key: _value(rng, c, fixed, year) for c in columns} for _ in range(rows)]
    if kind == "country":
        return fixed["country"]
    if kind == "yes_no":
        return "no"
    if kind == "money":
        return max(least, 1_000_000 * rng.randint(1, 90))
    return _plain(kind, year)


def _plain(kind: str, year: int) -> Any:
    return {
        "date": f"{year}-05-02",
        "month": f"{year}-06",
        "email": "contact@synthetic.test",
        "phone": "+82 2 0000 0000",
        "url": "https://synthetic.test/",
        "declaration": True,
    }[kind]

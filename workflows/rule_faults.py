"""A fault of shape in the two languages, with its field. Never repeats the value that was given."""

from pydantic import ValidationError

from workflows.bad_input import BadInput

KOREAN = {
    "missing": "값이 빠졌습니다.",
    "extra_forbidden": "알 수 없는 항목입니다.",
    "int_type": "정수여야 합니다.",
    "string_type": "글자여야 합니다.",
    "string_unicode": "글자여야 합니다.",
    "bool_type": "true 또는 false여야 합니다.",
    "list_type": "목록이어야 합니다.",
    "dict_type": "객체여야 합니다.",
    "model_type": "객체여야 합니다.",
    "literal_error": "쓸 수 있는 값이 아닙니다.",
    "greater_than_equal": "음수일 수 없습니다.",
    "less_than": "너무 큽니다.",
    "string_too_short": "비어 있습니다.",
    "string_too_long": "너무 깁니다.",
    "not_a_number": "수 또는 십진수 글자여야 합니다.",
    "too_long": "자릿수가 너무 많습니다.",
    "not_a_date": "2026-11-23과 같은 날짜여야 합니다.",
    "not_a_moment": "2026-03-02T09:00:00+09:00과 같이 시간대가 있는 시각이어야 합니다.",
}


def as_bad_input(fault: ValidationError) -> BadInput:
    """The first thing wrong, by the dotted path of its field."""
    first = fault.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(step) for step in first["loc"])
    message = first["msg"]
    return BadInput(field, KOREAN.get(first["type"], "값이 올바르지 않습니다."), message[0].lower() + message[1:])

"""The base of every form: refuses fields it does not know, speaks both languages, carries the once-key."""

import secrets
from typing import Any

from flask import abort, request
from flask_wtf import FlaskForm
from wtforms import HiddenField

from workflows.text import Text

MESSAGES = {
    "This field is required.": Text("입력해 주십시오.", "Please fill this in."),
    "Not a valid choice.": Text("목록에서 선택해 주십시오.", "Choose one from the list."),
    "Not a valid choice": Text("목록에서 선택해 주십시오.", "Choose one from the list."),
    "Not a valid integer value.": Text("숫자로 적어 주십시오.", "Write a whole number."),
    "Not a valid date value.": Text("날짜를 연-월-일로 적어 주십시오.", "Write the date as year-month-day."),
    "Not a valid datetime value.": Text("날짜와 시각을 적어 주십시오.", "Write date and time."),
    "Invalid email address.": Text("전자우편 주소를 확인해 주십시오.", "Check the e-mail address."),
    "Invalid URL.": Text("주소(URL)를 확인해 주십시오.", "Check the address (URL)."),
}


class _Words:
    """WTForms' own messages in the reader's language; our own validators speak for themselves."""

    def gettext(self, string: str) -> Any:
        return MESSAGES.get(string, string)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return singular if n == 1 else plural


class HouseForm(FlaskForm):  # type: ignore[misc]
    """A form of this house. `once` makes a repeated POST return the first result; `revision` shows staleness."""

    once = HiddenField(default=lambda: secrets.token_urlsafe(18))

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> Any:
            return _Words()

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """As WTForms; a field that this form does not have is refused outright."""
        if self.is_submitted():
            known = {field.name for field in self._all_fields()} | {"csrf_token"}
            if any(name not in known and not self.knows(name) for name in request.form):
                abort(400)
        return bool(super().validate_on_submit(extra_validators))

    def _all_fields(self) -> list[Any]:
        return list(self._fields.values())

    def knows(self, name: str) -> bool:
        """Whether a name belongs to a field of rows, such as `partners-0-name`."""
        return any(name.startswith(f"{field.name}-") for field in self._all_fields())

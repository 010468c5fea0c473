"""Filling a form the way a browser would: every control with the value it was served with."""

from html.parser import HTMLParser


class FormReader(HTMLParser):
    """Collects the controls of the form that holds ``control``."""

    def __init__(self, control: str) -> None:
        super().__init__()
        self.control = control
        self.forms: list[dict[str, str]] = []
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        if tag == "input" and name and not self._is_off(values):
            self.forms[-1][name] = values.get("value", "")
        elif tag == "textarea" and name:
            self._area = name
            self.forms[-1].setdefault(name, "")
        elif tag == "select":
            self._select = name
        elif (
            tag == "option" and self._select and ("selected" in values or self._select not in self.forms[-1])
        ):
            self.forms[-1][self._select] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data.removeprefix("\n")

    @staticmethod
    def _is_off(values: dict[str, str]) -> bool:
        kind = values.get("type", "")
        return kind in ("submit", "button", "file") or (
            kind in ("checkbox", "radio") and "checked" not in values
        )


def read_form(html: str, control: str) -> dict[str, str]:
    """The controls and values of the form that has a control of that name."""
    reader = FormReader(control)
    reader.feed(html)
    for form in reader.forms:
        if control in form:
            return form
    raise LookupError(f"no form with {control}: {html[:500]}")

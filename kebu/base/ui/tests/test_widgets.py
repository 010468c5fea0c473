"""Controls drawn without templates are those of Django's templates, to the letter."""

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString

from kebu.base.ui.widgets import DRAWN, Renderer

HARM = "<b>\"'&"
CHOICES = [("", "–"), ("a", "甲"), (HARM, HARM), ("组", [("b", "乙"), (3, "丙")]), (HARM, [("c", HARM)])]
FLAT = [("a", "甲"), (HARM, HARM)]
WIDGETS = [
    forms.TextInput({"data-x": HARM, "hidden": True, "disabled": False, "title": SafeString("&lt;")}),
    forms.NumberInput(),
    forms.EmailInput(),
    forms.HiddenInput(),
    forms.PasswordInput(),
    forms.DateInput({"type": "date"}),
    forms.DateTimeInput(),
    forms.CheckboxInput(),
    forms.Textarea({"rows": 3}),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
]


@pytest.mark.parametrize("value", [None, "", "a", HARM, 3, True, 2.5, "\n甲"])
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
def test_controls_are_the_same(widget: forms.Widget, value: object) -> None:
    assert widget.template_name in DRAWN
    drawn = [widget.render("n", value, {"id": "i"}, renderer) for renderer in (Renderer(), DjangoTemplates())]
    assert drawn[0] == drawn[1]
    assert isinstance(drawn[0], SafeString)


@pytest.mark.parametrize("widget", [forms.RadioSelect, forms.CheckboxSelectMultiple])
@pytest.mark.parametrize("has_id", [True, False])
def test_boxes_are_the_same(widget: type[forms.RadioSelect], has_id: bool) -> None:
    def boxes(renderer: DjangoTemplates) -> list[str]:
        class Form(forms.Form):
            n = forms.MultipleChoiceField(choices=FLAT, widget=widget({"class": HARM}))

        bound = Form({"n": ["a"]}, renderer=renderer, auto_id="id_%s" if has_id else False)["n"]
        return [box.tag(wrap_label=wrapped) for box in bound for wrapped in (True, False)]

    assert boxes(Renderer()) == boxes(DjangoTemplates())

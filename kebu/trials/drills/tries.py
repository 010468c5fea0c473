"""Every door, tried by somebody who had the right a moment ago."""

from collections.abc import Sequence

from kebu.trials.drills.revoking import Person, Target
from kebu.trials.drills.verdict import Verdict
from kebu.trials.site.browser import Answer, Browser

SHUT = (302, 401, 403, 404, 410)
LISTS = (
    "/", "/customers/?view=mine", "/customers/?view=team", "/customers/?view=shared", "/customers/tabs/",
    "/customers/archive/", "/customers/?q={q}&view=team", "/search/?q={q}", "/interactions/quick/?q={q}",
    "/batches/", "/batches/{undo}/", "/batches/{batch}/", "/recycle-bin/", "/disputes/", "/imports/{import}/",
)  # fmt: skip
PAGES = (
    "/customers/{number}/", "/customers/{number}/history/", "/customers/{number}/edit/",
    "/customers/{number}/field/need/", "/customers/{number}/files/", "/desk/{number}/postponement/",
    "/contacts/new/?customer={number}", "/interactions/new/?customer={number}",
)  # fmt: skip
FORMS = {
    "/customers/{number}/edit/": {"name": "改过的", "version": "1"},
    "/customers/{number}/stage/": {"stage": "2", "version": "1"},
    "/customers/{number}/field/remark/": {"remark": "改过的", "version": "1"},
    "/customers/{number}/field/need/unknown/": {},
    "/customers/{number}/files/": {},
    "/customers/{number}/archival/": {},
    "/customers/{number}/deletion/": {},
    "/desk/{number}/postponement/": {"day": "2100-01-01"},
    "/contacts/new/?customer={number}": {"name": "林间", "phone": "13900139000"},
    "/interactions/new/?customer={number}": {"summary": "来电", "method": "phone"},
    "/interactions/quick/": {"customer": "{number}", "summary": "来电", "method": "phone"},
    "/customers/edits/?view=team": {"ids": "{id}", "change-remark": "1", "remark": "改过的"},
    "/customers/assignment/?view=team": {"ids": "{id}", "owner": "{user}"},
    "/customers/archivals/": {"ids": "{id}"},
    "/customers/deletions/": {"ids": "{id}"},
    "/customers/collaborators/": {"ids": "{id}", "user": "{user}", "level": "edit"},
}
# What may be answered otherwise, as long as nothing comes of it: the rows are compared afterwards.
ADDRESSES = ("/batches/{undo}/undo/", "/batches/{batch}/resumption/", "/imports/{import}/commit/")
OFFICE = ("/settings/users/", "/settings/roles/", "/journal/", "/settings/backups/")


def _filled(text: str, person: Person, target: Target) -> str:
    return text.format(
        number=target.number,
        id=target.pk,
        user=person.pk,
        undo=person.undo,
        batch=person.batch,
        q=target.number[-6:],
        **{"import": person.import_id or 1},
    )


def _is_shut(answer: Answer) -> bool:
    """Refused, or sent to sign in."""
    return answer.status in SHUT and (
        answer.status != 302 or "/sign-in/" in (answer.headers.get("Location") or "")
    )


def read_everywhere(person: Person, targets: Sequence[Target], verdict: Verdict) -> None:
    """No page of a customer opens, no list, search or hint names it; of the office nothing is left."""
    for place, tab in enumerate(person.tabs):
        target = targets[place]
        for text in (*LISTS, *PAGES):
            path = _filled(text, person, target)
            for is_fragment in (False, True):
                answer = tab.get(path, fragment=is_fragment)
                person.tries += 1
                named = [one.name for one in targets if one.name in answer.text]
                if named or (text in PAGES and not _is_shut(answer)) or answer.status >= 500:
                    words = f"{person.loss.name}, tab {place}: GET {path} {answer.status} {named[:1]}"
                    verdict.fault("wrong", words)
        for path in OFFICE if person.loss.role == "admin" else ():
            person.tries += 1
            if not _is_shut(answer := tab.get(path)):
                verdict.fault("wrong", f"{person.loss.name}, tab {place}: GET {path} {answer.status}")


def knock(person: Person, targets: Sequence[Target], verdict: Verdict) -> None:
    """No form is taken, no address of before does anything, no link and no password lets a leaver in."""
    for place, tab in enumerate(person.tabs):
        target = targets[place]
        for text, form in FORMS.items():
            path = _filled(text, person, target)
            sent = {name: _filled(value, person, target) for name, value in form.items()}
            answer = tab.post(path, sent, fragment=bool(place % 2))
            person.tries += 1
            quick = text == "/interactions/quick/" and answer.status == 422
            if not (_is_shut(answer) or quick):
                words = f"{person.loss.name}, tab {place}: POST {path} {answer.status}"
                verdict.fault("wrong", words)
        for text in ADDRESSES:
            tab.post(_filled(text, person, target), {})
            person.tries += 1
    if person.loss.name == "disabled":
        _come_back(person, verdict)


def _come_back(person: Person, verdict: Verdict) -> None:
    """Who was switched off tries his password, and the link he was given."""
    password = "Another-Harbour-2048"  # noqa: S105
    stranger = Browser(person.tabs[0].port)
    stranger.get("/sign-in/")
    opened = stranger.get(person.link)
    person.tries += 3
    if opened.status != 410 or stranger.post(person.link, {"password": password}).status != 410:
        verdict.fault("wrong", f"the link still opens: {opened.status}")
    for word in (password, person.password):
        try:
            Browser.signed_in(stranger.port, person.username, word)
        except PermissionError:
            continue
        verdict.fault("wrong", "he signed in again")

"""A link by mail: the same answer for everybody, the link for those who may."""

import email
import re
import threading
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client

from kebu.base.jobs.models import Job
from kebu.base.journal.models import JournalEntry
from kebu.office.signin.tasks import mail as mail_job
from kebu.office.signin.tests.signing import sign_in
from kebu.office.staff.models import User
from kebu.project import outside

pytestmark = pytest.mark.django_db
PAGE = "/sign-in/forgotten/"


def ask(account: str, **headers: Any) -> str:
    """Ask, let the worker work; what the page said."""
    answer = Client().post(PAGE, {"account": account}, **headers)
    for job in Job.objects.filter(kind="signin.mail"):
        mail_job(job, lambda: None)
    Job.objects.all().delete()
    return answer.content.decode()


@pytest.fixture
def server(settings: Any) -> None:
    settings.KEBU_MAIL = "smtp://127.0.0.1"


def test_without_a_server_there_is_no_such_page(client: Client, rep: User) -> None:
    assert client.get(PAGE).status_code == 404
    assert "忘了密码" not in client.get("/sign-in/").content.decode()


class Postman(StreamRequestHandler):
    """A mail server as small as one can be: takes what comes."""

    letters: ClassVar[list[bytes]] = []

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        self.say("220 post")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                self.letters.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            self.say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return


def test_through_a_mail_server(rep: User, client: Client, settings: Any) -> None:
    """From the page over the wire into the letter, and by its link back in."""
    User.objects.filter(pk=rep.pk).update(email="zhou@example.com")
    with ThreadingTCPServer(("127.0.0.1", 0), Postman) as post:
        thread = threading.Thread(target=post.serve_forever, args=(0.02,))
        thread.start()
        settings.KEBU_MAIL = f"smtp://127.0.0.1:{post.server_address[1]}"
        for name, value in outside.mail_settings(settings.KEBU_MAIL).items():
            setattr(settings, name, value)
        ask("zhou@example.com")
        post.shutdown()
        thread.join()
    (letter,) = map(email.message_from_bytes, Postman.letters)
    text = bytes(letter.get_payload(decode=True) or b"").decode()
    assert letter["To"] == "zhou@example.com"
    link = re.findall(r"http://testserver(/set-password/\S+)", text)[0]
    assert client.post(link, {"password": "tidy-harbour-9"}).headers["Location"] == "/sign-in/"
    sign_in(rep, "tidy-harbour-9")


@pytest.mark.usefixtures("server")
def test_same_answer_for_all_a_link_for_one(rep: User, mate: User, client: Client) -> None:
    User.objects.filter(pk=rep.pk).update(email="zhou@example.com")
    User.objects.filter(pk=mate.pk).update(email="lin@example.com", is_active=False)
    assert "忘了密码" in client.get("/sign-in/").content.decode()
    answers = {
        re.sub(r'name="csrf[^>]+>', "", ask(who)) for who in ("lin", "nobody", "lin@example.com", "x@y.z")
    }
    assert len(answers) == 1
    assert mail.outbox == []
    assert ask("ZHOU@example.com", REMOTE_ADDR="10.1.1.1") in answers
    (letter,) = mail.outbox
    assert letter.to == ["zhou@example.com"]
    link = re.findall(r"http://testserver(/set-password/\S+)", str(letter.body))[0]
    assert client.post(link, {"password": "tidy-harbour-9"}).headers["Location"] == "/sign-in/"
    assert client.post(urlsplit(link).path, {"password": "calm-meadow-4"}).status_code == 410
    sign_in(rep, "tidy-harbour-9")
    changes = JournalEntry.objects.filter(kind="user", record_id=rep.pk).values_list("changes", flat=True)
    assert [list(one) for one in changes] == [["password_link"], ["password"]]


@pytest.mark.usefixtures("server")
def test_nobody_floods_a_mailbox(rep: User) -> None:
    User.objects.filter(pk=rep.pk).update(email="zhou@example.com")
    answers = [ask("zhou") for _ in range(6)]
    assert len(mail.outbox) == 5
    assert "15分钟" in answers[-1]

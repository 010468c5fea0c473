"""Notices by mail, to a server on this machine."""

import email
import email.policy
import threading
from collections.abc import Iterator
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, ClassVar

import pytest
from django.utils import timezone

from kebu.office.notices.actions import notify
from kebu.office.notices.choices import State, Way
from kebu.office.notices.models import Delivery, Preference
from kebu.office.notices.tests.outside import work_off
from kebu.office.staff.models import User
from kebu.project import outside

TEST = "notices.test"


class Postman(StreamRequestHandler):
    """A mail server as small as one can be; ``answers`` tells it to say something else than 250."""

    letters: ClassVar[list[bytes]] = []
    answers: ClassVar[dict[bytes, str]] = {}

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def handle(self) -> None:
        self.say("220 post")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                self.say("354 go on")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                if self.answers.get(b"DOT ") == "hang up":
                    return
                self.letters.append(letter)
            self.say("221 bye" if word == b"QUIT" else self.answers.get(word, "250 ok"))
            if word == b"QUIT":
                return


@pytest.fixture
def post(settings: Any, rep: User) -> Iterator[type[Postman]]:
    """The server, and a person who wants mail."""
    Postman.letters, Postman.answers = [], {}
    User.objects.filter(pk=rep.pk).update(email="zhou@example.com")
    Preference.objects.create(user=rep, ways={TEST: [Way.EMAIL]})
    with ThreadingTCPServer(("127.0.0.1", 0), Postman) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        settings.KEBU_MAIL = f"smtp://127.0.0.1:{server.server_address[1]}"
        for name, value in outside.mail_settings(settings.KEBU_MAIL).items():
            setattr(settings, name, value)
        yield Postman
        server.shutdown()
        thread.join()


def tell(rep: User) -> Delivery:
    notify([rep.pk], kind=TEST, key="1", title="报价\n今天到期", url="/customers/1/", at=timezone.now())
    work_off()
    return Delivery.objects.get()


def test_a_mail_with_the_link(rep: User, post: type[Postman]) -> None:
    assert tell(rep).state == State.SENT
    (letter,) = (email.message_from_bytes(one, policy=email.policy.default) for one in post.letters)
    assert (letter["To"], letter["Subject"]) == ("zhou@example.com", "客簿：报价 今天到期")
    assert "http://127.0.0.1:8000/customers/1/" in letter.get_content()


@pytest.mark.parametrize(
    ("word", "answer", "state"),
    [
        (b"RCPT", "550 no such user", State.DEAD),
        (b"RCPT", "451 come later", State.FAILED),
        (b"MAIL", "550 not you", State.DEAD),
        (b"DOT ", "hang up", State.UNCONFIRMED),
    ],
)
def test_what_the_server_says_is_heard(
    rep: User, post: type[Postman], word: bytes, answer: str, state: State
) -> None:
    post.answers[word] = answer
    assert tell(rep).state == state


def test_no_server_there(rep: User, post: type[Postman], settings: Any) -> None:
    settings.EMAIL_PORT = 9
    one = tell(rep)
    assert (one.state, one.tries) == (State.FAILED, 1)
    assert "连不上邮件服务器" in one.answer

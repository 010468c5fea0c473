"""The other side, on this machine: a receiver that answers as told and keeps what it was sent."""

import json
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from django.utils import timezone

from kebu.base.jobs.models import Job
from kebu.base.jobs.worker import Worker
from kebu.office.notices import tasks

Reply = Callable[[int], tuple[int, bytes]]
FINE = b'{"errcode":0,"errmsg":"ok"}'


def work_off() -> None:
    """Do what a worker would do now."""
    assert tasks.send is not None
    with tempfile.TemporaryDirectory() as folder:
        worker = Worker(Path(folder))
        while job := Job.objects.claim(worker.presence.holder, at=timezone.now()):
            worker.perform(job)
        worker.presence.leave()


@dataclass
class Heard:
    """One call as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """``reply(number)`` says what the n-th call is answered; a status of 0 drops the connection."""

    reply: Reply = lambda number: (200, FINE)
    heard: list[Heard] = field(default_factory=list)

    def __enter__(self) -> "Receiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append(Heard(self.path, dict(self.headers), body))
                status, answer = receiver.reply(len(receiver.heard))
                if status:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))
        self.thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.host}"

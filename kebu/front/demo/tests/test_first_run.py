"""The first run's second and third step: demo data made once in the background, taken away, or left out."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from kebu.base.jobs.choices import State
from kebu.base.jobs.models import Interrupted, Job
from kebu.base.jobs.worker import Worker
from kebu.crm.customers.models import Customer
from kebu.crm.interactions.models import Interaction
from kebu.front.demo import tasks
from kebu.front.demo.actions import Size
from kebu.office.staff.models import User
from tests.cast import ClientOf, MakeCustomer

pytestmark = pytest.mark.django_db
OFFER = "/setup/demo/"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less of it, in three chunks."""
    monkeypatch.setattr(tasks, "SIZE", Size(45, 90, 3))
    monkeypatch.setattr(tasks, "STEP", 15)


@pytest.fixture
def office(admin: User, client_of: ClientOf) -> Client:
    return client_of(admin)


def work_off(folder: Path) -> Job:
    """Let a worker do what waits."""
    job = Job.objects.claim("worker of the test", at=timezone.now())
    assert job is not None
    Worker(folder).perform(job)
    job.refresh_from_db()
    return job


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.usefixtures("shipped")
def test_three_steps(client: Client, tmp_path: Path) -> None:
    form = {"name": "方蔚然", "username": "fang", "password": "tidy-harbour-9"}
    assert client.post("/setup/", form).headers["Location"] == OFFER
    assert "放示例数据" in text_of(client, OFFER)
    assert client.post(OFFER).headers["Location"] == "/setup/data/"
    assert 'hx-trigger="every 1s"' in text_of(client, "/setup/data/")
    assert "/imports/" in text_of(client, "/setup/data/")
    assert work_off(tmp_path).state == State.DONE
    assert (Customer.objects.count(), Interaction.objects.count() > 50) == (45, True)
    assert "示例数据放好了" in text_of(client, "/setup/data/")
    assert 'data-total-text="45"' in text_of(client, "/customers/")


def test_nobody_signs_in_with_the_demo_and_no_administrator_is_added(office: Client, tmp_path: Path) -> None:
    office.post(OFFER)
    work_off(tmp_path)
    made = User.objects.exclude(username="admin")
    assert made.count() == 7
    assert not any(user.has_usable_password() for user in made)
    assert User.objects.filter(roles__code="admin").count() == 1


def test_pressed_twice_it_is_made_once(office: Client, tmp_path: Path) -> None:
    office.post(OFFER)
    office.post(OFFER)
    assert Job.objects.filter(kind="demo.fill").count() == 1
    work_off(tmp_path)
    assert office.post(OFFER).status_code == 302
    assert Job.objects.filter(kind="demo.fill").count() == 1
    assert "删除示例数据" in text_of(office, OFFER)


def test_stopped_on_the_way_it_goes_on_from_there(office: Client) -> None:
    office.post(OFFER)
    job = Job.objects.claim("first", at=timezone.now())
    assert job is not None
    with pytest.raises(Interrupted):
        tasks.make(job, stopped)
    assert Customer.objects.count() == 15
    job.give_back(at=timezone.now())
    job = Job.objects.claim("second", at=timezone.now())
    assert job is not None
    tasks.make(job, lambda: None)
    assert Customer.objects.count() == 45
    assert Customer.objects.values("name").distinct().count() == 45


def stopped() -> None:
    raise Interrupted


def test_never_beside_real_customers(office: Client, rep: User, make_customer: MakeCustomer) -> None:
    make_customer(owner=rep)
    page = text_of(office, OFFER)
    assert "已经有客户了" in page
    assert 'class="k-choice"' not in page
    office.post(OFFER)
    assert not Job.objects.exists()


@pytest.mark.slow
def test_removed_and_offered_again(
    office: Client, tmp_path: Path, make_customer: MakeCustomer, admin: User
) -> None:
    office.post(OFFER)
    work_off(tmp_path)
    mine = make_customer(owner=admin)
    assert office.post("/setup/demo/removal/").headers["Location"] == OFFER
    assert work_off(tmp_path).state == State.DONE
    assert list(Customer.objects.all()) == [mine]
    assert list(User.objects.all()) == [admin]
    Customer.objects.all().delete()
    office.post(OFFER)
    assert work_off(tmp_path).state == State.DONE
    assert Customer.objects.count() == 45


def test_a_demonstration_is_not_ended_from_a_page(office: Client, tmp_path: Path, settings: Settings) -> None:
    office.post(OFFER)
    work_off(tmp_path)
    settings.KEBU_DEMO_PASSWORD = "shown-in-the-terminal"
    assert "kebu demo --remove" in text_of(office, OFFER)
    office.post("/setup/demo/removal/")
    assert not Job.objects.filter(kind="demo.remove").exists()


def test_only_for_who_manages_the_office(rep: User, client_of: ClientOf) -> None:
    client = client_of(rep)
    assert [client.get(OFFER).status_code, client.post(OFFER).status_code] == [403, 403]
    assert Client().get(OFFER).headers["Location"] == f"/sign-in/?next={OFFER}"
    assert not Job.objects.exists()

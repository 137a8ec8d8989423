"""In production a proxy ends TLS, and machines come from inside."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client, RequestFactory, override_settings

from config.proxy import client_address


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
@pytest.mark.django_db
def test_health_answers_to_every_name_and_over_plain_http(client: Client, path: str) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True, ALLOWED_HOSTS=["inbox.example.org"]):
        assert client.get(path, headers={"host": "10.0.0.7:8000"}).status_code == 200
        assert client.post(path, headers={"host": "10.0.0.7:8000"}).status_code == 400


def test_a_page_answers_to_its_own_name_alone(client: Client) -> None:
    with override_settings(ALLOWED_HOSTS=["inbox.example.org"]):
        assert client.get("/sign-in/", headers={"host": "elsewhere.example.org"}).status_code == 400


@pytest.mark.django_db
def test_agents_may_call_from_inside_over_plain_http_and_people_may_not(client: Client) -> None:
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.put("/api/requests/sign_1" + "a" * 38).status_code == 401
        assert client.get("/sign-in/").status_code == 301


def test_the_clients_address_is_the_one_that_our_own_proxy_has_added() -> None:
    request = RequestFactory().get("/", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.9"}, REMOTE_ADDR="10.0.0.2")
    assert client_address(request) == "203.0.113.9"
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")) == "203.0.113.9"


def test_strangers_behind_the_same_proxy_do_not_lock_the_reviewer_out(reviewer: User) -> None:
    with override_settings(AXES_CLIENT_IP_CALLABLE="config.proxy.client_address"):
        assert settings.AXES_LOCKOUT_PARAMETERS == [["username", "ip_address"]]
        stranger, rea = Client(), Client()
        for _ in range(11):
            wrong = {"username": "reviewer", "password": "wrong"}
            stranger.post("/sign-in/", wrong, headers={"x-forwarded-for": "198.51.100.1"})
        right = {"username": "reviewer", "password": "a long password"}
        assert rea.post("/sign-in/", right, headers={"x-forwarded-for": "203.0.113.9"}).status_code == 302

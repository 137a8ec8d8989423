"""What our processes print holds no secret."""

from tests.house.house import House
from tests.house.people import Person
from tests.tokens import begun_tokens


def test_after_a_whole_approval_no_secret_stands_in_any_log(house: House, reviewer: Person) -> None:
    request = house.request_of(house.ask("Please reimburse 1,400 USD for a train.", session="secrets"))
    reviewer.decide(request["id"], "approve")
    house.wait_for_delivery(request["id"], "done")
    folder = house.settings.var / "secrets"
    # Which public key they accept, agents say themselves.
    secrets = {path.name: path.read_text().strip() for path in folder.iterdir() if path.name != "identity_keys"}
    assert {"agent_token", "secret_key", "demo_password", "postgres_password"} <= set(secrets)
    logs = {name: house.processes[name].log for name in ("web", "courier", "agents")}
    found = [(name, secret) for name, log in logs.items() for secret, value in secrets.items() if value in log]
    assert found == []
    tokens = [(name, token) for name, log in logs.items() for token in begun_tokens(log)]
    assert tokens == [], "a signed token was logged"

"""What is read from the environment, and what is refused."""

import re
import stat
from pathlib import Path

import pytest

from config import env


def test_a_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:p%40ss@db.example.org:6000/registry?sslmode=require")
    found = env.database(tmp_path)
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("registry", "someone", "p@ss")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]["sslmode"]) == ("db.example.org", "6000", "require")


def test_a_process_of_a_role_prefers_the_address_of_its_role(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://strata_app@db/registry")
    monkeypatch.setenv("DATABASE_URL_OWNER", "postgres://strata_owner@db/registry")
    monkeypatch.setenv("STRATA_ROLE", "owner")
    assert env.database(tmp_path)["USER"] == "strata_owner"
    monkeypatch.setenv("STRATA_ROLE", "worker")
    assert env.database(tmp_path)["USER"] == "strata_app"


def test_without_an_address_the_embedded_socket_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setenv("STRATA_ROLE", "worker")
    found = env.database(Path("/srv/strata"))
    assert (found["USER"], found["HOST"]) == ("strata_worker", "/srv/strata/postgres/socket")


@pytest.mark.parametrize("address", ["mysql://a@b/c", "postgres://a@b", "just words"])
def test_an_address_of_no_postgresql_database_says_how_to_write_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    with pytest.raises(env.BadSetting, match="postgres://user:password@host"):
        env.database(tmp_path)


def test_an_unknown_role_names_the_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATA_ROLE", "root")
    with pytest.raises(env.BadSetting, match="app, worker, owner"):
        env.role()


@pytest.mark.parametrize("value", ["0", "-1", "many", "2.5"])
def test_a_limit_is_a_whole_number_above_zero(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("STRATA_MAX_UPLOAD_MB", value)
    with pytest.raises(env.BadSetting, match="whole number"):
        env.whole_number("STRATA_MAX_UPLOAD_MB", 200)


def test_neither_yes_nor_no_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRATA_DEBUG", "perhaps")
    with pytest.raises(env.BadSetting, match="neither yes nor no"):
        env.flag("STRATA_DEBUG")


def test_a_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    first = env.secret("SOME_KEY", tmp_path)
    assert len(first) >= 50
    assert env.secret("SOME_KEY", tmp_path) == first
    kept = tmp_path / "keys" / "some_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["some_key"]


def test_a_secret_of_the_environment_goes_before_the_kept_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    env.secret("SOME_KEY", tmp_path)
    monkeypatch.setenv("SOME_KEY", "given")
    assert env.secret("SOME_KEY", tmp_path) == "given"


def test_every_variable_that_is_read_is_explained() -> None:
    explained = (env.PROJECT / ".env.example").read_text()
    code = "".join(path.read_text() for path in (env.PROJECT / "config").rglob("*.py"))
    read = set(re.findall(r'"((?:STRATA_|DATABASE_URL|SECRET_KEY|CELERY_)[A-Z_]*)"', code))
    assert read > {"STRATA_DATA", "DATABASE_URL", "SECRET_KEY"}
    assert {name for name in read if f"{name}=" not in explained} == set()

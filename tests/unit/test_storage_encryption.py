"""Personal data at rest: found by keyed hash, opened only with the right key, gone when the key is."""

import pytest

from storage.encryption import PersonKey, Vault
from storage.errors import ConfigurationError, NotFound

OLD, NEW = "an old secret that is long enough for it", "a new secret that is long enough for it"


def test_a_value_opens_with_the_key_that_sealed_it_and_in_its_context_only() -> None:
    vault = Vault(OLD)
    sealed = vault.seal(b"+32470123456", "address")
    assert b"32470" not in sealed
    assert vault.open(sealed, "address") == b"+32470123456"
    with pytest.raises(ConfigurationError):
        vault.open(sealed, "credentials")


@pytest.mark.parametrize("position", [0, 5, 20, -1])
def test_an_altered_value_does_not_open(position: int) -> None:
    vault = Vault(OLD)
    sealed = bytearray(vault.seal(b"value", "x"))
    sealed[position] ^= 1
    with pytest.raises(ConfigurationError):
        vault.open(bytes(sealed), "x")


@pytest.mark.parametrize("length", [0, 3, 4, 10, 17])
def test_a_value_that_was_cut_off_is_refused_with_a_reason(length: int) -> None:
    vault = Vault(OLD)
    with pytest.raises(ConfigurationError):
        vault.open(vault.seal(b"value", "x")[:length], "x")


def test_the_same_value_is_sealed_differently_each_time_and_looked_up_alike() -> None:
    vault = Vault(OLD)
    assert vault.seal(b"value", "x") != vault.seal(b"value", "x")
    assert vault.lookup("sms:+32470123456") == vault.lookup("sms:+32470123456")
    assert vault.lookup("sms:+32470123456") != vault.lookup("whatsapp:+32470123456")


def test_after_a_rotation_old_values_open_and_are_found_and_new_ones_use_the_new_key() -> None:
    before, after = Vault(OLD), Vault(f"{NEW}, {OLD}")
    assert after.open(before.seal(b"value", "x"), "x") == b"value"
    assert before.lookup("value") in after.lookups("value")
    assert after.lookup("value") == Vault(NEW).lookup("value")
    assert Vault(NEW).open(after.seal(b"value", "x"), "x") == b"value"


def test_without_the_old_secret_old_values_do_not_open() -> None:
    with pytest.raises(ConfigurationError, match="SAMENSPRAAK_SECRET_KEY"):
        Vault(NEW).open(Vault(OLD).seal(b"value", "x"), "x")


@pytest.mark.parametrize("secrets", ["", "short", f"{OLD},", f"{OLD}, short"])
def test_a_short_secret_is_refused(secrets: str) -> None:
    with pytest.raises(ConfigurationError, match="at least 32"):
        Vault(secrets)


def test_each_person_has_a_key_that_opens_no_other_persons_values() -> None:
    vault = Vault(OLD)
    wrapped, key = vault.new_person()
    _, other = vault.new_person()
    assert vault.person(wrapped).open(key.seal("Mijn vraag 😀")) == "Mijn vraag 😀"
    with pytest.raises(ConfigurationError):
        other.open(key.seal("Mijn vraag"))


def test_a_person_whose_key_was_destroyed_is_erased() -> None:
    with pytest.raises(NotFound, match="erased"):
        Vault(OLD).person(None)


def test_a_persons_altered_value_does_not_open() -> None:
    key = PersonKey(bytes(32))
    with pytest.raises(ConfigurationError):
        key.open(key.seal("x")[:-1])
    with pytest.raises(ConfigurationError):
        key.open(b"")

"""The demonstration's second count: what alerts reached, told from the wording at the providers alone."""

from typing import Any

from samenspraak.demo.count_alerts import figures

ALERT, UPDATE = "WAARSCHUWING - Politiezone\nGaslek", "NIEUWS OVER DE WAARSCHUWING - Politiezone\nGaslek"


def sent(number: int, text: str, address: str = "+32460100001", channel: str = "sms", **more: Any) -> dict[str, Any]:
    entry = {"event": "accepted", "account": "zone", "provider_id": str(number)}
    return {**entry, "text": text, "address": address, "channel": channel, **more}


def failed(number: int) -> dict[str, Any]:
    return {"event": "status", "account": "zone", "provider_id": str(number), "status": "undelivered"}


def said(text: str, address: str = "+32460100001") -> dict[str, Any]:
    return {"event": "inbound", "account": "zone", "text": text, "address": address}


def test_messages_are_told_apart_by_their_headings_also_within_a_template() -> None:
    log = [sent(1, ALERT), sent(2, UPDATE), sent(3, "Zone laat weten: EINDE WAARSCHUWING: Gaslek", template="HX1")]
    log += [sent(4, "Zone laat weten: Gaslek", template="HX1"), sent(5, "Dank u.")]
    assert figures(log, ["zone"]) == {"reached by alert": 2, "reached by update": 1, "reached by all_clear": 1}


def test_what_did_not_arrive_counts_as_sent_another_way_once_it_came_by_another_channel() -> None:
    log = [sent(1, ALERT, "whatsapp:+32460100001", "whatsapp"), failed(1), sent(2, ALERT)]
    assert figures(log, ["zone"]) == {"reached by alert": 1, "sent another way: sms": 1}


def test_a_later_alert_that_arrives_is_not_another_way() -> None:
    log = [sent(1, ALERT, channel="whatsapp"), failed(1), sent(2, ALERT), sent(3, ALERT, channel="whatsapp")]
    assert figures(log, ["zone"])["sent another way: sms"] == 1


def test_the_last_word_of_each_person_counts() -> None:
    log = [said("Ik heb hulp nodig"), said("Ik ben veilig"), said("Ik heb hulp nodig", "+32460100002")]
    assert figures(log, ["zone"]) == {"answer safe": 1, "answer need_help": 1}


def test_what_others_sent_does_not_count() -> None:
    assert figures([sent(1, ALERT)], ["town"]) == {}

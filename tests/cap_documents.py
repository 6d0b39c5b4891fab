"""Small CAP documents, as dispatch rooms, weather services and people with bad intentions write them."""

from collections.abc import Iterable

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SENT = "2026-11-26T07:00:00+01:00"
SQUARE = "51.00,4.00 51.10,4.00 51.10,4.10 51.00,4.00"


def info(*more: str, language: str = "nl-BE", event: str = "Brand", severity: str = "Severe") -> str:
    """A block of information; `more` stands behind what is compulsory."""
    return (
        f"<info><language>{language}</language><category>Fire</category><event>{event}</event>"
        f"<urgency>Immediate</urgency><severity>{severity}</severity><certainty>Observed</certainty>"
        f"{''.join(more)}</info>"
    )


def area(*more: str) -> str:
    """A named area."""
    return f"<area><areaDesc>Lindebeke</areaDesc>{''.join(more)}</area>"


def alert(
    *infos: str,
    identifier: str = "LB-1",
    sender: str = "meldkamer@example.be",
    sent: str = SENT,
    status: str = "Actual",
    kind: str = "Alert",
    scope: str = "<scope>Public</scope>",
    more: str = "",
) -> str:
    """A whole alert without XML declaration; `more` stands behind the scope."""
    return (
        f'<alert xmlns="{NAMESPACE}"><identifier>{identifier}</identifier><sender>{sender}</sender>'
        f"<sent>{sent}</sent><status>{status}</status><msgType>{kind}</msgType>{scope}{more}"
        f"{''.join(infos)}</alert>"
    )


def reference(identifier: str = "LB-1", sender: str = "meldkamer@example.be", sent: str = SENT) -> str:
    """What an update or a cancellation refers to."""
    return f"<references>{sender},{identifier},{sent}</references>"


def atom(alerts: Iterable[str]) -> str:
    """A feed with the alerts inside its entries."""
    entries = "".join(f'<entry><content type="text/xml">{one}</content></entry>' for one in alerts)
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Alerts</title>{entries}</feed>'


def edxl(alerts: Iterable[str]) -> str:
    """A distribution envelope of EDXL-DE 1.0."""
    contents = "".join(
        f"<contentObject><xmlContent><embeddedXMLContent>{one}</embeddedXMLContent></xmlContent></contentObject>"
        for one in alerts
    )
    return (
        '<EDXLDistribution xmlns="urn:oasis:names:tc:emergency:EDXL:DE:1.0"><distributionID>d1</distributionID>'
        f"<senderID>s@example.be</senderID>{contents}</EDXLDistribution>"
    )


VALID = {
    "an alert in one language": alert(info()),
    "an alert in four languages": alert(*(info(language=one) for one in ("nl-BE", "fr-BE", "de", "en-US"))),
    "a bare withdrawal": alert(kind="Cancel", more=reference()),
    "an acknowledgement": alert(kind="Ack", more=f"<note>Ontvangen</note>{reference()}"),
    "an error": alert(kind="Error", more=f"<note>Onleesbaar</note>{reference()}"),
    "an exercise": alert(info(), status="Exercise"),
    "a test": alert(info(), status="Test"),
    "a system message": alert(status="System"),
    "a private message": alert(
        info(), scope="<scope>Private</scope>", more="<addresses>a@example.be &quot;b c&quot;</addresses>"
    ),
    "a restricted message": alert(info(), scope="<scope>Restricted</scope><restriction>Politie</restriction>"),
    "a closed polygon": alert(info(area(f"<polygon>{SQUARE}</polygon>"))),
    "a polygon over several lines": alert(info(area(f"<polygon>\n  {SQUARE.replace(' ', chr(10))}\n</polygon>"))),
    "a polygon closed with other decimals": alert(
        info(area("<polygon>51,4 51.1,4 51.1,4.1 51.000,4.0</polygon>")),
    ),
    "an empty polygon": alert(info(area("<polygon/>"))),
    "a circle": alert(info(area("<circle>51.03,4.48 2.5</circle>"))),
    "a circle without extent": alert(info(area("<circle>-51.03,-4.48 0</circle>"))),
    "geocodes and heights": alert(
        info(
            area(
                "<geocode><valueName>NIS</valueName><value>12025</value></geocode>",
                "<altitude>0</altitude><ceiling>300.5</ceiling>",
            )
        )
    ),
    "all that an info can hold": alert(
        "<info><language>nl</language><category>Met</category><category>Geo</category><event>Storm</event>"
        "<responseType>Shelter</responseType><responseType>Monitor</responseType><urgency>Expected</urgency>"
        "<severity>Moderate</severity><certainty>Likely</certainty><audience>Iedereen</audience>"
        "<eventCode><valueName>SAME</valueName><value>TOR</value></eventCode>"
        "<effective>2026-11-26T07:00:00+01:00</effective><onset>2026-11-26T09:00:00+01:00</onset>"
        "<expires>2026-11-26T21:00:00+01:00</expires><senderName>KMI</senderName><headline>Storm op komst</headline>"
        "<description>Windstoten tot 110 km/u.</description><instruction>Blijf binnen.</instruction>"
        "<web>https://example.be/storm</web><contact>112</contact>"
        "<parameter><valueName>niveau</valueName><value>oranje</value></parameter>"
        "<resource><resourceDesc>kaart</resourceDesc><mimeType>image/png</mimeType><size>12</size>"
        "<uri>https://example.be/kaart.png</uri><derefUri>AAAA</derefUri><digest>00ff</digest></resource></info>"
    ),
    "text in a CDATA section": alert(info("<headline><![CDATA[Brand & rook < 5 km]]></headline>")),
    "comments and instructions around": f"<?xml version='1.0'?><!-- a --><?b c?>{alert(info())}<!-- d -->",
    "an offset of minus": alert(info(), sent="2026-11-26T01:00:00-05:00"),
    "UTC as the standard writes it": alert(info(), sent="2026-11-26T06:00:00-00:00"),
    "midnight at the end of a day": alert(info(), sent="2026-11-26T24:00:00+01:00"),
    "the day that some years have": alert(info(), sent="2028-02-29T07:00:00+01:00"),
    "an onset before it was sent": alert(info("<onset>2026-11-26T05:00:00+01:00</onset>")),
    "a prefix": alert(info()).replace("<", "<c:").replace("<c:/", "</c:").replace("xmlns=", "xmlns:c="),
    "a signature": alert(info(), '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><Object/></Signature>'),
    "a feed of one": atom([alert(info())]),
    "a feed of several": atom([alert(info(), identifier=f"LB-{number}") for number in range(5)]),
    "an envelope": edxl([alert(info())]),
    "an envelope of two": edxl([alert(info()), alert(kind="Cancel", more=reference())]),
    "a place of its schema": alert(info()).replace(
        "<alert",
        '<alert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x http://localhost/x"',
        1,
    ),
}

INVALID = {
    "nothing": ("", "no well-formed XML"),
    "no XML": ("Brand in de Kerkstraat", "no well-formed XML"),
    "half a document": (alert(info())[:-4], "no well-formed XML"),
    "an entity that nobody defined": (alert(info("<headline>a&nbsp;b</headline>")), "no well-formed XML"),
    "something else": ("<html/>", "holds no CAP 1.2 alert"),
    "a feed that only refers": (
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><link href="http://localhost/a.xml"/></entry></feed>',
        "holds no CAP 1.2 alert",
    ),
    "CAP 1.1": (alert(info()).replace("cap:1.2", "cap:1.1"), "another version of CAP"),
    "CAP 1.1 in a feed": (atom([alert(info()).replace("cap:1.2", "cap:1.1")]), "another version of CAP"),
    "CAP 1.0": (
        alert(info()).replace(NAMESPACE, "http://www.incident.com/cap/1.0"),
        "another version of CAP",
    ),
    "no namespace": (alert(info()).replace(f' xmlns="{NAMESPACE}"', ""), "without the namespace of CAP 1.2"),
    "no identifier": (alert(info()).replace("<identifier>LB-1</identifier>", ""), "not CAP 1.2"),
    "no scope": (alert(info(), scope=""), "not CAP 1.2"),
    "a status of its own": (alert(info(), status="Real"), "not CAP 1.2"),
    "a word in another case": (alert(info(severity="severe")), "'severe' is not an element of the set {'Extreme'"),
    "no urgency": (alert(info().replace("<urgency>Immediate</urgency>", "")), "not CAP 1.2"),
    "two identifiers": (alert(info()).replace("<sender>", "<identifier>LB-2</identifier><sender>"), "not CAP 1.2"),
    "two severities": (alert(info()).replace("<severity>", "<severity>Minor</severity><severity>"), "not CAP 1.2"),
    "elements in another order": (
        alert(info("<headline>a</headline><senderName>b</senderName>")),
        "not CAP 1.2",
    ),
    "an element of its own": (alert(info("<colour>rood</colour>")), "not CAP 1.2"),
    "an attribute of its own": (alert(info()).replace("<info>", '<info id="1">'), "not CAP 1.2"),
    "markup in a text": (alert(info("<headline>een <b>brand</b></headline>")), "not CAP 1.2"),
    "text between the elements": (alert("Let op", info()), "not CAP 1.2"),
    "a language that is none": (alert(info(language="het Nederlands")), "not CAP 1.2"),
    "Z for UTC": (alert(info(), sent="2026-11-26T07:00:00Z"), "not CAP 1.2"),
    "no offset": (alert(info(), sent="2026-11-26T07:00:00"), "not CAP 1.2"),
    "parts of a second": (alert(info(), sent="2026-11-26T07:00:00.5+01:00"), "not CAP 1.2"),
    "a month that does not exist": (alert(info(), sent="2026-13-01T07:00:00+01:00"), "not CAP 1.2"),
    "an offset that does not exist": (alert(info(), sent="2026-11-26T07:00:00+15:00"), "not CAP 1.2"),
    "a day that does not exist": (alert(info(), sent="2026-02-30T07:00:00+01:00"), "not CAP 1.2"),
    "the day that this year lacks": (alert(info(), sent="2026-02-29T07:00:00+01:00"), "not CAP 1.2"),
    "an hour that does not exist": (alert(info(), sent="2026-11-26T25:00:00+01:00"), "not CAP 1.2"),
    "a moment before all calendars": (alert(info(), sent="0001-01-01T00:00:00+14:00"), "impossible date"),
    "an end before it was sent": (
        alert(info("<expires>2026-11-26T06:59:59+01:00</expires>")),
        "impossible dates: expires lies before sent",
    ),
    "an end before it was sent, by the offset": (
        alert(info("<expires>2026-11-26T07:30:00+02:00</expires>")),
        "impossible dates: expires lies before sent",
    ),
    "an end before it holds": (
        alert(
            info("<effective>2026-11-27T07:00:00+01:00</effective><expires>2026-11-26T09:00:00+01:00</expires>"),
        ),
        "impossible dates: expires lies before effective",
    ),
    "an end before it begins": (
        alert(info("<onset>2026-11-27T07:00:00+01:00</onset><expires>2026-11-26T09:00:00+01:00</expires>")),
        "impossible dates: expires lies before onset",
    ),
    "an open polygon": (alert(info(area("<polygon>51,4 51.1,4 51.1,4.1 51,4.1</polygon>"))), "open polygon"),
    "a polygon of two points": (alert(info(area("<polygon>51,4 51.1,4 51,4</polygon>"))), "open polygon"),
    "a polygon of words": (alert(info(area("<polygon>hier daar ginder hier</polygon>"))), "is no point of a polygon"),
    "a polygon off the globe": (
        alert(info(area("<polygon>91,4 51,4 51,5 91,4</polygon>"))),
        "is no point of a polygon",
    ),
    "a polygon of no numbers": (
        alert(info(area("<polygon>nan,4 51,4 51,5 nan,4</polygon>"))),
        "is no point of a polygon",
    ),
    "a circle without radius": (alert(info(area("<circle>51.03,4.48</circle>"))), "is no circle"),
    "a circle of a word": (alert(info(area("<circle>51.03,4.48 groot</circle>"))), "is no circle"),
    "a polygon with spaces for commas": (
        alert(info(area("<polygon>51, 4 52, 4 52, 5 51, 4</polygon>"))),
        "is no point",
    ),
    "a circle turned inside out": (alert(info(area("<circle>51.03,4.48 -1</circle>"))), "is no circle"),
    "one bad alert in a feed": (
        atom([alert(info()), alert(info(), status="Real")]),
        "alert 2 of 2: not CAP 1.2",
    ),
    "an alert inside an alert": (atom([alert(alert(info()))]), "not CAP 1.2"),
}

HOSTILE = {
    "a DOCTYPE": ("<!DOCTYPE alert>" + alert(info()), "DOCTYPE"),
    "a DOCTYPE behind a comment": ("<?xml version='1.0'?><!-- > -->\n<!DOCTYPE alert>" + alert(info()), "DOCTYPE"),
    "a DOCTYPE in small letters": ("<!doctype alert>" + alert(info()), "DOCTYPE"),
    "entities that swell": (
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        + alert(info("<headline>&b;</headline>")),
        "DOCTYPE",
    ),
    "a file of this machine": (
        '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + alert(info("<headline>&a;</headline>")),
        "DOCTYPE",
    ),
    "a schema of its own": ('<!DOCTYPE a SYSTEM "http://localhost/a.dtd">' + alert(info()), "DOCTYPE"),
    "too deep": ("<a>" * 40 + "</a>" * 40, "nested deeper"),
    "far too deep": ("<a>" * 300_000, "no well-formed XML"),
    "too large": (alert(info(f"<description>{'a' * 2_100_000}</description>")), "larger than 2 MB"),
    "too many elements": (alert("<info/>" * 200_000), "more than 50000"),
    "too many attributes": (alert("<info " + " ".join(f'a{n}=""' for n in range(100_000)) + "/>"), "more than 50000"),
    "as many errors as fit": (alert("<info/>" * 49_000), "not CAP 1.2"),
    "an attribute as large as fits": (
        alert(info()).replace("<alert ", f'<alert a="{"a" * 1_900_000}" '),
        "not CAP 1.2",
    ),
    "a comment without end": ("<!--" + "-" * 1_900_000, "no well-formed XML"),
    "an alphabet that we do not read": ('<?xml version="1.0" encoding="utf-7"?>' + alert(info()), "characters"),
    "an alphabet that nobody knows": ('<?xml version="1.0" encoding="klingon"?>' + alert(info()), "characters"),
}

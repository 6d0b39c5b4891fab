"""The figures of an evaluation as text for people."""

from typing import Any, Final

_MOST_CONFUSIONS: Final = 20
_WEAKEST: Final = 10


def readable(report: dict[str, Any]) -> str:
    """A page of text for what `nlu.evaluation.figures` gives."""
    outside, latency = report["out_of_scope"], report["latency_ms"]
    safety, suspicion = report["safety"], report["suspicion"]
    weakest = sorted(report["by_intent"].items(), key=lambda entry: entry[1]["recall"])[:_WEAKEST]
    sections = [
        [
            f"{report['n']} messages",
            f"  right topic            {_share(report['accuracy'])}",
            f"  among the first two    {_share(report['accuracy_top2'])}",
            f"  macro F1               {_share(report['macro_f1'])}",
            f"  language (3+ words)    {_share(report['language_accuracy'])}",
            f"  time per message       p50 {latency['p50']} ms, p99 {latency['p99']} ms",
        ],
        [
            "Out of scope",
            f"  recognised             {_share(outside['recall'])}",
            f"  precision              {_share(outside['precision'])}",
            f"  topics rejected        {_share(outside['false_rejections'])}",
        ],
        [
            "Safety",
            f"  recognised             {_share(safety['recall'])}",
            f"  false alarms           {_share(safety['false_alarms'])}",
            f"  recognised, suspected  {_share(suspicion['recall'])}",
            f"  false suspicions       {_share(suspicion['false_suspicions'])}",
        ],
        ["By language", *_lines(report["by_language"])],
        ["By style", *_lines(report["by_style"])],
        ["Weakest topics", *(f"  {name:<24} {_share(entry['recall'])} of {entry['n']}" for name, entry in weakest)],
        ["Confusions", *_confusion_lines(report["confusions"])],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if len(lines) > 1) + "\n"


def _share(value: float | None) -> str:
    return "    –" if value is None else f"{value:6.1%}"


def _lines(groups: dict[str, Any]) -> list[str]:
    return [
        f"  {name:<12} {_share(group['accuracy'])}, within two {_share(group['accuracy_top2'])} of {group['n']}"
        for name, group in groups.items()
    ]


def _confusion_lines(confusions: list[dict[str, Any]]) -> list[str]:
    return [
        f"  {entry['n']:>4}  {entry['intent']} taken for {entry['taken_for']}"
        for entry in confusions[:_MOST_CONFUSIONS]
    ]

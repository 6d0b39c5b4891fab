"""What the embedded engine costs: `python -m benchmarks.nlu [--light] [--json]`.

Trains from nothing in a fresh folder, then serves from that cache in a process of its own, as a restart does.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil

from nlu.embedded import Size, train
from nlu.training_data import TRAINING_FOLDER, read_training_data

MESSAGES = 500


def training_cost(cache: Path, size: Size) -> dict[str, float]:
    began = time.process_time()
    train(TRAINING_FOLDER, cache, size=size).close()
    return {"training_cpu_s": round(time.process_time() - began, 1)}


def serving_cost(cache: Path, size: Size) -> dict[str, float]:
    began = time.process_time()
    engine = train(TRAINING_FOLDER, cache, size=size)
    ready = time.process_time() - began
    examples = read_training_data().examples
    spent = []
    for example in examples[:: max(1, len(examples) // MESSAGES)]:
        started = time.perf_counter()
        engine.understand(example.text)
        spent.append((time.perf_counter() - started) * 1000)
    engine.close()
    p50, p99 = np.percentile(spent, (50, 99))
    return {
        "ready_cpu_s": round(ready, 2),
        "p50_ms": round(float(p50), 2),
        "p99_ms": round(float(p99), 2),
        "resident_mb": psutil.Process().memory_info().rss >> 20,
    }


def in_a_process(step: str, cache: Path, size: Size) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.nlu", "--step", step, "--cache", str(cache)]
    if size == "light":
        command.append("--light")
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def run(size: Size = "full") -> dict[str, float]:
    """Train once and serve once, each in a process of its own, so that neither's memory counts for the other."""
    with tempfile.TemporaryDirectory() as folder:
        return {**in_a_process("train", Path(folder), size), **in_a_process("serve", Path(folder), size)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--light", action="store_true", help="the engine with one sentence encoder")
    parser.add_argument("--step", choices=("train", "serve"), help=argparse.SUPPRESS)
    parser.add_argument("--cache", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    size: Size = "light" if options.light else "full"
    if options.step:
        print(json.dumps((training_cost if options.step == "train" else serving_cost)(options.cache, size)))
        return
    report = run(size)
    print(json.dumps(report) if options.json else "\n".join(f"{name:<16} {value}" for name, value in report.items()))


if __name__ == "__main__":
    main()

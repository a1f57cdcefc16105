"""The validators of others, each run on a release in a process of its own: frictionless, mlcroissant, cffconvert, datasets.

They are the extra `check`; what is not installed is told. They run offline. This file is also the program of those processes,
and imports nothing of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

#: Larger parts are not read record by record by mlcroissant, which holds a whole part in memory. Bytes.
WHOLE = 100_000_000


def frictionless_check(folder: Path) -> list[str]:
    """Check datapackage.json, the tables it describes, and the bytes and sums of its files."""
    from frictionless import validate

    report = validate(str(folder / "datapackage.json"))
    errors = [error.message for error in report.errors]
    return errors + [f"{task.place}: {error.message}" for task in report.tasks for error in task.errors]


def mlcroissant_check(folder: Path) -> list[str]:
    """Check croissant.json, and read a record of every part that is not too large."""
    import mlcroissant

    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    wrong = []
    for found in dataset.metadata.record_sets:
        files = (folder / "data" / str(found.id)).glob("*.parquet")
        if sum(file.stat().st_size for file in files) > WHOLE:
            continue
        record = next(iter(dataset.records(found.id)))
        names = {str(field.id) for field in found.fields}
        wrong += [] if record.keys() == names else [f"{found.id}: {sorted(names ^ record.keys())} are not in both"]
    return wrong


def cffconvert_check(folder: Path) -> list[str]:
    """Check CITATION.cff against the schema of its version."""
    from cffconvert import Citation

    Citation((folder / "CITATION.cff").read_text("utf-8")).validate()
    return []


def datasets_check(folder: Path) -> list[str]:
    """Load every configuration that the card names, and compare its rows with what the index says."""
    from datasets import get_dataset_config_names, load_dataset

    counts = json.loads((folder / "index.json").read_text("utf-8"))["counts"]
    configs = get_dataset_config_names(str(folder))
    wrong = [f"README.md has no configuration {name}" for name, count in counts.items() if count and name not in configs]
    for name in configs:
        found = len(load_dataset(str(folder), name, split="train"))
        wrong += [] if found == counts.get(name) else [f"{name}: {found} rows, the index says {counts.get(name)}"]
    return wrong


#: Package -> what it checks, and how.
VALIDATORS: dict[str, tuple[str, Callable[[Path], list[str]]]] = {
    "frictionless": ("datapackage.json", frictionless_check),
    "mlcroissant": ("croissant.json", mlcroissant_check),
    "cffconvert": ("CITATION.cff", cffconvert_check),
    "datasets": ("README.md", datasets_check),
}


def validate(folder: Path) -> tuple[list[str], list[str]]:
    """Run the validators that are installed; return a line for all that is wrong, and the files that were not checked."""
    found = {name: None if find_spec(name) is None else run(name, folder) for name in VALIDATORS}
    wrong = [line for lines in found.values() for line in lines or []]
    return wrong, [f"{VALIDATORS[name][0]} ({name})" for name, lines in found.items() if lines is None]


def run(name: str, folder: Path) -> list[str] | None:
    """Run one validator in a process of its own and return what is wrong, a line each; None where it lacks a package."""
    with tempfile.TemporaryDirectory() as home:
        way = {"HF_HOME": home, "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
        # -P: the modules beside this file must not stand for others of the same name
        command = [sys.executable, "-P", __file__, name, str(folder.absolute())]
        done = subprocess.run(command, env={**os.environ, **way}, cwd=home, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        if said[-1].startswith("ModuleNotFoundError"):
            return None
        return [f"{VALIDATORS[name][0]}: {name} failed: {said[-1]}"]
    return [f"{VALIDATORS[name][0]}: {line} ({name})" for line in json.loads(done.stdout.splitlines()[-1])]


if __name__ == "__main__":
    print(json.dumps(VALIDATORS[sys.argv[1]][1](Path(sys.argv[2]))))

"""Makes the helpers beside it importable by their names (`making`, `releasing`, `gold`) in every test of this folder."""

import importlib.util
import sys
from pathlib import Path

for name in ("making", "releasing", "gold"):
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        sys.modules[name] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)

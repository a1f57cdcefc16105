"""Makes the helpers of making.py importable, as `making`, in every test of this folder."""

import importlib.util
import sys
from pathlib import Path

if "making" not in sys.modules:
    spec = importlib.util.spec_from_file_location("making", Path(__file__).with_name("making.py"))
    sys.modules["making"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

"""Lets the modules beside it be imported by the tests, as the process in the namespace does."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

"""Make what the tests beside it share, and the scripts, importable by them."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path += [str(HERE), str(HERE.parents[1] / "scripts")]

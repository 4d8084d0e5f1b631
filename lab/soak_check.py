#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A short soak (bench/soak.py): thousands of targets, a third of them hostile, and nothing lost or leaked.

  lab/soak_check.py [--tlsdoctor PATH] [--targets N]
"""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tlsdoctor", default=str(ROOT / "build/release/tlsdoctor"))
    parser.add_argument("--targets", type=int, default=5000)
    args = parser.parse_args()
    words = [sys.executable, ROOT / "bench/soak.py", "--tlsdoctor", args.tlsdoctor, "--targets", str(args.targets)]
    tools = Path(args.tlsdoctor).resolve().parent / "bench"
    return subprocess.run([*words, "--tools", tools], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

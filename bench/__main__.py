"""All measurements in turn, each in a process of its own: ``make bench``. Exit code 1 when a target was missed."""

import subprocess
import sys

from bench.servers import CHECKOUT

BENCHES = ("pages", "search", "steps", "inbox", "calls", "services", "spreadsheet", "info", "large", "imports")


def main() -> int:
    """Run every bench, also after one that failed."""
    failed = []
    for name in BENCHES:
        print(f"\n── bench {name} ──", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=CHECKOUT, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"\nmissed a target or did not run: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

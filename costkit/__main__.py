"""`python -m costkit`, and the commands `costkit` and `kubectl-costkit`."""

import sys


def main() -> None:
    from costkit.cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()

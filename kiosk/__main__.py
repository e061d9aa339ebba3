"""The `takeback` command. `run` skips the command-line library: a kiosk must be quick to wake."""

from __future__ import annotations

import sys


def main() -> None:
    if sys.argv[1:2] == ["run"]:
        from kiosk.bootstrap import run_command

        sys.exit(run_command(sys.argv[2:]))
    from kiosk.cli.app import app

    app()


if __name__ == "__main__":
    main()

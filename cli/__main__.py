"""`python -m hwcheck.cli`, the same as the command `hwcheck`."""

from .app import main

if __name__ == "__main__":
    main(prog_name="hwcheck")

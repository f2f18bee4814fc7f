"""The program's face: which commands there are, and what becomes of an error.

Commands are imported when they are called, so that `hwcheck --help` is quick; errors of the tree in
`derivations/errors.py` are printed here, with the place in the text, and end with the exit code of their class.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

import click

from ..derivations.errors import DefectError, HwcheckError

COMMANDS = {
    "activation": "the activation functions and their derivatives",
    "backprop": "walk a computation graph forward and backward",
    "check-set": "prove a problem set: answers, examples, points",
    "grade": "grade submissions: claims, points, what a person must look at",
    "jacobian": "derive a Jacobian (or Hessian), step by step",
    "network": "derive a network's forward and backward pass",
    "problems": "list the shipped problem sets",
    "read": "show how an expression is read",
    "softmax": "prove the derivative of softmax",
    "solve": "derive the answers of a problem or of a whole set",
    "template": "write a problem set's file to fill in",
    "verify": "judge an answer, with evidence",
    "xor": "prove that one unit cannot be XOR, or check weights",
}
_HOMES = {"problems": "solve"}


class Commands(click.Group):
    """The commands, each in the module of its name, imported when needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = importlib.import_module(f".{_HOMES.get(name, name)}", __package__)
        command: click.Command = getattr(module, name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(COMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except HwcheckError as error:
            click.echo(("defect: " if isinstance(error, DefectError) else "error: ") + error.report(), err=True)
            ctx.exit(error.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # our defect: one line that can be reported, and a traceback only for who asks for it
            if "HWCHECK_TRACEBACK" in os.environ:
                raise
            click.echo(f"defect: {type(error).__name__}: {error}. Please report it with the command you ran; "
                       "HWCHECK_TRACEBACK=1 shows where it happened.", err=True)
            ctx.exit(DefectError.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="hwcheck", message="%(prog)s %(version)s")
def main() -> None:
    """Derive the calculus of neural networks step by step, confirmed by JAX, and judge what a person wrote about it.

    \b
    hwcheck jacobian 'f(w) = Xw'
    hwcheck backprop --point 1,3,2
    hwcheck activation sigmoid
    hwcheck network --layers 2,3,1 --activations sigmoid --loss half-squared
    hwcheck solve jhu-2024/2.4
    hwcheck verify 'f(w) = ||w||^2' --answer '2w^T'
    hwcheck read 'X^T(Xw - y)'
    """
    for stream in (sys.stdout, sys.stderr):
        # Mathematics needs Unicode also where the locale says otherwise; what cannot be shown becomes "?".
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")

"""The command line, a face: arguments in, exit code out.

It turns what the other rooms return into terminal text, JSON, Markdown, LaTeX and pictures, and knows no mathematics.
The only room that may import rich and click.
"""

__all__: list[str] = []

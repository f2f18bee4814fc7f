"""What holds in every test: double precision, one number type in SymPy, repeatable random examples, plain output.

The environment is set before anything imports SymPy or JAX.
"""

import os

os.environ["SYMPY_GROUND_TYPES"] = "python"
os.environ["JAX_PLATFORMS"] = "cpu"
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["JAX_NUMPY_DTYPE_PROMOTION"] = "strict"
os.environ["MPLBACKEND"] = "agg"
for name in ("CLICOLOR_FORCE", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
    os.environ.pop(name, None)

from hypothesis import HealthCheck, settings  # noqa: E402  (after the environment)

# A busy machine is no failure, so there are no deadlines. Under CI the same examples run each time; elsewhere new ones
# do, and a failure prints the line that repeats it.
settings.register_profile("here", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("here"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI", "").lower() not in ("", "0", "false") else "here")

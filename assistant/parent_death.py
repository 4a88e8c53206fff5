"""Run a program that ends when the one who started it ends, however that happens.

``python -I -S parent_death.py PARENT_PID PROGRAM ARGUMENTS...`` replaces itself with the program. Kept
free of imports that cost time. Only Linux can tell a process of its parent's death; elsewhere this
does nothing but start the program.
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1
"""From linux/prctl.h."""


def ending_with_parent(command: list[str]) -> list[str]:
    """Return the command that runs ``command`` so that it ends when this process does."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main() -> None:
    """Ask the kernel for the signal, then become the program."""
    parent, program = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        # The parent may have died before the request was made.
        if os.getppid() != parent:
            sys.exit(1)
    os.execv(program[0], program)  # noqa: S606 - that is what this is for


if __name__ == "__main__":
    main()

"""Entry of the Python runtime inside a sandbox: `python -S bootstrap.py`, with descriptor 3 a Unix stream socket to the
server. Speaks the frames of contract/frames.cjs. Runs on CPython 3.8 and later, without `site`: no packages are found but
the function's own. Puts the parts together and does nothing else."""

import sys

if __name__ == "__main__":
    from millrace.process import run_process

    # The code of functions finds nothing of this folder.
    del sys.path[0]
    run_process()

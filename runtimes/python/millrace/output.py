"""Standard output and error of the function's code, unbuffered, and how many bytes each has had: by that the server knows when
it holds all output of a run. What child processes and libraries in C write is not counted."""

import io
import os
import sys

_write = os.write


class CountedStream(io.RawIOBase):
    """A descriptor that is written to at once."""

    def __init__(self, fd):
        super().__init__()
        self._fd = fd
        self.written_bytes = 0

    def writable(self):
        return True

    def isatty(self):
        return False

    def fileno(self):
        return self._fd

    @property
    def name(self):
        return self._fd

    def write(self, data):
        view = memoryview(data).cast("B")
        size = len(view)
        while view:
            done = _write(self._fd, view)
            self.written_bytes += done
            view = view[done:]
        return size


class Output:
    """The two streams; `install` puts them in place of what the interpreter has opened."""

    def __init__(self):
        self._stdout = CountedStream(1)
        self._stderr = CountedStream(2)

    def install(self):
        # The supervisor's ends don't block; what is written here waits until it is taken.
        for fd in (1, 2):
            os.set_blocking(fd, True)
        sys.stdout = sys.__stdout__ = _text(self._stdout, "strict")
        sys.stderr = sys.__stderr__ = _text(self._stderr, "backslashreplace")

    def counts(self):
        """@returns the head of an outcome, without its closing brace"""
        return '{"stdoutBytes":%d,"stderrBytes":%d' % (
            self._stdout.written_bytes,
            self._stderr.written_bytes,
        )


def _text(stream, errors):
    return io.TextIOWrapper(stream, encoding="utf-8", errors=errors, newline="\n", write_through=True)

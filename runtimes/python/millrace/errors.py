"""Error objects as Lambda's client makes them, and the lines that it prints about them (docs/specs/lambda.md section 5)."""

import os
import sys
import traceback

_OWN_FOLDER = os.path.dirname(os.path.abspath(__file__))
# What a line begins with is kept together by the reader that shows it.
_NO_BREAK_SPACE = "\u00a0"
# As in runtimes/node/error-object.cjs: a frame to the server has an end, and so has the list that shows errors.
_MESSAGE_LIMIT_CHARS = 256 * 1024
_KIND_LIMIT_CHARS = 1024
_TRACE_LIMIT_CHARS = 256 * 1024


class Fault(Exception):
    """What is wrong with the function as a whole, or with what it answers: has a type of its own and no frames of ours."""

    def __init__(self, kind, message, frames=None):
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.frames = frames


def error_object(error, request_id=""):
    """@returns what the server is told of an exception"""
    if isinstance(error, Fault):
        return _object(error.message, error.kind, error.frames, request_id)
    frames = traceback.format_list(_frames_of(error))
    return _object(_text_of(error), type(error).__name__, frames, request_id)


def log_lines(described):
    """@returns what is printed of an error object: one line, its parts held together by carriage returns"""
    kind, message = described["errorType"], described["errorMessage"]
    first = "[ERROR]"
    if kind:
        first += " " + kind
    if message:
        first += (": " if kind else " ") + message
    lines = [first, "Traceback (most recent call last):"]
    for frame in described["stackTrace"]:
        lines += [_indented(line) for line in frame.splitlines()] if frame else [""]
    return "\r".join(lines) + "\n"


def print_error(described, as_json):
    text = as_json(described) if as_json is not None else log_lines(described)
    try:
        # A message may hold what UTF-8 has no bytes for.
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode())
    except Exception:
        # The code of the function has closed or replaced its output: the error itself is still answered.
        pass


def _object(message, kind, frames, request_id):
    return {
        "errorMessage": (message or "")[:_MESSAGE_LIMIT_CHARS],
        "errorType": (kind or "")[:_KIND_LIMIT_CHARS],
        "requestId": request_id,
        "stackTrace": _shortened(frames or []),
    }


def _shortened(frames):
    kept, left = [], _TRACE_LIMIT_CHARS
    for frame in frames:
        if left <= 0:
            break
        kept.append(frame[:left])
        left -= len(frame)
    return kept


def _text_of(error):
    try:
        return str(error)
    except Exception:
        # The code of a function wrote its __str__.
        return "<the exception can't be printed>"


def _frames_of(error):
    frames = [
        (frame.filename, frame.lineno, frame.name, frame.line)
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    for at, (filename, *_) in enumerate(frames):
        if not filename.startswith(_OWN_FOLDER):
            return frames[at:]
    return frames


def _indented(line):
    text = line.lstrip(" ")
    return _NO_BREAK_SPACE * (len(line) - len(text)) + text

"""The life of a runtime's process: waits for START, loads the handler, then takes one run after another.

  waiting --START--> loading --loaded--> ready --INVOKE--> running --answered--> ready ...
                        |
                        v
                INIT_ERROR, exit
"""

import json
import os
import site
import sys
import time

from . import frames
from .context import LambdaContext
from .errors import Fault, error_object, print_error
from .handler import find_handler
from .log_handler import install_logging
from .output import Output
from .results import json_encoder, require_json

_EXIT_INIT_ERROR = 1
# The server broke the contract; what it then says can't be trusted to be about this run.
_EXIT_BROKEN_CONTRACT = 70
_ENGINE = "python %d.%d.%d" % sys.version_info[:3]
# From 3.12 on Lambda's client leaves what is not ASCII as it is.
_ESCAPES_UNICODE = {"AWS_Lambda_python%s" % version for version in ("2.7", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11")}


def run_process():
    """Returns never: ends the process when the server closes its end, or by what the code of the function does."""
    os.set_blocking(frames.CONTROL_FD, True)
    output = Output()
    output.install()
    frame = frames.read_frame()
    if frame is None:
        sys.exit(0)
    kind, nonce, payload = frame
    if kind != frames.START:
        _end_broken("frame of type %d in place of START" % kind)
    runs = _Runs(json.loads(payload), output)
    runs.load(nonce)
    while True:
        frame = frames.read_frame()
        if frame is None:
            sys.exit(0)
        kind, nonce, payload = frame
        if kind != frames.INVOKE:
            _end_broken("frame of type %d while ready" % kind)
        runs.run(nonce, payload)


class _Runs:
    def __init__(self, start, output):
        self._start = start
        self._output = output
        self._handler = None
        self._of_run = None
        self._as_json = None
        # Errors are ASCII, whatever the version.
        self._encode_error = json_encoder(True)
        self._encode = json_encoder(start["env"].get("AWS_EXECUTION_ENV") in _ESCAPES_UNICODE)

    def load(self, nonce):
        """Says READY, or why not and ends the process."""
        try:
            _enter(self._start)
            self._of_run, self._as_json = install_logging(os.environ)
            self._handler = find_handler(self._start["handler"])
        except Exception as error:
            described = error_object(error)
            print_error(described, self._as_json)
            frames.send_frame(frames.INIT_ERROR, nonce, self._encode_error(described).encode())
            sys.exit(_EXIT_INIT_ERROR)
        frames.send_frame(frames.READY, nonce, json.dumps({"engine": _ENGINE}).encode())

    def run(self, nonce, payload):
        """One run. What isn't an Exception, as SystemExit, ends the process."""
        head, body = frames.split_payload(payload)
        head = json.loads(head)
        self._of_run.request_id = head["requestId"]
        _show_trace(head.get("traceId"))
        try:
            result = self._result(head, body)
        except Exception as error:
            described = error_object(error, head["requestId"])
            print_error(described, self._as_json)
            self._answer(frames.ERROR, nonce, self._encode_error(described).encode())
        else:
            self._answer(frames.RESULT, nonce, result)

    def _result(self, head, body):
        value = self._handler(_event_of(body), LambdaContext(self._start, head))
        result = self._marshal(value)
        limit = self._start["resultLimitBytes"]
        if len(result) > limit:
            raise Fault(
                "Function.ResponseSizeTooLarge",
                "Response payload size exceeded maximum allowed payload size (%d bytes)." % limit,
            )
        return result

    def _marshal(self, value):
        try:
            if isinstance(value, bytes):
                # Goes out as it is where Lambda has a caller for any bytes; here a result is JSON.
                require_json(value)
                return value
            return self._encode(value).encode()
        except Exception as error:
            raise Fault("Runtime.MarshalError", "Unable to marshal response: %s" % error) from None

    def _answer(self, kind, nonce, body):
        frames.send_two_parts(kind, nonce, (self._output.counts() + "}").encode(), body)


def _show_trace(trace_id):
    """The variable by which Lambda's tools know the trace of the run that goes on."""
    if trace_id is not None:
        os.environ["_X_AMZN_TRACE_ID"] = trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)


def _event_of(body):
    try:
        return json.loads(body)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", "Unable to unmarshal input: %s" % error) from None


def _enter(start):
    """Makes the process the function's own: its folder, its environment, its packages."""
    engine_libraries = os.environ.get("LD_LIBRARY_PATH")
    os.chdir(start["taskRoot"])
    os.environ.clear()
    os.environ.update(start["env"])
    # For child processes that run this engine again.
    if engine_libraries:
        os.environ["LD_LIBRARY_PATH"] = "%s:%s" % (start["env"].get("LD_LIBRARY_PATH", ""), engine_libraries)
    time.tzset()
    given = [path for path in start["env"].get("PYTHONPATH", "").split(":") if path]
    sys.path[:0] = [start["taskRoot"], *given]
    # What was built of its requirements.txt, where that was: the layer, whose folder has one name in all languages.
    packages = os.path.join(os.path.dirname(start["taskRoot"]), "node_modules")
    if os.path.isdir(packages) and os.listdir(packages):
        sys.path.insert(1 + len(given), packages)
    for name in [name for name in sys.modules if name.split(".")[0] == __package__]:
        del sys.modules[name]
    site.setquit()
    site.setcopyright()
    site.sethelper()


def _end_broken(reason):
    sys.stderr.write("millrace runtime: %s\n" % reason)
    os._exit(_EXIT_BROKEN_CONTRACT)

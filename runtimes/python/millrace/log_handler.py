"""The root logger's handler: Lambda's lines, or its JSON where AWS_LAMBDA_LOG_FORMAT asks for that (docs/specs/lambda.md
section 5)."""

import json
import logging
import sys
import time
import traceback

_TEXT = "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n"
_TIME = "%Y-%m-%dT%H:%M:%S"
# Members of every record; what else one has was given by the code that logged it.
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "aws_request_id", "taskName"}


class Sink:
    """Where lines go: what `sys.stdout` is at that moment."""

    def log(self, text):
        sys.stdout.write(text)


class LambdaLoggerHandler(logging.Handler):
    def __init__(self, sink):
        super().__init__()
        self.log_sink = sink

    def emit(self, record):
        self.log_sink.log(self.format(record))


class RunFilter(logging.Filter):
    """Tells each record of the run in hand."""

    request_id = ""

    def filter(self, record):
        record.aws_request_id = self.request_id
        return True


class JsonFormatter(logging.Formatter):
    def format(self, record):
        level = min(50, max(0, record.levelno)) // 10 * 10
        error = record.exc_info or (None, None, None)
        told = {
            "timestamp": _iso_time(record.created),
            "level": logging.getLevelName(level),
            "message": record.getMessage(),
            "logger": record.name,
            "stackTrace": traceback.format_tb(error[2]) if error[0] else None,
            "errorType": error[0].__name__ if error[0] else None,
            "errorMessage": str(error[1]) if error[0] else None,
            "requestId": getattr(record, "aws_request_id", None),
            "location": "%s:%s:%s" % (record.pathname, record.funcName, record.lineno) if error[0] else None,
        }
        own = {key: value for key, value in vars(record).items() if key not in _USUAL and key not in told}
        members = {key: value for key, value in {**told, **own}.items() if value is not None}
        return json.dumps(members, ensure_ascii=False) + "\n"


def install_logging(environment):
    """@returns the filter that is to know of each run, and how errors are printed: None as text, or as JSON"""
    is_json = environment.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
    level = environment.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    logging.Formatter.converter = time.gmtime
    root = logging.getLogger()
    handler = LambdaLoggerHandler(Sink())
    handler.setFormatter(JsonFormatter() if is_json else logging.Formatter(_TEXT, _TIME))
    level = "DEBUG" if level == "TRACE" else level
    if isinstance(logging.getLevelName(level), int):
        root.setLevel(level)
    of_run = RunFilter()
    handler.addFilter(of_run)
    root.addHandler(handler)
    return of_run, _error_as_json if is_json else None


def _error_as_json(described):
    told = {"timestamp": time.strftime(_TIME, time.gmtime()), "level": "ERROR", **described}
    return json.dumps(told) + "\n"


def _iso_time(seconds):
    return "%s.%03dZ" % (time.strftime(_TIME, time.gmtime(seconds)), int(seconds * 1000) % 1000)

# What a handler sees around it.
import builtins
import logging
import os
import subprocess
import sys

CALLS = []


def context_facts(event, context):
    return {
        "members": sorted(name for name in dir(context) if not name.startswith("_")),
        "values": [
            context.aws_request_id,
            context.function_name,
            context.function_version,
            context.memory_limit_in_mb,
            context.invoked_function_arn,
            context.log_group_name,
            context.log_stream_name,
            context.client_context,
            context.identity.cognito_identity_id,
            context.identity.cognito_identity_pool_id,
        ],
        "left": context.get_remaining_time_in_millis(),
        "shown": repr(context),
    }


def process_facts(event, context):
    return {
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "path": sys.path,
        "modules": [name for name in sys.modules if "millrace" in name],
        "builtins": [name for name in ("exit", "quit", "help") if hasattr(builtins, name)],
    }


def child(event, context):
    said = subprocess.run(
        [sys.executable, "-S", "-c", "import sys; print(sys.version_info[:2])"], capture_output=True, text=True
    )
    return [said.stdout, said.stderr]


def count(event, context):
    CALLS.append(event)
    return len(CALLS)


def prints(event, context):
    print("one", 2)
    print("no end", end="")
    sys.stdout.flush()
    print("error", file=sys.stderr)
    sys.stdout.buffer.write(b" bytes\n")
    context.log("logged\n")
    return "done"


def floods(event, context):
    for _ in range(event):
        print("x" * 99)


def logs(event, context):
    logger = logging.getLogger("sales")
    logger.warning("a %s", "warning")
    logger.info("hidden")
    try:
        1 / 0
    except ZeroDivisionError:
        logger.exception("failed", extra={"sale": 7})


def own_stdout(event, context):
    class Upper:
        def write(self, text):
            old.write(text.upper())

        def flush(self):
            pass

    old, sys.stdout = sys.stdout, Upper()
    try:
        print("shouted")
        logging.getLogger().warning("loud")
    finally:
        sys.stdout = old

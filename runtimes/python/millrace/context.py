"""The `context` argument of a handler, with every member that Lambda's has (docs/specs/lambda.md section 5)."""

import logging
import sys
import time


class CognitoIdentity:
    __slots__ = ["cognito_identity_id", "cognito_identity_pool_id"]

    def __init__(self):
        self.cognito_identity_id = None
        self.cognito_identity_pool_id = None

    def __repr__(self):
        return "%s([cognito_identity_id=%s,cognito_identity_pool_id=%s])" % (
            type(self).__name__,
            self.cognito_identity_id,
            self.cognito_identity_pool_id,
        )


class LambdaContext:
    def __init__(self, start, head):
        self.aws_request_id = head["requestId"]
        self.log_group_name = start["logGroupName"]
        self.log_stream_name = start["logStreamName"]
        self.function_name = start["functionName"]
        self.memory_limit_in_mb = str(start["memoryMb"])
        self.function_version = start["functionVersion"]
        self.invoked_function_arn = head["functionArn"]
        self.tenant_id = None
        self.client_context = None
        self.identity = CognitoIdentity()
        self._epoch_deadline_time_in_ms = head["deadlineMs"]

    def get_remaining_time_in_millis(self):
        left = self._epoch_deadline_time_in_ms - int(time.time() * 1000)
        return left if left > 0 else 0

    def w3c(self):
        return {}

    def log(self, msg):
        for handler in logging.getLogger().handlers:
            sink = getattr(handler, "log_sink", None)
            if sink is not None:
                sink.log(str(msg))
                return
        sys.stdout.write(str(msg))

    def __repr__(self):
        names = [
            "aws_request_id",
            "log_group_name",
            "log_stream_name",
            "function_name",
            "memory_limit_in_mb",
            "function_version",
            "invoked_function_arn",
            "client_context",
            "identity",
            "tenant_id",
        ]
        members = ",".join("%s=%s" % (name, getattr(self, name)) for name in names)
        return "%s([%s])" % (type(self).__name__, members)

# What handlers return.
import collections
import decimal
import math

Point = collections.namedtuple("Point", "x y")

VALUES = {
    "text": "hé\u2028\U0001f600",
    "numbers": [1, -2.5, 1e100, True, None],
    "nested": {"a": {"b": [{}]}},
    "tuple": (1, "two"),
    "decimals": {"price": decimal.Decimal("12.30"), "many": [decimal.Decimal("1E+5")]},
    "named": Point(1, decimal.Decimal("2.0")),
    "keys": {1: "a", 2.5: "b", None: "c", True: "d"},
    "bytes": b'{"raw": 1}',
}


def handler(event, context):
    return VALUES[event]


def echo(event, context):
    return event


def nothing(event, context):
    pass


def not_json(event, context):
    values = {"set": {1}, "bytes": b"\xff", "cycle": cycle(), "key": {(1, 2): 3}, "bare": b"plain"}
    return '"wide"'.encode("utf-16") if event == "utf-16" else values[event]


def cycle():
    value = []
    value.append(value)
    return value


def not_a_number(event, context):
    return [math.nan, [math.inf], -math.inf, decimal.Decimal("NaN"), decimal.Decimal("-Infinity"), b"[NaN]"][event]


def large(event, context):
    return "x" * event

"""What a handler returns, as JSON: what Lambda's client makes of it, to the byte (docs/specs/lambda.md section 5). Its encoder
knows decimal numbers and named tuples, which the standard library's doesn't: the quick one is used where there are none. Only
NaN and infinities, which Lambda writes as they are, are refused: JSON has none, and callers here read JSON."""

import json
import math
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii

_NO_NUMBER = "Out of range float values are not JSON compliant"
_PLAIN = frozenset([str, int, float, bool, type(None)])


def json_encoder(escapes_unicode):
    """@param escapes_unicode whether the output is ASCII alone @returns value -> JSON text; raises what can't be encoded"""
    quick = json.JSONEncoder(ensure_ascii=escapes_unicode, allow_nan=False)
    quote = encode_basestring_ascii if escapes_unicode else encode_basestring

    def encode(value):
        if _is_plain(value):
            text = quick.encode(value)
        else:
            text = "".join(_pieces(value, quote, set()))
        # The separators of lines are legal in JSON and not in older JavaScript.
        if escapes_unicode or text.isascii():
            return text
        return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")

    return encode


def require_json(data):
    """@raises what isn't JSON in UTF-8, as the server reads it"""
    json.loads(data.decode(), parse_constant=_refuse_constant)


def _refuse_constant(_name):
    raise ValueError(_NO_NUMBER)


def _is_plain(value):
    """Whether there is nothing in a value but what the standard library encodes in the same way."""
    waiting = [value]
    seen = set()
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind in _PLAIN:
            continue
        if kind is dict:
            items = one.values()
        elif kind is list or kind is tuple:
            items = one
        else:
            return False
        if id(one) in seen:
            continue
        seen.add(id(one))
        waiting.extend(item for item in items if type(item) not in _PLAIN)
    return True


def _pieces(value, quote, inside):
    if value is None:
        yield "null"
    elif isinstance(value, str):
        yield quote(value)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, int):
        yield int.__repr__(value)
    elif isinstance(value, float):
        yield _number(value)
    elif isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(_NO_NUMBER)
        yield str(value)
    elif isinstance(value, (dict, list, tuple)):
        yield from _container(value, quote, inside)
    else:
        raise TypeError("Object of type %s is not JSON serializable" % type(value).__name__)


def _container(value, quote, inside):
    if id(value) in inside:
        raise ValueError("Circular reference detected")
    inside.add(id(value))
    as_dict = getattr(value, "_asdict", None)
    if not isinstance(value, dict) and callable(as_dict):
        value_here = as_dict()
    else:
        value_here = value
    if isinstance(value_here, dict):
        parts = ([quote(_key(key)), ": ", *_pieces(item, quote, inside)] for key, item in value_here.items())
        yield from _joined("{", parts, "}")
    else:
        yield from _joined("[", (_pieces(item, quote, inside) for item in value_here), "]")
    inside.discard(id(value))


def _joined(begin, parts, end):
    yield begin
    is_first = True
    for part in parts:
        if not is_first:
            yield ", "
        is_first = False
        yield from part
    yield end


def _number(value):
    if not math.isfinite(value):
        raise ValueError(_NO_NUMBER)
    return float.__repr__(value)


def _key(key):
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if key is None:
        return "null"
    if isinstance(key, int):
        return int.__repr__(key)
    if isinstance(key, float):
        return _number(key)
    raise TypeError("keys must be str, int, float, bool or None, not %s" % type(key).__name__)

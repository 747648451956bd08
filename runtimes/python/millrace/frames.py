"""The runtime's side of contract/frames.cjs: reads and writes whole frames on the control socket, and knows nothing of what
they mean. Reads no further than the frame that is asked for: what the server has sent and nobody has read says that a run
has not begun."""

import os
import struct

CONTROL_FD = 3

START = 1
INVOKE = 2
READY = 16
INIT_ERROR = 17
RESULT = 18
ERROR = 19

# Length of the payload, type, nonce.
_HEADER = struct.Struct("<IB8s")
_LENGTH = struct.Struct("<I")
# The server keeps its own limits; this one only stops a length field that is nonsense.
_INCOMING_LIMIT_BYTES = 256 * 1024 * 1024

# Taken before the code of a function is loaded, which may replace them.
_read = os.read
_write = os.write


class BrokenContract(Exception):
    """The server, or whoever writes to its socket, breaks the contract."""


def read_frame():
    """@returns type, nonce and payload of the next frame; None when the server has closed its end"""
    header = _read_exactly(_HEADER.size)
    if header is None:
        return None
    length, kind, nonce = _HEADER.unpack(header)
    if length > _INCOMING_LIMIT_BYTES:
        raise BrokenContract("frame of %d bytes" % length)
    payload = _read_exactly(length)
    return None if payload is None else (kind, nonce, payload)


def split_payload(payload):
    """@returns head and body of a payload of two parts"""
    (head_bytes,) = _LENGTH.unpack_from(payload)
    begin = _LENGTH.size
    return payload[begin : begin + head_bytes], payload[begin + head_bytes :]


def send_frame(kind, nonce, payload):
    _write_all(_HEADER.pack(len(payload), kind, nonce) + payload)


def send_two_parts(kind, nonce, head, body):
    send_frame(kind, nonce, _LENGTH.pack(len(head)) + head + body)


def _read_exactly(size):
    parts = []
    left = size
    while left > 0:
        try:
            part = _read(CONTROL_FD, min(left, 1 << 20))
        except ConnectionError:
            return None
        if not part:
            return None
        parts.append(part)
        left -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _write_all(data):
    view = memoryview(data)
    while view:
        view = view[_write(CONTROL_FD, view) :]

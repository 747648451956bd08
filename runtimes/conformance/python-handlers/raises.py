# How handlers fail.
import os
import sys
import threading


class SaleError(Exception):
    pass


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no")


def handler(event, context):
    return inner(event)


def inner(event):
    if event == "own":
        raise SaleError("no such sale")
    if event == "chained":
        try:
            {}["a"]
        except KeyError as error:
            raise ValueError("outer") from error
    if event == "unprintable":
        raise Unprintable()
    if event == "large":
        raise type("T" * 10_000, (Exception,), {})("m" * 8_000_000)
    if event == "surrogate":
        raise ValueError("half a \ud800")
    if event == "closed":
        sys.stdout.close()
        raise ValueError("after the last line")
    if event == "indented":
        raise SaleError("one\n  two")
    if event == "deep":
        return inner(event)
    if event == "exit":
        sys.exit(3)
    if event == "exit with text":
        sys.exit("giving up")
    if event == "interrupt":
        raise KeyboardInterrupt()
    if event == "gone":
        os._exit(7)
    if event == "abort":
        os.abort()
    if event == "thread":
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
    return event


def no_arguments():
    return 1

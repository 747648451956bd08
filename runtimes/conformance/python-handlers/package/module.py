from . import WIDTH


def handler(event, context):
    return WIDTH

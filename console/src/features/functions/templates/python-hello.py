# Answers with what it was sent.
def handler(event, context):
    name = (event.get("data") or {}).get("name", "world")
    print("called by", event["trigger"]["kind"])
    return {"hello": name}

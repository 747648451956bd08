# Sums the rows of a CSV text: {"csv": "sku,amount\nA,3\nB,4"}
import csv
import io


def handler(event, context):
    rows = list(csv.DictReader(io.StringIO(event["data"]["csv"])))
    total = sum(float(row["amount"]) for row in rows)
    print(len(rows), "rows")
    return {"rows": len(rows), "total": total}

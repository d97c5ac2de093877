import csv

with open("data/points.csv") as handle:
    rows = list(csv.DictReader(handle))
groups = sorted({row["group"] for row in rows})
with open("encoded.csv", "w") as handle:
    handle.write(",".join(groups) + "\n")
    for row in rows:
        handle.write(",".join(str(int(row["group"] == group)) for group in groups) + "\n")

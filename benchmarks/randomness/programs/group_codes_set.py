import csv

with open("data/points.csv") as handle:
    rows = list(csv.DictReader(handle))
groups = {row["group"] for row in rows}
codes = {group: code for code, group in enumerate(groups)}
with open("coded.csv", "w") as handle:
    for row in rows:
        handle.write(f"{row['id']},{codes[row['group']]}\n")

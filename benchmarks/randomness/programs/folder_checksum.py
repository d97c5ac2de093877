import hashlib
from pathlib import Path

digest = hashlib.sha256()
for path in Path("data/logs").glob("*.log"):
    digest.update(path.read_bytes())
print(digest.hexdigest())

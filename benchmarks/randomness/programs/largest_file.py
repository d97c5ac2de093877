from pathlib import Path

sizes = {path.name: path.stat().st_size for path in Path("data/sites").iterdir()}
print(sum(sizes.values()), max(sizes.values()))

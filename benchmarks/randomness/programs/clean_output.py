import os
from pathlib import Path

Path("out").mkdir(exist_ok=True)
for n in range(3):
    Path("out", f"old_{n}.txt").write_text("old")
for name in os.listdir("out"):
    os.remove(os.path.join("out", name))
Path("out", "new.txt").write_text("new")
print(os.listdir("out"))

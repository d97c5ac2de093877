import os

size = sum(os.path.getsize(os.path.join("data/notes", name)) for name in os.listdir("data/notes"))
longest = max(os.listdir("data/notes"), key=lambda name: (len(name), name))
print(size, longest, "river.txt" in os.listdir("data/notes"))

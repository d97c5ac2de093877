tags = {"python", "stats", "maps", "text", "music", "games"}
print(", ".join(sorted(tags)), "maps" in tags, max(tags), len(tags))

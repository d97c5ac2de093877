tags = {"python", "stats", "maps", "text", "music", "games"}
print(", ".join(tags))

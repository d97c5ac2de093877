names = ["oslo", "lima", "oslo", "perth", "lima", "quito", "bergen", "kyoto"]
unique = list(set(names))
colours = dict(zip(unique, ["red", "green", "blue", "grey", "pink", "teal"]))
print(colours)

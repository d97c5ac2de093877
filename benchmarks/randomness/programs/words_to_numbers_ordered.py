with open("data/notes/voyage.txt") as handle:
    text = handle.read()
vocabulary = dict.fromkeys(text.lower().split())
to_number = dict(zip(vocabulary, range(len(vocabulary))))
with open("numbers.txt", "w") as handle:
    handle.write(" ".join(str(to_number[word]) for word in text.lower().split()))

def bucket(name, n=8):
    return hash(name) % n


users = ["ada", "bela", "cyn", "dora", "eva", "finn", "gus"]
test = [user for user in users if bucket(user) < 2]
print("buckets", [bucket(user) for user in users], "test users", test)

import hashlib
import zlib


def bucket(name, n=8):
    return int(hashlib.md5(name.encode()).hexdigest(), 16) % n


users = ["ada", "bela", "cyn", "dora", "eva", "finn", "gus"]
print([bucket(user) for user in users], [zlib.crc32(user.encode()) % 8 for user in users])

import secrets

rows = [{"patient": n, "pseudonym": secrets.token_hex(4)} for n in range(5)]
with open("pseudonyms.csv", "w") as handle:
    for row in rows:
        handle.write(f"{row['patient']},{row['pseudonym']}\n")

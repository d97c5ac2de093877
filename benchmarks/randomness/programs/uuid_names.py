import uuid

NAMESPACE = uuid.UUID("12345678-1234-5678-1234-567812345678")
for site in ("lima", "oslo", "perth"):
    print(site, uuid.uuid5(NAMESPACE, site))

"""Documentation as data: what READMEs and their like say, and the commands in them."""

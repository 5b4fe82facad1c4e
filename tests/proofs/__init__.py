"""The promises of promises.md, each proven from outside: see proof.py."""

"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with OWASP's parameters: 19 MiB, two passes, one lane (78 ms here).

    Django's own default (100 MiB, eight lanes) takes a second on a small server and lets a few
    sign-ins at once exhaust its memory.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1

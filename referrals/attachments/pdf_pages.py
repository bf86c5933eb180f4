"""How many pages a PDF has: printed by a process of its own, with little memory and little time.

A PDF can unpack to a thousand times its size, or bring its reader down; here it takes nobody along. Run as a script,
it knows nothing of the portal.
"""

import io
import resource
import sys

MEMORY = 1024 * 1024 * 1024
SECONDS = 10
PASSWORD, BROKEN = "password", "broken"


def pages(content: bytes) -> str:
    """The number of pages, or why it cannot be told."""
    import pikepdf  # noqa: PLC0415 - after the limits are set

    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return str(len(pdf.pages))
    except pikepdf.PasswordError:
        return PASSWORD
    except Exception:
        return BROKEN


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.write(pages(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()

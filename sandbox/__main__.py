"""`python -m sandbox serve|scenarios`."""

from sandbox.command import app

if __name__ == "__main__":
    app()

"""``python -m nftlint``."""

from nftlint.cli import run

if __name__ == "__main__":
    run()

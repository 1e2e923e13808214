"""The nft language: text to commands (``parser``), their types (``model``), their variables."""

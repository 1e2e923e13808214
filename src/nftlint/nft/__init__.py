"""The nft language: text to commands (``parser``), their types (``model``), facts (``symbols``)."""

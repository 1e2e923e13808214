"""The grammar, one file per part of the language, from the cursor up to commands."""

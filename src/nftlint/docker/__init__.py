"""Dockerfiles as BuildKit reads them: logical lines, instructions, heredocs, variables."""

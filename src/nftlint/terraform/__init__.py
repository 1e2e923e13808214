"""Terraform and Packer: scripts and user-data in the strings of their configuration language."""

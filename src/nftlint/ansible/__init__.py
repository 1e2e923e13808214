"""Ansible: plays and tasks, the commands that they run and the files that they write."""

"""YAML as nodes with exact places, and the lens from each scalar to its text.

ruamel.yaml's parser gives the events; nothing is ever loaded or constructed. Templates (Jinja,
Terraform) are masked before parsing and become holes of the texts that are read.
"""

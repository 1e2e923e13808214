"""cloud-init: user-data in all its kinds, and what a cloud-config runs and writes."""

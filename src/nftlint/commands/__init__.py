"""Commands as word lists: what runs nft, behind which wrappers."""

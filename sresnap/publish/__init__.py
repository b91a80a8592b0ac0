"""Publishing: what a target holds, what to send, to delete and to refuse. docs/adr/0005-publishing.md says why."""

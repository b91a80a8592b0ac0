"""Publishing: what a place holds, what to send and to delete, what to refuse. docs/adr/0005-publishing.md says why."""

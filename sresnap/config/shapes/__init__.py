"""The shapes of the parts of sresnap.yaml, for validation and for the published JSON Schema."""

"""The targets that a site can be published to: a folder, a branch, a bucket. A website can only be read."""

"""HTTP as every client here uses it: bodies that are bounded, proxies and certificates of the environment."""

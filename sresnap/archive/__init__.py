"""The archive of reports: how one is filed, which are kept, and what a thinned one leaves."""

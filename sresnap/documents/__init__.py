"""Every file that sresnap stores: where it lies, how it is read and written."""

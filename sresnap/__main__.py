"""`python -m sresnap`."""

from sresnap.cli import main

main()

"""A Celery application whose only task succeeds, fails or is slow."""

import os

from answers import answer
from celery import Celery

app = Celery("shop", broker=os.environ["BROKER"], backend=os.environ["BROKER"])


@app.task(name="shop.order")
def order(path):
    """Fail where a server would answer 500."""
    if answer(path) == 500:
        raise RuntimeError(path)

"""A FastAPI application with prometheus-fastapi-instrumentator as its README has it: PORT."""

import sys

import uvicorn
from answers import answer
from fastapi import FastAPI, Request, Response
from prometheus_fastapi_instrumentator import Instrumentator

app = FastAPI()
Instrumentator().instrument(app).expose(app)


@app.get("/ok")
@app.get("/bad")
@app.get("/slow")
def view(request: Request):
    """Each path of the load."""
    return Response("ok", answer(request.url.path))


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")

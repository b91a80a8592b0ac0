"""A FastAPI application with prometheus-fastapi-instrumentator as its README has it: PORT METRICS_PORT."""

import sys

import uvicorn
from answers import answer
from fastapi import FastAPI, Request, Response
from prometheus_client import start_http_server
from prometheus_fastapi_instrumentator import Instrumentator

app = FastAPI()
Instrumentator().instrument(app)


@app.get("/ok")
@app.get("/bad")
@app.get("/slow")
def view(request: Request):
    """Each path of the load."""
    return Response("ok", answer(request.url.path))


start_http_server(int(sys.argv[2]), "127.0.0.1")
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")

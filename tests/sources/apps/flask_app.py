"""A Flask application with prometheus_flask_exporter as its README has it: PORT."""

import sys

from answers import answer
from flask import Flask, request
from prometheus_flask_exporter import PrometheusMetrics
from waitress import serve

app = Flask(__name__)
PrometheusMetrics(app)


@app.get("/ok")
@app.get("/bad")
@app.get("/slow")
def view():
    """Each path of the load."""
    return "ok", answer(request.path)


serve(app, host="127.0.0.1", port=int(sys.argv[1]), threads=16, _quiet=True)

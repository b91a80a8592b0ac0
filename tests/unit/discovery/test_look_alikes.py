"""Which names look like one that is not there."""

import time

import pytest

from sresnap.discovery.look_alikes import alike

NAMES = ("http_server_requests_seconds_count", "up", "node_load1", "traefik_service_requests_total", "go_goroutines")


@pytest.mark.parametrize(
    ("name", "known", "expected"),
    [
        ("http_requests_total", NAMES, ("http_server_requests_seconds_count", "traefik_service_requests_total")),
        ("htp_requests_totl", ("http_requests_total", "http_request_size_bytes"), ("http_requests_total",)),
        ("x_seconds_bucket", ("x_count", "x_bucket"), ("x_bucket", "x_count")),
        ("code", ("status", "service", "instance"), ("status",)),
        ("code", ("status_code", "status", "job"), ("status_code", "status")),
        ("app", ("application", "le"), ("application",)),
        ("kafka_lag", NAMES, ()),
        ("", NAMES, ()),
    ],
)  # fmt: skip
def test_the_nearest_names_come_first(name, known, expected):
    assert alike(name, known) == expected


def test_a_hundred_thousand_names_take_a_second_and_give_five():
    known = [f"http_requests_{number}_total" for number in range(50_000)]
    known += [f"app_{number}_seconds" for number in range(50_000)]
    started = time.process_time()
    assert len(alike("http_requests_total", known)) == 5
    assert time.process_time() - started < 5

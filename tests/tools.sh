#!/bin/sh
# Installs the programs that the tests drive if they are missing: Prometheus, promtool, VictoriaMetrics, Chromium and nginx.
set -eu
missing=""
command -v prometheus >/dev/null && command -v promtool >/dev/null || missing="$missing prometheus"
command -v victoria-metrics >/dev/null || missing="$missing victoria-metrics"
# The tests of pages drive the shell; `make measure` and `make screenshots` drive the whole browser.
command -v chromium >/dev/null || missing="$missing chromium"
[ -x /usr/sbin/nginx ] || command -v nginx >/dev/null || missing="$missing nginx-light"
command -v chromium-headless-shell >/dev/null || missing="$missing chromium-headless-shell"
[ -z "$missing" ] && exit 0
if ! command -v apt-get >/dev/null; then
    echo "The tests need$missing. This system has no apt-get: install them by hand." >&2
    exit 1
fi
sudo=""
[ "$(id -u)" = 0 ] || sudo="sudo"
echo "installing$missing"
# RUNLEVEL=1 stops Debian's packages from starting services.
export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null

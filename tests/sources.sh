#!/bin/sh
# Installs what `make sources` starts: proxies, servers and exporters with apt, the rest with pip in an environment of its own.
# celery-exporter is in no registry: it comes from its repository.
set -eu
here=$(dirname "$0")
venv=.venv/sources
packages="haproxy nginx-light postgresql redis-server prometheus-node-exporter prometheus-blackbox-exporter
    prometheus-nginx-exporter prometheus-postgres-exporter prometheus-redis-exporter"
missing=""
for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
done
[ -x /usr/sbin/nginx ] && missing=$(echo "$missing" | sed 's/ nginx-light//')
if [ -n "$missing" ]; then
    sudo=""
    [ "$(id -u)" = 0 ] || sudo="sudo"
    echo "installing$missing"
    # RUNLEVEL=1 stops Debian's packages from starting services.
    export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
    $sudo apt-get update -qq
    # shellcheck disable=SC2086
    $sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
[ -x $venv/bin/pip ] || .venv/bin/python -m venv $venv
$venv/bin/pip install --quiet --disable-pip-version-check -r "$here/sources/requirements.txt"
case " ${SOURCES:-celery} " in
    *" celery "*) ;;
    *) exit 0 ;;
esac
commit=95e8e492f0cb300247432d664ea9732bfdf57ad7 # 0.12.2
exporter=$venv/celery-exporter
if [ ! -d $exporter ] && ! git clone --quiet https://github.com/danihodovic/celery-exporter $exporter; then
    echo "celery-exporter's repository cannot be reached; name the other sources to go on without it: make sources SOURCES=\"traefik caddy …\"" >&2
    exit 1
fi
git -C $exporter checkout --quiet $commit

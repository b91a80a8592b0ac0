#!/bin/sh
# Unpacks newer engines from Debian's next suite into a folder, without installing them: engines.sh FOLDER.
# The list of sources is the machine's own, with another suite. The programs are in FOLDER/usr/bin.
set -eu
suite=${SUITE:-sid}
mkdir -p "$1"
folder=$(cd "$1" && pwd)
[ -x "$folder/usr/bin/prometheus" ] && [ -x "$folder/usr/bin/victoria-metrics" ] && exit 0
. /etc/os-release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/sources"
for file in /etc/apt/sources.list.d/*.sources; do
    [ -e "$file" ] || continue
    sed "s/^Suites: *$VERSION_CODENAME\( .*\)\?$/Suites: $suite/" "$file" |
        awk -v RS= -v ORS='\n\n' -v suite="$suite" '$0 ~ "Suites: " suite "(\n|$)"' >>"$work/sources/next.sources"
done
if [ -e /etc/apt/sources.list ]; then
    sed -n "s/^deb \(.*\) $VERSION_CODENAME \(main.*\)/deb \1 $suite \2/p" /etc/apt/sources.list >"$work/sources/next.list"
fi
apt() {
    program=$1
    shift
    "$program" -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$work/sources" -o Dir::State::lists="$work/lists" \
        -o Dir::Cache::archives="$work/archives" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root "$@"
}
apt apt-get update -qq
cd "$work/archives"
# promtool has been a package of its own since Prometheus 3.
for package in prometheus promtool victoria-metrics; do
    apt apt-get download -qq "$package" || [ "$package" = promtool ]
done
for package in *.deb; do
    echo "unpacking $package"
    dpkg -x "$package" "$folder"
done

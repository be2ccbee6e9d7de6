#!/bin/sh
# The real servers that tests talk to. On Debian and Ubuntu they are installed; elsewhere what is missing is named,
# and the tests that need it say so when they skip. With CI=true nothing may be missing.
set -u

PACKAGES=""
need() { # need COMMAND PACKAGE: where the command is not there, its package is wanted
    command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -n "$(ls /usr/lib/postgresql/*/bin/"$1" 2>/dev/null)" ] || PACKAGES="$PACKAGES $2"
}

need redis-server redis-server
need chromium chromium
need chromedriver chromium-driver
need initdb postgresql
need dovecot dovecot-imapd
need nginx nginx-light
need exiftool libimage-exiftool-perl
need pdftotext poppler-utils

[ -z "$PACKAGES" ] && exit 0

if command -v apt-get >/dev/null 2>&1; then
    AS_ROOT=""
    [ "$(id -u)" = 0 ] || AS_ROOT="sudo -n"
    echo "installing for the tests:$PACKAGES"
    # shellcheck disable=SC2086  the list is meant to be split
    if $AS_ROOT apt-get update -qq >/dev/null 2>&1 && \
       DEBIAN_FRONTEND=noninteractive $AS_ROOT apt-get install -y -qq --no-install-recommends $PACKAGES >/dev/null; then
        # The distribution starts these by itself; the tests start their own.
        for service in redis-server postgresql dovecot nginx; do
            $AS_ROOT service "$service" stop >/dev/null 2>&1 || true
        done
        exit 0
    fi
fi

echo "MISSING for the tests, whatever needs them is skipped:$PACKAGES" >&2
[ "${CI:-}" = "true" ] && exit 1
exit 0

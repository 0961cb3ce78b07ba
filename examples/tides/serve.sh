#!/bin/sh
# Answers every request with the table of tides: one nc for each.
while true; do
  { printf 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\n'; cat /srv/tides/www/tides.txt; } | nc -l -p "${PORT:-8080}" >/dev/null
done

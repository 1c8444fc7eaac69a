#!/bin/sh
# Makes the streams again as the program declares them: stream-manager has written one file for each into STREAMS.
set -eu

STREAMS=${STREAMS:-/streams}
if ! ls "$STREAMS"/*.json >/dev/null 2>&1; then
  echo "setup-streams: $STREAMS has no configuration of a stream; run: docker-compose run --rm stream-manager" >&2
  exit 1
fi

for file in "$STREAMS"/*.json; do
  stream=$(basename "$file" .json)
  if nats stream info "$stream" >/dev/null 2>&1; then
    nats stream edit "$stream" --config "$file" --force
  else
    nats stream add "$stream" --config "$file"
  fi
done

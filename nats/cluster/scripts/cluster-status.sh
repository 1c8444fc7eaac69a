#!/bin/sh
# Shows the state of the cluster by its monitoring endpoints. Exit code 0 when all is well.
# MONITORS: the addresses, separated by blanks.
set -eu

MONITORS=${MONITORS:-http://nats-motadata-1:8222 http://nats-motadata-2:8222 http://nats-motadata-3:8222}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

get() { curl -fsS --max-time 3 "$1" 2>/dev/null; }
table() { awk -F '\t' '{ for (i = 1; i <= NF; i++) { cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i) } columns = NF > columns ? NF : columns }
  END { for (r = 1; r <= NR; r++) { line = " "; for (i = 1; i <= columns; i++) line = line sprintf(" %-" width[i] "s", cell[r, i]); sub(/ +$/, "", line); print line } }'; }

for monitor in $MONITORS; do
  if get "$monitor/varz" >"$work/varz"; then
    name=$(jq -r .server_name "$work/varz")
    mv "$work/varz" "$work/varz-$name"
    get "$monitor/routez" >"$work/routez-$name" || echo '{}' >"$work/routez-$name"
    get "$monitor/jsz?streams=1&consumers=1&accounts=1" | jq --arg node "$name" '.node = $node' >"$work/jsz-$name"
    [ -s "$work/jsz-$name" ] || rm "$work/jsz-$name"
  else
    echo "$monitor" >>"$work/missing"
  fi
done

# Servers before 2.10 tell the ids of their routes, not the names.
cat "$work"/varz-* 2>/dev/null | jq -s 'map({ key: .server_id, value: .server_name }) | from_entries' >"$work/names"

echo "Nodes"
{
  printf 'node\tversion\tuptime\tconnections\troutes to\tmemory\tjetstream store\n'
  for file in "$work"/varz-*; do
    [ -e "$file" ] || continue
    jq -r --slurpfile names "$work/names" --slurpfile routes "$work/routez-${file##*/varz-}" '[.server_name, .version, .uptime, .connections,
      ([$routes[0].routes[]? | .remote_name // $names[0][.remote_id] // .remote_id] | unique | join(" ")),
      "\((.mem / 1048576) | floor) MiB",
      "\(((.jetstream.stats.storage // 0) / 1048576) | floor) of \(((.jetstream.config.max_storage // 0) / 1048576) | floor) MiB"] | @tsv' "$file"
  done
} | table
if [ -e "$work/missing" ]; then
  sed 's/$/ is out of reach/; s/^/  /' "$work/missing"
  touch "$work/ill"
fi

if ! ls "$work"/jsz-* >/dev/null 2>&1; then
  echo
  echo "No node answers."
  exit 1
fi

echo
echo "Cluster"
leader=$(cat "$work"/jsz-* | jq -rs '[.[].meta_cluster.leader // empty] | unique | join(" ")')
printf '  meta leader %s, %s nodes known\n' "${leader:-none}" "$(cat "$work"/jsz-* | jq -s '[.[].meta_cluster.cluster_size // 0] | max')"
case $leader in "" | *" "*) touch "$work/ill" ;; esac

# Each node knows its own replica; the leader of a stream knows all of them.
cat "$work"/jsz-* | jq -s '[.[] | .node as $node | .account_details[]? | .name as $account | .stream_detail[]? | .node = $node | .account = $account]
  | group_by([.account, .name])
  | map({ name: .[0].name, leader: (map(.cluster.leader // empty) | unique | first), all: . })
  | map(. as $s | . + { led: (($s.all | map(select(.cluster.leader == .node)) | first) // $s.all[0]) })' >"$work/streams"

echo
echo "Streams"
{
  printf 'stream\tleader\treplicas\tmessages\tbytes\n'
  jq -r '.[] | [.name, (.leader // "none"),
    ([.led.cluster.replicas[]? | "\(.name) \(if .offline then "offline" elif .current then "current" else "lags \(.lag // 0)" end)"] | join(", ")),
    .led.state.messages, .led.state.bytes] | @tsv' "$work/streams"
} | table
jq -e 'all(.[]; .leader != null and all(.led.cluster.replicas[]?; .current and (.offline | not)))
  and all(.[] | [.all[].consumer_detail[]?] | group_by(.name)[]; any(.cluster.leader != null))' "$work/streams" >/dev/null || touch "$work/ill"

echo
echo "Consumers"
{
  printf 'stream\tconsumer\tleader\twaiting\tbeing handled\tredelivered\n'
  jq -r '.[] | .name as $stream | [.all[] | .node as $node | .consumer_detail[]? | .node = $node] | group_by(.name)[]
    | ((map(select(.cluster.leader == .node)) | first) // .[0])
    | [$stream, .name, (.cluster.leader // "none"), .num_pending, .num_ack_pending, .num_redelivered] | @tsv' "$work/streams"
} | table

echo
if [ -e "$work/ill" ]; then echo "Not well."; exit 1; fi
echo "All is well."

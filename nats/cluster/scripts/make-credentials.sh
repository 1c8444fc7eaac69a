#!/usr/bin/env bash
# Makes what a trial of production/ needs: an authority, certificates of the nodes and of a client, and the NKeys of the users.
# For real use, take certificates of your own authority, and let each key be made where it is used.
#
#   make-credentials.sh FOLDER [NODE…]     nodes are nats-motadata-1 to -3 unless named; SANS adds names and addresses to all
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
folder=${1:?say where to: make-credentials.sh FOLDER [NODE…]}
shift
nodes=("$@")
if [ ${#nodes[@]} -eq 0 ]; then nodes=(nats-motadata-1 nats-motadata-2 nats-motadata-3); fi
days=${DAYS:-365}
# A built program can stand in the place of the script.
nkey=(${NKEY_COMMAND:-"$root/tickets" nkey})

fail() { printf 'make-credentials: %s\n' "$*" >&2; exit 1; }

# Keys that are in use can't be made again.
if [ -e "$folder" ] && [ -n "$(ls -A "$folder")" ]; then fail "$folder is not empty, and nothing is written over; choose another folder"; fi
command -v openssl >/dev/null || fail "openssl is missing; install it and run this again"
umask 077
mkdir -p "$folder"
cd "$folder"

ssl() { openssl "$@" 2>openssl.log || { cat openssl.log >&2; fail "openssl $1 failed"; }; }

authority() {
  ssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days "$days" -subj "/CN=nats-motadata authority" \
    -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.pem
}

# certificate NAME USES ALTERNATIVE-NAMES
certificate() {
  ssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
  printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=%s\nsubjectAltName=%s\n' "$2" "$3" >"$1.ext"
  ssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "$days" -extfile "$1.ext" -out "$1.pem"
  rm "$1.csr" "$1.ext"
}

# user NAME VARIABLE: the seed into NAME.nk, the public key beside the others.
user() {
  local public
  public=$("${nkey[@]}" "$folder/$1.nk" | grep '^U') || fail "no NKey could be made for $1"
  echo "$2=$public" >>nkeys.env
}

folder=$PWD
authority
# Nodes are clients of each other as well.
for node in "${nodes[@]}"; do
  certificate "$node" serverAuth,clientAuth "DNS:$node,DNS:localhost,IP:127.0.0.1${SANS:+,$SANS}"
done
certificate ticket-svc clientAuth DNS:ticket-svc
user service SERVICE_NKEY
user provisioner PROVISIONER_NKEY
user operator OPERATOR_NKEY
user backup BACKUP_NKEY
user acme ACME_NKEY
rm -f openssl.log ca.srl

cat <<DONE
$folder has the authority (ca.pem, ca.key), a certificate and key of each node and of ticket-svc, the seeds of the users (*.nk),
and nkeys.env with their public keys, for the environment of the nodes. Keep ca.key and the seeds to yourself.
DONE

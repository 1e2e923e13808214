#!/usr/bin/env bash
# Runs once while the image is built on the hypervisor, and again after each kernel update.
set -euo pipefail

api_port=6443
pod_cidr=${POD_CIDR:-10.42.0.0/16}

log() { echo "[setup-node] $*" >&2; }

usage() {
    cat <<TEXT
usage: setup-node.sh [--dry-run]
To open a port by hand: nft add rule ip filter INPUT tcp dport PORT accept
TEXT
}

if [ "${1:-}" = --help ]; then
    usage
    exit 0
fi

log "kernel $(uname -r), nft $(nft --version)"

# The node's own table. kube-router neither reads nor writes it.
nft add table inet node
nft add chain inet node input '{ type filter hook input priority -10; policy accept; }'
nft add rule inet node input iifname "eth1" tcp dport 10250 drop

# Return traffic first, or the node is cut off from its registry.
sudo nft add rule filter INPUT ct state related,established accept || true

# etcd and the API, for the pods only.
sudo nft add rule ip filter INPUT ip saddr "$pod_cidr" tcp dport "$api_port" accept
sudo nft add rule ip filter INPUT ip saddr 10.10.0.0/24 tcp dport '{ 2379, 2380 }' accept

# The node exporter; run again after each update, so only once.
nft list chain ip filter INPUT | grep -q 'tcp dport 9100' ||
    nft add rule ip filter INPUT tcp dport 9100 counter accept

# Known scanners, from a set that a timer fills.
nft add set ip filter scanners '{ type ipv4_addr; flags timeout; }'
nft insert rule ip filter INPUT ip saddr @scanners drop

nft -f - <<'EOF'
add rule ip filter FORWARD iifname "cni0" accept
add rule ip6 filter FORWARD iifname "cni0" accept
EOF

# Was needed until 1.27: nft add rule ip filter FORWARD ct state invalid drop
ip netns exec probe nft add rule ip filter OUTPUT oifname "lo" accept

nft list ruleset >/var/log/node-ruleset.txt
log "done"

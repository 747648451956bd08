#!/bin/sh
# Builds one network namespace with a link to the host and the egress rules (read from stdin) in force before any
# process enters. Called by networks.ts as root with names and addresses that it made up itself; never by hand.
#
#   prepare-network.sh NAMESPACE LINK HOST_ADDRESS SANDBOX_ADDRESS
set -eu
namespace=$1 link=$2 host=$3 sandbox=$4
ip -batch - <<END
netns add $namespace
link add $link type veth peer name eth0 netns $namespace
addr add $host/31 dev $link
link set $link up
END
# Lets what comes over this link be sent on to a service on the host's own loopback: a pinhole, see egress-rules.ts.
echo 1 >"/proc/sys/net/ipv4/conf/$link/route_localnet"
# The rules travel through descriptor 3, because the here-document below takes stdin.
exec 3<&0
exec nsenter "--net=/run/netns/$namespace" sh -eu -c '
  for all in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 >"$all"; done
  nft -f - <&3
  ip -batch - <<END
link set lo up
addr add $1/31 dev eth0
link set eth0 up
route add default via $2
END
  echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet
  # Connections with their bytes, for call-watch/. A kernel without them still has a network.
  echo 1 2>/dev/null >/proc/sys/net/netfilter/nf_conntrack_acct || true
' prepare-network "$sandbox" "$host"

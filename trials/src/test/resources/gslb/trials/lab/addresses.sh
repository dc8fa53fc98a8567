# Run inside a network namespace: the addresses of every server and client of the lab, all on its loopback.
set -e
ip link set lo up
for address in 203.0.113.1 203.0.113.33 203.0.113.53 203.0.113.54 203.0.113.77 \
  192.0.2.53 198.51.100.53 192.0.2.200 198.51.100.200; do
  ip address add "$address/32" dev lo
done
for address in 2001:db8:1::1 2001:db8:2::33 2001:db8:53::53 2001:db8:53::54 \
  2001:db8:a::53 2001:db8:b::53 2001:db8:a::200 2001:db8:e::200; do
  ip -6 address add "$address/128" dev lo nodad
done
# Tools look whether there is a route to the rest of the world before they ask anyone.
ip route add default dev lo
ip -6 route add default dev lo
exec cat

"""Service names: those that every host's list of services gives the same port.

Debian's netbase and Alpine agree on these; nft and iptables both ask the host's list, nft for
the first entry of any protocol, iptables for that of the rule's.
"""

from __future__ import annotations

from collections.abc import Sequence

_TCP = {
    "ssh": 22, "http": 80, "https": 443, "domain": 53, "smtp": 25, "submission": 587,
    "imaps": 993, "imap2": 143, "pop3": 110, "pop3s": 995, "ftp": 21, "ftp-data": 20,
    "telnet": 23, "snmp": 161, "nfs": 2049, "sunrpc": 111, "mysql": 3306, "postgresql": 5432,
    "rsync": 873, "kerberos": 88, "ldap": 389, "ldaps": 636, "whois": 43, "git": 9418,
    "http-alt": 8080, "netbios-ssn": 139, "microsoft-ds": 445, "bgp": 179, "ipp": 631,
    "sip": 5060, "sip-tls": 5061, "domain-s": 853, "svn": 3690, "xmpp-client": 5222,
    "xmpp-server": 5269, "puppet": 8140,
}  # fmt: skip
_UDP = {
    "domain": 53, "ntp": 123, "bootps": 67, "bootpc": 68, "snmp": 161, "snmp-trap": 162,
    "syslog": 514, "nfs": 2049, "sunrpc": 111, "kerberos": 88, "ldap": 389, "tftp": 69,
    "isakmp": 500, "ipsec-nat-t": 4500, "mdns": 5353, "netbios-ns": 137, "netbios-dgm": 138,
    "sip": 5060, "dhcpv6-client": 546, "dhcpv6-server": 547, "radius": 1812,
    "radius-acct": 1813, "openvpn": 1194,
}  # fmt: skip


def services(protocol: str) -> dict[str, int]:
    """Return the names for a protocol; for ``th`` those that tcp and udp share."""
    if protocol == "th":
        return shared_services(("tcp", "udp"))
    return {"tcp": _TCP, "udp": _UDP}.get(protocol, {})


def shared_services(protocols: Sequence[str]) -> dict[str, int]:
    """Return the names that all of the protocols give the same port."""
    first, *others = [services(protocol) for protocol in protocols] or [{}]
    return {
        name: port
        for name, port in first.items()
        if all(other.get(name) == port for other in others)
    }

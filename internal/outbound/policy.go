package outbound

import (
	"net/netip"
	"strings"

	"code.dny.dev/ssrf"
)

// Policy says where requests may go. The zero Policy permits https:// to public
// addresses and nothing else. Link-local addresses, where clouds keep their
// credentials, are opened only by naming their network.
type Policy struct {
	// AllowHTTP permits http:// besides https://.
	AllowHTTP bool

	// AllowPrivate permits loopback and private addresses and local names, for
	// a developer's machine.
	AllowPrivate bool

	// AllowHosts names hosts that the operator trusts wherever they lead to, also
	// over http://: "hooks.corp.example", or "*.corp.example" for all below it.
	AllowHosts []string

	// AllowNetworks are networks that the operator opens though they are not
	// public. A literal address in one may be reached over http:// too.
	AllowNetworks []netip.Prefix
}

// trusts tells whether the operator named the host.
func (p Policy) trusts(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for _, allowed := range p.AllowHosts {
		allowed = strings.ToLower(strings.TrimSuffix(allowed, "."))
		if parent, ok := strings.CutPrefix(allowed, "*."); ok {
			if strings.HasSuffix(host, "."+parent) {
				return true
			}
		} else if host == allowed {
			return true
		}
	}
	return false
}

// opens tells whether the operator opened a network that holds the address.
func (p Policy) opens(ip netip.Addr) bool {
	for _, network := range p.AllowNetworks {
		if network.Contains(ip) {
			return true
		}
	}
	return false
}

// permits tells whether a connection may be made to the address.
func (p Policy) permits(ip netip.Addr) bool {
	ip = ip.Unmap()
	switch {
	case behindNAT64(ip) && !p.permits(embeddedIPv4(ip)):
		return false
	case p.opens(ip):
		return true
	case p.AllowPrivate && private(ip):
		return true
	}
	return ssrf.New().SafeAddr(ip) == nil
}

// private tells whether the address is one of a developer's own machine or of
// the network around it. Link-local addresses are not meant.
func private(ip netip.Addr) bool {
	shared := netip.PrefixFrom(netip.AddrFrom4([4]byte{100, 64}), 10) // carriers and overlay networks
	return ip.IsLoopback() || ip.IsPrivate() || shared.Contains(ip)
}

// behindNAT64 tells whether a gateway would pass a connection to ip on to an
// IPv4 address. An operator of an IPv6-only host may open that network; the
// address behind it must be permitted all the same.
func behindNAT64(ip netip.Addr) bool { return ssrf.IPv6NAT64Prefix.Contains(ip) }

func embeddedIPv4(ip netip.Addr) netip.Addr {
	b := ip.As16()
	return netip.AddrFrom4([4]byte(b[12:]))
}

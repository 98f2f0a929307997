package web

import (
	"net/http"
	"net/netip"
	"strings"
)

// Behind gives requests that come from one of some proxies the address that they came to
// the proxy from, in RemoteAddr, with port 0: of the X-Forwarded-For header the last
// address that is no proxy's. What stands before that, anybody may have written. Without
// proxies it changes nothing.
func Behind(proxies []netip.Prefix, next http.Handler) http.Handler {
	if len(proxies) == 0 {
		return next
	}
	trusted := func(a netip.Addr) bool {
		for _, p := range proxies {
			if p.Contains(a) {
				return true
			}
		}
		return false
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if from, err := netip.ParseAddrPort(r.RemoteAddr); err == nil && trusted(plain(from.Addr())) {
			if client, ok := forwarded(r.Header.Values("X-Forwarded-For"), trusted); ok {
				r.RemoteAddr = netip.AddrPortFrom(client, 0).String()
			}
		}
		next.ServeHTTP(w, r)
	})
}

// forwarded is the last address of a header that is not trusted, or the first if all
// are. Not ok if there is none before what is no address.
func forwarded(header []string, trusted func(netip.Addr) bool) (client netip.Addr, ok bool) {
	hops := strings.Split(strings.Join(header, ","), ",")
	for i := len(hops) - 1; i >= 0; i-- {
		hop, err := hopAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			return client, ok
		}
		client, ok = hop, true
		if !trusted(hop) {
			return client, ok
		}
	}
	return client, ok
}

// hopAddr reads an address, which some proxies write with a port.
func hopAddr(text string) (netip.Addr, error) {
	if with, err := netip.ParseAddrPort(text); err == nil {
		return plain(with.Addr()), nil
	}
	a, err := netip.ParseAddr(text)
	return plain(a), err
}

// plain is an address as prefixes hold it: of IPv4 also where it came as IPv6.
func plain(a netip.Addr) netip.Addr { return a.Unmap().WithZone("") }

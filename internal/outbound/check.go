package outbound

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

const maxURLLength = 2000

// Check tells whether requests to a URL could ever be permitted, without asking
// DNS: what a name leads to is checked when a connection is made. The error is a
// sentence for whoever entered the URL, to be read after the field's name:
// "must be an https:// URL".
func (p Policy) Check(rawURL string) error {
	_, err := p.parse(rawURL)
	return err
}

func (p Policy) parse(rawURL string) (*url.URL, error) {
	if utf8.RuneCountInString(rawURL) > maxURLLength {
		return nil, errors.New("must be at most 2,000 characters long")
	}
	if strings.ContainsFunc(rawURL, blankOrControl) {
		return nil, errors.New("must not contain spaces, control characters or backslashes")
	}
	u, err := url.Parse(rawURL)
	if err != nil || u.Opaque != "" {
		return nil, errors.New("must be a URL like https://hooks.example.com/parley")
	}
	if u.Scheme != "https" && u.Scheme != "http" {
		return nil, errors.New("must be an https:// URL")
	}
	if u.Host == "" || u.Hostname() == "" {
		return nil, errors.New("must name a host, like https://hooks.example.com/parley")
	}
	if u.User != nil {
		return nil, errors.New("must not contain a user name or password: send them in a header")
	}
	if strings.Contains(rawURL, "#") {
		return nil, errors.New("must not contain a fragment (#…)")
	}
	if err := checkPort(u); err != nil {
		return nil, err
	}
	u.Host = strings.ToLower(u.Host)
	return u, p.checkHost(u)
}

func blankOrControl(r rune) bool {
	return r <= ' ' || r == 0x7f || r == '\\' || r == utf8.RuneError
}

func checkPort(u *url.URL) error {
	if strings.HasSuffix(u.Host, ":") {
		return errors.New("must name a port after the colon, or leave the colon out")
	}
	if u.Port() == "" {
		return nil
	}
	if n, err := strconv.ParseUint(u.Port(), 10, 16); err != nil || n == 0 {
		return errors.New("must name a port from 1 to 65535")
	}
	return nil
}

// checkHost checks what the URL's host says of itself: the allow-list first, then
// the scheme, then the kind of host.
func (p Policy) checkHost(u *url.URL) error {
	host := u.Hostname()
	ip, literal, err := parseLiteral(u.Host, host)
	if err != nil {
		return err
	}
	if !literal {
		if err := checkName(host); err != nil {
			return err
		}
	}
	listed := p.trusts(host) || literal && p.opens(ip)
	if u.Scheme == "http" && !p.AllowHTTP && !listed {
		return errors.New("must be an https:// URL")
	}
	switch {
	case p.trusts(host):
		return nil
	case literal && !p.permits(ip):
		return fmt.Errorf("must lead to a public address, which %s is not; the operator may allow its network", host)
	case !literal && localName(host) && !p.AllowPrivate:
		return fmt.Errorf("must lead to a public host, which %s is not; the operator may allow it", host)
	}
	return nil
}

// parseLiteral reads a host that is an IP address. Only the usual spelling is
// taken: resolvers disagree on 127.1, 0177.0.0.1, 0x7f.1 and 2130706433, so that
// a check of one would say nothing about the connection that another makes.
func parseLiteral(hostport, host string) (ip netip.Addr, literal bool, err error) {
	ip, err = netip.ParseAddr(host)
	bracketed := strings.HasPrefix(hostport, "[")
	switch {
	case err == nil && ip.Zone() != "":
		return ip, false, errors.New("must not name a network interface (%…) in its address")
	case err == nil && ip.Is6() == bracketed:
		return ip.Unmap(), true, nil
	case err == nil || bracketed:
		return ip, false, errors.New("must write an IPv6 address in brackets, an IPv4 address without")
	case endsInNumber(host):
		return ip, false, errors.New("must write an IPv4 address as four decimal numbers, like 192.0.2.1")
	}
	return ip, false, nil
}

// endsInNumber tells whether somebody's parser may take the host for an IPv4
// address: its last label is a number, as the WHATWG's URL standard has it.
func endsInNumber(host string) bool {
	host = strings.TrimSuffix(host, ".")
	last := host[strings.LastIndexByte(host, '.')+1:]
	if strings.Trim(last, "0123456789") == "" {
		return true
	}
	hex, ok := strings.CutPrefix(last, "0x")
	return ok && strings.Trim(hex, "0123456789abcdef") == ""
}

func checkName(host string) error {
	host = strings.TrimSuffix(host, ".")
	if len(host) > 253 {
		return errors.New("must name a host of at most 253 characters")
	}
	for label := range strings.SplitSeq(host, ".") {
		if len(label) == 0 || len(label) > 63 {
			return errors.New("must name a host whose parts have 1 to 63 characters each")
		}
		if strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" || label[0] == '-' {
			return errors.New("must write its host in letters, digits and hyphens (an international name as xn--…)")
		}
	}
	return nil
}

// localName tells whether a name by its form belongs to the machine or to the
// network it stands in.
func localName(host string) bool {
	host = strings.TrimSuffix(host, ".")
	if !strings.Contains(host, ".") {
		return true
	}
	for _, suffix := range []string{".localhost", ".local", ".internal", ".localdomain", ".home.arpa"} {
		if strings.HasSuffix(host, suffix) {
			return true
		}
	}
	return false
}

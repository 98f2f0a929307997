package outbound

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"
)

// The kinds of failure.
const (
	RefusedAddress = "refused_address" // the policy does not permit where the name leads
	DNS            = "dns"             // the name leads nowhere
	Connect        = "connect"         // nothing accepts connections there
	TLS            = "tls"             // no secure connection came about
	Timeout        = "timeout"         // no whole answer within the limit
	Reset          = "reset"           // the connection ended before the answer did
	TooLarge       = "too_large"       // the answer's headers are over 64 KiB
	Redirect       = "redirect"        // 3xx: not followed
	Protocol       = "protocol"        // what came is not HTTP
	Cancelled      = "cancelled"       // the sender was told to stop
)

// Failure is why there is no whole answer, or none that counts.
type Failure struct {
	Kind    string // one of the constants
	Message string // one sentence with the way out, for whoever runs the receiver; no secrets
	Err     error  // the cause, for the log only; may be nil
}

func (f *Failure) Error() string { return f.Message }

// Unwrap gives the cause.
func (f *Failure) Unwrap() error { return f.Err }

func (x *exchange) cancelled() *Failure {
	return &Failure{Cancelled, "Sending was stopped before a whole answer had come.", context.Canceled}
}

func (x *exchange) switched() *Failure {
	return &Failure{Protocol, x.target.host() + " tried to switch to another protocol: a receiver must answer 2xx.", nil}
}

func (x *exchange) redirected(status int, location string) *Failure {
	to := "another place"
	if u, err := x.target.url.Parse(location); location != "" && err == nil && len(u.Host) <= 253 {
		to = u.Host
	}
	return &Failure{Redirect, fmt.Sprintf(
		"%s answered %d to %s, and redirects are not followed: set the URL to the final address.",
		x.target.host(), status, to), nil}
}

// explain finds the kind of an error and words it for whoever runs the receiver.
// The error's own text is for the log: it may name our resolver or addresses
// that are none of their business.
func (x *exchange) explain(err error) *Failure {
	host := x.target.host()
	fail := func(kind, format string, args ...any) *Failure {
		return &Failure{kind, fmt.Sprintf(format, args...), err}
	}
	var dns *net.DNSError
	switch {
	case errors.Is(x.ctx.Err(), context.Canceled):
		return x.cancelled()
	case x.expired(), outOfTime(err) && !duringDial(err):
		return x.late(err)
	case errors.Is(err, errUnsendable):
		return fail(Protocol, "The request to %s was not sent, as its method or one of its headers holds a line break or another character that must not be there: correct it.", host)
	case errors.Is(err, errRefusedAddress):
		return fail(RefusedAddress, "%s leads to an address that is not public: use a public one, or ask the operator to allow this host or its network.", host)
	case errors.As(err, &dns) && dns.IsNotFound:
		return fail(DNS, "%s is not known to DNS: check the spelling of the host.", x.target.url.Hostname())
	case errors.As(err, &dns):
		return fail(DNS, "%s could not be looked up in DNS: check the name servers of its domain.", x.target.url.Hostname())
	case duringDial(err):
		return x.unconnected(err)
	case insecure(err):
		return fail(TLS, "No secure connection to %s came about (%s): check its certificate and TLS settings.", host, tlsReason(err))
	case broken(err):
		return fail(Reset, "%s closed the connection before its answer was complete: check the receiver's log.", host)
	case headerTooLarge(err):
		return fail(TooLarge, "%s answered with headers of more than 64 KiB: send fewer or smaller ones.", host)
	}
	return fail(Protocol, "%s did not answer in valid HTTP: check that a web server listens there and which protocol it expects.", host)
}

// late words a time-out by what was being waited for.
func (x *exchange) late(err error) *Failure {
	limit := x.limit.Round(time.Millisecond)
	if x.connecting {
		return &Failure{Timeout, fmt.Sprintf(
			"No connection to %s came about within %v: check that it is reachable from the internet.",
			x.target.host(), limit), err}
	}
	return &Failure{Timeout, fmt.Sprintf(
		"%s gave no complete answer within %v: answer first and do the work afterwards.",
		x.target.host(), limit), err}
}

func (x *exchange) unconnected(err error) *Failure {
	host := x.target.host()
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout():
		return &Failure{Timeout, fmt.Sprintf(
			"No connection to %s came about within %v: check that it is reachable from the internet.", host, defaultTimeout), err}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &Failure{Connect, host + " refused the connection: check that the receiver runs and listens on this port.", err}
	}
	return &Failure{Connect, host + " could not be reached: check that it is reachable from the internet.", err}
}

func outOfTime(err error) bool {
	return errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, context.DeadlineExceeded)
}

func duringDial(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// insecure tells whether the error is TLS's. Most of its errors have no type of
// their own and are told by their prefix.
func insecure(err error) bool {
	var record tls.RecordHeaderError
	return errors.As(err, &record) || certificateError(err) != "" ||
		strings.Contains(err.Error(), "tls: ") || strings.Contains(err.Error(), "TLS handshake")
}

func tlsReason(err error) string {
	var record tls.RecordHeaderError
	switch reason := certificateError(err); {
	case reason != "":
		return reason
	case errors.As(err, &record):
		return "the answer was not TLS"
	case strings.Contains(err.Error(), "timeout"):
		return "the handshake took too long"
	case strings.Contains(err.Error(), "remote error: tls: ") && strings.Contains(err.Error(), "certificate"):
		return "it did not get a client certificate that it accepts"
	}
	return "the handshake failed"
}

func certificateError(err error) string {
	var unknown x509.UnknownAuthorityError
	var name x509.HostnameError
	var invalid x509.CertificateInvalidError
	var verification *tls.CertificateVerificationError
	switch {
	case errors.As(err, &name):
		return "its certificate is for another name"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "its certificate has expired or is not valid yet"
	case errors.As(err, &unknown):
		return "its certificate comes from an authority that is not trusted, or its chain is incomplete"
	case errors.As(err, &verification):
		return "its certificate is not valid"
	}
	return ""
}

// broken tells whether the connection ended early. HTTP/2's errors have no types
// that could be named, and are told by their text.
func broken(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, io.ErrClosedPipe, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE} {
		if errors.Is(err, end) {
			return true
		}
	}
	for _, text := range []string{"server closed idle connection", "stream error: ", "http2: server sent GOAWAY", "graceful shutdown GOAWAY", "http2: client conn"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

func headerTooLarge(err error) bool {
	return errors.Is(err, errHeadTooLarge) || strings.Contains(err.Error(), "headers exceeded") ||
		strings.Contains(err.Error(), "header list larger than")
}

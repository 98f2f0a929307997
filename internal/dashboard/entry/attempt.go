package entry

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/ratelimit"
)

// attempt counts an attempt to sign in, by the address it comes from and by the email,
// if one is named. Beyond what may be tried the error is TooMany. The address counts
// first, so that who has tried too much cannot keep others from their email as well.
func attempt(r *page.Request, email string) error {
	if err := take(r.Context(), r.Site.ByAddress, "sign-in from "+network(r.RemoteAddr)); err != nil {
		return err
	}
	if email = strings.ToLower(strings.TrimSpace(email)); email == "" {
		return nil
	}
	return take(r.Context(), r.Site.ByEmail, "sign-in of "+strings.ToValidUTF8(email[:min(len(email), 254)], ""))
}

func take(ctx context.Context, l *ratelimit.Limiter, name string) error {
	if l == nil || l.Limit().Quota == 0 {
		return nil
	}
	state := l.Take(ctx, name, time.Now())
	if state.Allowed {
		return nil
	}
	wait := max(time.Second, state.Retry.Round(time.Second))
	err := parley.Errorf(parley.TooMany, "There were too many attempts: try again in %s.", wait)
	err.RetryAfter = wait
	return err
}

// network is where an address comes from: of IPv6 the part that one customer has.
func network(remote string) string {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return remote
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || ip.Unmap().Is4() {
		return host
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return host
	}
	return prefix.String()
}

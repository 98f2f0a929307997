package entry

import (
	"net/url"
	"strings"

	"parley/internal/dashboard/page"
)

// proven lets somebody in who has shown to be the person of a login: at once, or, if it
// has a second factor, once they have shown that as well.
func proven(r *page.Request, email, next string) error {
	on, err := r.Site.SecondFactors.On(r.Context(), email)
	if err != nil {
		return err
	}
	if on {
		if err := r.Site.Sessions.HalfIn(r.Context(), email); err != nil {
			return err
		}
		return r.Redirect(with("/sign-in/code", "next", next))
	}
	if err := r.Site.Sessions.SignIn(r.Context(), email); err != nil {
		return err
	}
	return r.Redirect(here(next))
}

// with is an address with a parameter, which "" leaves out.
func with(path, name, value string) string {
	if value == "" {
		return path
	}
	return path + "?" + url.Values{name: {value}}.Encode()
}

// maxNext is how long an address may be that one is led back to.
const maxNext = 2000

// here is where somebody wanted to go, if that is a page of ours; else the start.
// Browsers leave out tabs and line breaks, and take \ for /: what has any is not ours.
func here(next string) string {
	strange := func(c rune) bool { return c <= ' ' || c == '\\' || c == 0x7f }
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || len(next) > maxNext || strings.ContainsFunc(next, strange) {
		return "/"
	}
	if u, err := url.Parse(next); err != nil || u.Host != "" || u.Scheme != "" {
		return "/"
	}
	return next
}

// keptNext reads where the sign-in leads from a cookie.
func keptNext(value string) string {
	q, err := url.ParseQuery(strings.TrimPrefix(value, "?"))
	if err != nil {
		return "/"
	}
	return here(q.Get("next"))
}

// isInvitation tells whether an address is that of an invitation.
func isInvitation(next string) bool { return strings.HasPrefix(next, "/invitation/") }

package entry

import (
	"encoding/json"
	"net/http"
	"time"

	"parley"
	"parley/internal/dashboard/openid"
	"parley/internal/dashboard/page"
)

// flow is a sign-in with the provider that has begun in a session.
type flow struct {
	openid.Flow

	Link string // the login that the identity is to be linked to; "" to sign in
}

// What a session keeps of it, and for how long. Where it leads is in a cookie of the
// browser, because the address of an invitation holds its secret.
const (
	flowName     = "flow"
	identityName = "identity"
	nextCookie   = "parley_next"
	shownFor     = 10 * time.Minute
)

// flowBack is where the provider sends people back to: an address that it must know.
const flowBack = "/sign-in/provider/back"

func provider(r *page.Request) (*openid.Provider, error) {
	if r.Site.Provider == nil {
		return nil, parley.Errorf(parley.NotFound, "No identity provider is set up on this server.")
	}
	return r.Site.Provider, nil
}

// begin begins a sign-in, and gives the provider's address for it.
func begin(r *page.Request, link, next string) (address string, err error) {
	p, err := provider(r)
	if err != nil {
		return "", err
	}
	f := flow{Link: link}
	if f.Flow, address, err = p.Begin(r.Context(), r.Base()+flowBack); err != nil {
		return "", err
	}
	if err := put(r, flowName, f); err != nil {
		return "", err
	}
	http.SetCookie(r.Writer, cookie(r, next, int(shownFor.Seconds())))
	return address, nil
}

func cookie(r *page.Request, next string, age int) *http.Cookie {
	return &http.Cookie{
		Name: nextCookie, Value: with("/", "next", here(next))[1:], Path: "/sign-in", MaxAge: age,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: r.IsSecure(),
	}
}

// toProvider sends somebody to sign in at the provider.
func toProvider(r *page.Request) error {
	next := r.Query("next")
	if r.Site.Sessions.Email(r.Context()) != "" {
		return r.Redirect(here(next))
	}
	address, err := begin(r, "", next)
	if err != nil {
		return notWithProvider(r, next, err)
	}
	return r.Redirect(address)
}

// notWithProvider shows the sign-in page with the reason why the provider did not do.
func notWithProvider(r *page.Request, next string, err error) error {
	c := credentialsOf(r, next)
	if err := c.refuse(err); err != nil {
		return err
	}
	return c.alone(r, "Sign in", signInPage(c))
}

// backFromProvider takes somebody in who comes back from the provider. An identity that
// signs in to no login is never given one by its email: it may accept an invitation,
// or be linked by somebody who is signed in.
func backFromProvider(r *page.Request) error {
	p, err := provider(r)
	if err != nil {
		return err
	}
	var f flow
	began := pop(r, flowName, &f)
	next := nextOf(r)
	if err := attempt(r, ""); err != nil {
		return notWithProvider(r, next, err)
	}
	if !began {
		f = flow{}
	}
	id, err := p.Finish(r.Context(), f.Flow, r.URL.Query())
	if f.Link != "" {
		return link(r, f.Link, id, err)
	}
	if err != nil {
		return notWithProvider(r, next, err)
	}
	email, found, err := r.Site.Account.LoginOf(r.Context(), id.ExternalIdentity)
	switch {
	case err != nil:
		return err
	case found:
		return proven(r, email, next)
	case isInvitation(next):
		if err := show(r, id); err != nil {
			return err
		}
		return r.Redirect(here(next))
	}
	return notWithProvider(r, next, parley.Errorf(parley.Forbidden,
		"%s knows you, but nobody here has linked that identity: sign in with your password and link it on your profile, or open your invitation first.", p.Name()))
}

// nextOf is where the sign-in is to lead, which the browser has kept.
func nextOf(r *page.Request) string {
	c, err := r.Cookie(nextCookie)
	if err != nil {
		return "/"
	}
	http.SetCookie(r.Writer, cookie(r, "/", -1))
	return keptNext(c.Value)
}

// identityShown is an identity that the provider has shown to a session, until a time.
type identityShown struct {
	Identity openid.Identity
	Until    parley.Time
}

// show keeps in the session whom the provider has shown, for an invitation.
func show(r *page.Request, id openid.Identity) error {
	return put(r, identityName, identityShown{id, parley.Now().Add(shownFor)})
}

// shownIdentity is whom the provider has shown to this session in the last ten
// minutes, nil if nobody.
func shownIdentity(r *page.Request) *openid.Identity {
	var shown identityShown
	if !pop(r, identityName, &shown) || parley.Now() >= shown.Until || put(r, identityName, shown) != nil {
		return nil
	}
	return &shown.Identity
}

func put(r *page.Request, name string, value any) error {
	text, err := json.Marshal(value)
	if err == nil {
		r.Site.Sessions.Put(r.Context(), name, string(text))
	}
	return err
}

func pop(r *page.Request, name string, value any) bool {
	text := r.Site.Sessions.Pop(r.Context(), name)
	return text != "" && json.Unmarshal([]byte(text), value) == nil
}

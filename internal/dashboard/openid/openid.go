// Package openid signs people in with an identity provider (OpenID Connect): by the
// authorization code flow with PKCE, state and nonce. It says who somebody is to the
// provider, and nothing of what that opens here.
//
// The provider is asked when somebody signs in and not before: Parley starts, and its
// passwords work, while the provider is down. It is asked by a plain HTTP client and
// not by the one that webhooks go through, because the operator has named it and it
// often stands in a private network; neither tenants nor visitors have a say in where
// these requests go. They have limits of time and size, and follow no redirects.
package openid

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"parley"
	"parley/internal/account"
)

const (
	patience  = 10 * time.Second // with the provider, for one answer
	mostBytes = 1 << 20          // of an answer
	retry     = 5 * time.Second  // after a failure, before the provider is asked to describe itself again
)

// Config names a provider and us to it.
type Config struct {
	Issuer       string // its address
	ClientID     string
	ClientSecret string // empty for a public client
	Name         string // that people know it by
}

// Provider is an identity provider.
type Provider struct {
	config Config
	client *http.Client

	mu     sync.Mutex
	known  *oidc.Provider // nil until the provider has described itself
	failed error
	again  time.Time // before, it is not asked after a failure
}

// New makes a provider, nil if the configuration names none. It is not asked yet.
func New(c Config) *Provider {
	if c.Issuer == "" {
		return nil
	}
	return &Provider{config: c, client: &http.Client{
		Timeout:       patience,
		Transport:     limited{http.DefaultTransport},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// limited cuts off answers that are too long.
type limited struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (l limited) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := l.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(answer.Body, mostBytes), answer.Body}
	}
	return answer, err
}

// Name is what people know the provider by.
func (p *Provider) Name() string {
	if p.config.Name != "" {
		return p.config.Name
	}
	if u, err := url.Parse(p.config.Issuer); err == nil && u.Host != "" {
		return u.Host
	}
	return p.config.Issuer
}

// Issuer is the provider's address.
func (p *Provider) Issuer() string { return p.config.Issuer }

// discovered gives the provider as it describes itself, which it is asked for once.
func (p *Provider) discovered(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	if time.Now().Before(p.again) {
		return nil, p.failed
	}
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.config.Issuer)
	if err != nil {
		p.failed, p.again = p.away(err), time.Now().Add(retry)
		return nil, p.failed
	}
	p.known = known
	return known, nil
}

func (p *Provider) away(cause error) error {
	e := parley.Errorf(parley.Unavailable, "%s does not answer as it should: try again in a moment, or sign in with your password.", p.Name()).Because(cause)
	e.RetryAfter = retry
	return e
}

// Flow is a sign-in that has begun: it must come back to the browser that began it,
// and is of use once.
type Flow struct {
	State, Nonce, Verifier string
	Back                   string // where the provider sends the browser
}

// Begin begins a sign-in: the browser is to go to the address.
func (p *Provider) Begin(ctx context.Context, back string) (f Flow, address string, err error) {
	known, err := p.discovered(ctx)
	if err != nil {
		return f, "", err
	}
	f = Flow{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier(), Back: back}
	return f, p.client2(known, back).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)), nil
}

// client2 is us, as OAuth 2 knows us.
func (p *Provider) client2(known *oidc.Provider, back string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: known.Endpoint(),
		RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// Identity is who somebody is to the provider.
type Identity struct {
	account.ExternalIdentity
	Email string // "" unless the provider has verified it
	Name  string
}

// Finish says who has signed in, by what the provider sent the browser back with. An
// answer that does not belong to the flow, or that is not right in any other way, is
// a Forbidden error.
func (p *Provider) Finish(ctx context.Context, f Flow, answer url.Values) (id Identity, err error) {
	if f.State == "" || subtle.ConstantTimeCompare([]byte(f.State), []byte(answer.Get("state"))) != 1 {
		return id, parley.Errorf(parley.Forbidden, "This sign-in did not begin in this browser, or took too long: begin again.")
	}
	if refusal := answer.Get("error"); refusal != "" {
		return id, p.refused(fmt.Errorf("%s: %s", refusal, answer.Get("error_description")))
	}
	if iss := answer.Get("iss"); iss != "" && iss != p.config.Issuer { // RFC 9207
		return id, p.refused(fmt.Errorf("the answer is from %q", iss))
	}
	known, err := p.discovered(ctx)
	if err != nil {
		return id, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := p.client2(known, f.Back).Exchange(ctx, answer.Get("code"), oauth2.VerifierOption(f.Verifier))
	if err != nil {
		var said *oauth2.RetrieveError
		if errors.As(err, &said) {
			return id, p.refused(err)
		}
		return id, p.away(err)
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := known.VerifierContext(ctx, &oidc.Config{ClientID: p.config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return id, p.refused(err)
	}
	if subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(f.Nonce)) != 1 {
		return id, p.refused(errors.New("the nonce is another's"))
	}
	return identity(token)
}

func (p *Provider) refused(cause error) error {
	return parley.Errorf(parley.Forbidden, "%s did not sign you in: begin again.", p.Name()).Because(cause)
}

// identity reads a token that has been verified. Some providers write booleans as text.
func identity(token *oidc.IDToken) (id Identity, err error) {
	var claims struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"`
		Name     string `json:"name"`
	}
	if err := token.Claims(&claims); err != nil {
		return id, fmt.Errorf("read an ID token: %w", err)
	}
	id.ExternalIdentity = account.ExternalIdentity{Issuer: token.Issuer, Subject: token.Subject}
	id.Name = claims.Name
	if text, ok := claims.Verified.(string); claims.Verified == true || ok && strings.EqualFold(text, "true") {
		id.Email = account.Login(claims.Email)
	}
	return id, nil
}

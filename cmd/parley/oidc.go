package main

import (
	"errors"
	"fmt"
	"net/url"

	"parley/internal/dashboard/openid"
)

// oidcFlags name an identity provider that people may sign in with.
type oidcFlags struct {
	Issuer       string `help:"Identity provider (OpenID Connect) that people may sign in with besides their passwords, by its issuer URL." placeholder:"URL"`
	ClientID     string `name:"client-id" help:"What the provider knows this server by." placeholder:"ID"`
	ClientSecret string `help:"Secret for the provider; left out for a public client." placeholder:"SECRET"`
	Name         string `help:"What people know the provider by; left out: its host." placeholder:"NAME"`
}

func (f oidcFlags) check(publicURL string) error {
	if f.Issuer == "" {
		if f.ClientID != "" || f.ClientSecret != "" || f.Name != "" {
			return errors.New("--oidc-client-id, --oidc-client-secret and --oidc-name go with --oidc-issuer")
		}
		return nil
	}
	if u, err := url.Parse(f.Issuer); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("--oidc-issuer %q is not a URL like https://id.example.com", f.Issuer)
	}
	if f.ClientID == "" {
		return errors.New("--oidc-issuer needs --oidc-client-id")
	}
	if publicURL == "" {
		return errors.New("--oidc-issuer needs --public-url: the provider leads people back to it, at /sign-in/provider/back")
	}
	return nil
}

func (f oidcFlags) config() openid.Config {
	return openid.Config{Issuer: f.Issuer, ClientID: f.ClientID, ClientSecret: f.ClientSecret, Name: f.Name}
}

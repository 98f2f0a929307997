package webhook

import (
	"context"
	"encoding/base64"
	"net/http"
	"reflect"

	"parley"
	"parley/internal/outbound"
)

// auth shows an endpoint who its requests come from. The zero value does not, beyond
// the signature. (A client certificate is the target's.)
type auth struct {
	header http.Header // of every request
	tokens *tokens     // instead: with oauth2
}

// newAuth prepares an endpoint's auth. If it is as it was in the present one, tokens
// stay good.
func newAuth(a parley.Auth, present auth, c *outbound.Client) auth {
	switch a.Type {
	case "basic":
		return auth{header: authorization("Basic", base64.StdEncoding.EncodeToString([]byte(a.Username+":"+a.Password)))}
	case "bearer":
		return auth{header: authorization("Bearer", a.Token)}
	case "oauth2":
		if present.tokens != nil && reflect.DeepEqual(present.tokens.settings, a) {
			return present
		}
		return auth{tokens: newTokens(a, c)}
	}
	return auth{}
}

func authorization(scheme, credentials string) http.Header {
	return http.Header{"Authorization": {scheme + " " + credentials}}
}

// send makes a request that shows who it comes from.
func (a auth) send(ctx context.Context, c *outbound.Client, r *outbound.Request) outbound.Result {
	if a.tokens != nil {
		return a.tokens.send(ctx, c, r)
	}
	r.Header = a.header
	return c.Send(ctx, r)
}

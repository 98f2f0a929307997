package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"parley/internal/outbound"
)

// noToken is the kind of failure of a request for which there was no access token.
const noToken = "token"

// lacking begins what is said of a request for which there was no access token.
const lacking = "There is no access token to send with: "

// host is how the token endpoint is named in messages.
func (t *tokens) host() string {
	u, err := url.Parse(t.settings.TokenURL)
	if err != nil || u.Host == "" {
		return "the token endpoint"
	}
	return u.Host
}

// explain words why a fetch failed for whoever set up the endpoint. Nothing that the
// token endpoint said is repeated but its status and the codes that RFC 6749 knows:
// the rest may hold secrets.
func (t *tokens) explain(err error) *outbound.Failure {
	var refused *oauth2.RetrieveError
	var failure *outbound.Failure
	var exchange *url.Error
	switch {
	case errors.As(err, &refused):
		status := refused.Response.StatusCode
		if status >= 300 && status <= 399 {
			return t.fail("answered %d, and redirects are not followed: set token_url to the final address", status)
		}
		return t.fail("answered %s%s", statusText(status), codeOf(refused))
	case errors.Is(err, context.DeadlineExceeded):
		return t.fail("gave no answer within %v", fetchWithin)
	case errors.As(err, &failure):
		return &outbound.Failure{Kind: noToken, Message: lacking + failure.Message, Err: err}
	case errors.As(err, &exchange):
		return t.fail("is not where requests may go: set token_url to another place, or have the operator allow it")
	}
	return t.fail("gave an answer that holds no access token")
}

// codeOf tells the error code of RFC 6749, 5.2, and what may be done about it.
func codeOf(refused *oauth2.RetrieveError) string {
	advice, known := map[string]string{
		"invalid_request":        "its token_url and settings may be wrong",
		"invalid_client":         "check client_id and client_secret",
		"invalid_grant":          "check client_id and client_secret",
		"unauthorized_client":    "this client may not use client credentials",
		"unsupported_grant_type": "it does not know client credentials",
		"invalid_scope":          "check scopes",
	}[refused.ErrorCode]
	if known {
		return fmt.Sprintf(" (%s): %s", refused.ErrorCode, advice)
	}
	if refused.Response.StatusCode == http.StatusUnauthorized {
		return ": check client_id and client_secret"
	}
	return ""
}

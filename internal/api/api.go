// Package api is the REST door: it authorises each request by its API key, decodes
// it strictly, calls one verb, and answers as /openapi.json says, which is made
// from the same declarations. The routes are all in routes.go.
package api

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"parley"
	"parley/internal/account"
	"parley/internal/attachment"
	"parley/internal/contact"
	"parley/internal/conversation"
	"parley/internal/database"
	"parley/internal/endpoint"
	"parley/internal/eventlog"
	"parley/internal/help"
	"parley/internal/ratelimit"
	"parley/internal/sales"
	"parley/internal/schema"
	"parley/internal/tally"
	"parley/internal/web"
	"parley/internal/work"
)

// Parts are what the API is a door to.
type Parts struct {
	DB            *database.DB
	Log           *eventlog.Log
	Account       *account.Account
	Contacts      *contact.Contacts
	Conversations *conversation.Conversations
	Help          *help.Help
	Sales         *sales.Sales
	Work          *work.Work
	Endpoints     *endpoint.Endpoints
	Attachments   *attachment.Attachments
	Limiter       *ratelimit.Limiter
	Tally         *tally.Tally
	Logger        *slog.Logger
	Version       string
	PublicURL     string // where clients reach the server, without a path; empty: where they say they do
}

// API is the door.
type API struct {
	Parts
	huma       huma.API
	document   func() (body []byte, etag string)
	chapters   func(path string) (web.Chapter, bool)
	components *schema.Components
	flights    flights
	stopped    <-chan struct{}
}

// New makes the door. Streams end when stopped is closed.
func New(p Parts, stopped <-chan struct{}) *API {
	a := &API{Parts: p, stopped: stopped}
	a.flights.open = map[string]bool{}
	return a
}

// Handler serves /v1, /files, /openapi.json and /docs.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	hideHumaErrors()
	a.components = schema.NewComponents()
	a.huma = humago.New(mux, huma.Config{
		OpenAPI:                      a.frame(),
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	})
	a.routes()
	a.describeEvents()
	a.serveDocument(mux)
	mux.HandleFunc("GET "+attachment.FilesPath+"/{organization}/{id}/{name}", a.download)
	routes := web.Mux(mux)
	v1 := a.authenticated(routes)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if len(r.URL.Path) >= 4 && r.URL.Path[:4] == "/v1/" {
			v1.ServeHTTP(w, r)
			return
		}
		routes.ServeHTTP(w, r)
	})
}

// Document is the OpenAPI document. It is there once Handler was called.
func (a *API) Document() []byte {
	body, _ := a.document()
	return body
}

// admission is what is known of a request once it has been let in.
type admission struct {
	account.Identity
	patience       *patience
	token          string // the API key itself
	target         string // method and path
	idempotencyKey string
	base           string // where the caller reaches this server, without a path
}

type admissionKey struct{}

// authenticated lets through what carries a valid API key within its rate limit,
// and reads the body.
func (a *API) authenticated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, patience := limited(r)
		defer patience.end()
		seen := &counted{ResponseWriter: w, tally: a.Tally, facts: web.Facts(ctx)}
		defer seen.end()
		r, err := a.admit(seen, r.WithContext(ctx), patience)
		if err != nil {
			web.WriteError(seen, r, err)
			return
		}
		next.ServeHTTP(seen, r)
	})
}

func (a *API) admit(w http.ResponseWriter, r *http.Request, patience *patience) (*http.Request, error) {
	token := bearer(r)
	who, err := a.Account.Authenticate(r.Context(), token)
	facts := web.Facts(r.Context())
	facts.Org, facts.Key = who.Caller.Organization, who.KeyID
	if err != nil {
		return r, err
	}
	if err := a.limit(r.Context(), w, who.KeyID); err != nil {
		return r, err
	}
	if err := web.CheckTarget(r.URL); err != nil {
		return r, err
	}
	if !isUpload(r) {
		if r, err = web.ReadBody(w, r); err != nil {
			return r, err
		}
	}
	patience.begin() // how long a client takes to send its body is limited elsewhere
	in := admission{who, patience, token, r.Method + " " + r.URL.Path, r.Header.Get("Idempotency-Key"), a.base(r)}
	return r.WithContext(context.WithValue(r.Context(), admissionKey{}, in)), nil
}

func bearer(r *http.Request) string {
	const scheme = "Bearer "
	h := r.Header.Get("Authorization")
	if len(h) > len(scheme) && (h[:len(scheme)] == scheme || h[:len(scheme)] == "bearer ") {
		return h[len(scheme):]
	}
	return ""
}

// base is where a caller reaches this server: as the operator says, else as the request
// says, which need not be true, but is only ever told to who made it.
func (a *API) base(r *http.Request) string {
	if a.PublicURL != "" {
		return a.PublicURL
	}
	scheme := "http"
	if r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// limit counts a request against its key's rate, and says so in the headers of
// the IETF's draft (draft-ietf-httpapi-ratelimit-headers-10).
func (a *API) limit(ctx context.Context, w http.ResponseWriter, key parley.APIKeyID) error {
	limit := a.Limiter.Limit()
	if limit.Quota == 0 {
		return nil
	}
	s := a.Limiter.Take(ctx, string(key), time.Now())
	h := w.Header()
	h["Ratelimit-Policy"] = []string{policy(limit)}
	h["Ratelimit"] = []string{remaining(s)}
	if s.Allowed {
		return nil
	}
	return &parley.Error{
		Kind: parley.TooMany, RetryAfter: s.Retry,
		Detail: "Too many requests with this API key. Wait as long as Retry-After says, then go on more slowly.",
	}
}

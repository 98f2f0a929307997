// Package session knows who is signed in to the dashboard. A browser holds a random
// token in a cookie, the database its SHA-256 and whose it is: sessions outlive the
// server, hold on every node, and end the moment they are revoked. A session lasts 30
// days, or 7 in which it is not used.
//
// Whoever is signed in stands in one of the organizations that the login may enter
// ([account.Membership]), which is asked of the database with each request: who loses
// the membership or the user is out.
package session

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/store"
	"parley/internal/web"
)

const (
	lifetime = 30 * 24 * time.Hour // however much a session is used
	idle     = 7 * 24 * time.Hour  // without being used
	waiting  = time.Hour           // of somebody who has not signed in
	seenEach = time.Minute         // how exact it is when a session was seen
)

// Options says how sessions are kept. The zero value does for a test.
type Options struct {
	PublicURL string       // where clients reach the server; if that is https, cookies go over https only
	Logger    *slog.Logger // nil: nothing is logged

	// Failed answers a request whose session cannot be read; nil: as a problem.
	Failed func(http.ResponseWriter, *http.Request, error)
}

// Sessions are the sessions of a server.
type Sessions struct {
	db       *database.DB
	accounts *account.Account
	options  Options

	// plain and secure are the same but for the cookie.
	plain, secure *scs.SessionManager
}

// New makes the sessions in a database.
func New(db *database.DB, accounts *account.Account, o Options) *Sessions {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Failed == nil {
		o.Failed = web.WriteError
	}
	s := &Sessions{db: db, accounts: accounts, options: o}
	s.plain = s.manager("parley_session", false)
	s.secure = s.manager("__Host-parley_session", true)
	return s
}

// manager makes what handles cookies of a name. It does not come from scs.New, which
// would leave a goroutine behind; so all managers find a request's session under one
// key, and what the one has read the other can change.
func (s *Sessions) manager(name string, secure bool) *scs.SessionManager {
	return &scs.SessionManager{
		Lifetime: lifetime, Store: rows{s}, Codec: codec{}, HashTokenInStore: true, ErrorFunc: s.failed,
		Cookie: scs.SessionCookie{Name: name, Secure: secure, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Persist: true},
	}
}

// request is what is known of the session of one request.
type request struct {
	id           string // of the session as it is stored; "" while it is not
	email        string // of the login; "": nobody is signed in
	organization parley.OrganizationID
	userAgent    string
	ip           string
	handling     bool // the session has been read
}

type requestKey struct{}

// of gives the request of a context, an empty one if that does not come from Handle.
func of(ctx context.Context) *request {
	if r, ok := ctx.Value(requestKey{}).(*request); ok {
		return r
	}
	return &request{}
}

// Handle reads the session before next, and keeps what changed in it when next begins
// to answer, so that an answer may be a long stream. What next puts into the session
// after that is lost.
func (s *Sessions) Handle(next http.Handler) http.Handler {
	inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		of(r.Context()).handling = true
		next.ServeHTTP(&answer{ResponseWriter: w}, r)
	})
	plain, secure := s.plain.LoadAndSave(inner), s.secure.LoadAndSave(inner)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		known := &request{userAgent: shortened(r.UserAgent()), ip: addressOf(r)}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, known))
		if s.isSecure(r) {
			secure.ServeHTTP(w, r)
			return
		}
		plain.ServeHTTP(w, r)
	})
}

// isSecure tells whether the browser came by https. It need not be true of one that
// says so itself, which harms nobody but that browser.
func (s *Sessions) isSecure(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" || strings.HasPrefix(s.options.PublicURL, "https://")
}

func shortened(userAgent string) string {
	return strings.ToValidUTF8(userAgent[:min(len(userAgent), 200)], "")
}

func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return strings.ToValidUTF8(r.RemoteAddr, "")
	}
	return host
}

// failed is told by scs of an error. Once the answer is on its way there is nobody to
// tell: what should have been kept for the next request is lost.
func (s *Sessions) failed(w http.ResponseWriter, r *http.Request, err error) {
	if !of(r.Context()).handling {
		s.options.Failed(w, r, err)
		return
	}
	s.options.Logger.Warn("session.not_kept", "error", err)
}

// answer sees to it that the cookie leaves with the head of the answer, also if a
// handler flushes before it writes.
type answer struct {
	http.ResponseWriter
	begun bool
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	a.begun = a.begun || status >= http.StatusOK
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	a.begun = true
	return a.ResponseWriter.Write(b)
}

// FlushError is what http.ResponseController flushes with.
func (a *answer) FlushError() error {
	if !a.begun {
		a.WriteHeader(http.StatusOK)
	}
	return http.NewResponseController(a.ResponseWriter).Flush()
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// sweepEvery is how often expired sessions are removed, sweepMost how many at once.
const (
	sweepEvery = 10 * time.Minute
	sweepMost  = 1000
)

// Run removes expired sessions, until ctx ends.
func (s *Sessions) Run(ctx context.Context) error {
	for {
		more, err := s.sweep(ctx)
		if err != nil && ctx.Err() == nil {
			s.options.Logger.Warn("session.sweep_failed", "error", err, "again_in", sweepEvery)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-time.After(sweepEvery):
		case <-ctx.Done():
			return nil
		}
	}
}

func (s *Sessions) sweep(ctx context.Context) (more bool, err error) {
	err = s.db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		n, err := store.DeleteExpiredSessions(ctx, tx, parley.Now(), sweepMost)
		more = n == sweepMost
		return err
	})
	return more, err
}

package session_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/session"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/testing/dbtest"
)

// world is a server's sessions, with an organization that grace founded.
type world struct {
	t        *testing.T
	db       *database.DB
	accounts *account.Account
	sessions *session.Sessions
	founded  account.Founded
}

const password = "correct horse"

func newWorld(t *testing.T, db *database.DB, o session.Options) *world {
	t.Helper()
	w := &world{t: t, db: db}
	w.restart(o)
	w.founded = w.found("Bakery", "grace@example.com")
	return w
}

// restart is another server on the same database.
func (w *world) restart(o session.Options) {
	logger := slog.New(slog.NewTextHandler(w.t.Output(), nil))
	w.accounts = account.New(w.db, eventlog.New(w.db, logger))
	w.t.Cleanup(w.accounts.Wait)
	o.Logger = logger
	w.sessions = session.New(w.db, w.accounts, o)
}

func (w *world) found(name, email string) account.Founded {
	w.t.Helper()
	f, err := w.accounts.Found(w.t.Context(), account.Founding{Name: name, Email: email, Owner: "Grace", Password: password, Scopes: []parley.Scope{"*"}})
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

// browser keeps a cookie.
type browser struct {
	*world
	cookie *http.Cookie
}

// visit has do done in a request of the browser's.
func (b *browser) visit(do func(ctx context.Context)) (status int) {
	b.t.Helper()
	r := httptest.NewRequestWithContext(b.t.Context(), "GET", "/", nil)
	return b.request(r, func(w http.ResponseWriter, r *http.Request) {
		do(r.Context())
		w.WriteHeader(http.StatusNoContent)
	})
}

func (b *browser) request(r *http.Request, handle http.HandlerFunc) (status int) {
	b.t.Helper()
	r.Header.Set("User-Agent", "Test/1.0 "+strings.Repeat("x", 1000))
	if b.cookie != nil {
		r.AddCookie(b.cookie)
	}
	recorded := httptest.NewRecorder()
	b.sessions.Handle(handle).ServeHTTP(recorded, r)
	answer := recorded.Result()
	defer answer.Body.Close()
	for _, c := range answer.Cookies() {
		b.cookie = c
		if c.MaxAge < 0 {
			b.cookie = nil
		}
	}
	return answer.StatusCode
}

func (b *browser) signIn(email string) {
	b.t.Helper()
	b.visit(func(ctx context.Context) {
		if err := b.sessions.SignIn(ctx, email); err != nil {
			b.t.Error(err)
		}
	})
}

// visitor is who the browser is signed in as, "nobody" or "Bakery: grace@example.com".
func (b *browser) visitor() (who string) {
	b.t.Helper()
	b.visit(func(ctx context.Context) {
		v, ok, err := b.sessions.Visitor(ctx)
		if err != nil {
			b.t.Error(err)
		}
		who = "nobody"
		if ok {
			who = v.Organization.Name + ": " + v.User.Email
		}
	})
	return who
}

func (b *browser) wants(who string) {
	b.t.Helper()
	if got := b.visitor(); got != who {
		b.t.Errorf("the visitor is %s, want %s", got, who)
	}
}

const grace = "Bakery: grace@example.com"

func TestSigningInAndOut(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, session.Options{})
		b := &browser{world: w}
		b.wants("nobody")
		if b.cookie != nil {
			t.Errorf("a visit made the cookie %v", b.cookie)
		}
		b.signIn("Grace@example.com")
		b.wants(grace)
		if c := b.cookie; c.Name != "parley_session" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" || c.MaxAge < 29*24*3600 {
			t.Errorf("the cookie is %v", c)
		}
		var id, agent string
		if err := db.Read().QueryRow(t.Context(), "select id, user_agent from sessions").Scan(&id, &agent); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(id, b.cookie.Value) || len(agent) != 200 {
			t.Errorf("kept are the id %s and %d bytes of user agent", id, len(agent))
		}
		b.visit(func(ctx context.Context) {
			v, _, err := b.sessions.Visitor(ctx)
			by := parley.Caller{Organization: w.founded.Organization.ID, Actor: parley.Actor{Type: "user", ID: string(w.founded.Owner.ID)}}
			if err != nil || v.Caller() != by || !v.Allows("webhooks:write") || v.Email != "grace@example.com" {
				t.Errorf("the visitor is %+v (%v)", v, err)
			}
		})
		stolen := &browser{world: w, cookie: b.cookie}
		b.visit(func(ctx context.Context) {
			if err := b.sessions.SignOut(ctx); err != nil {
				t.Error(err)
			}
		})
		if b.cookie != nil {
			t.Error("the cookie stays")
		}
		stolen.wants("nobody")
	})
}

// A token that somebody knew before means nothing after.
func TestSigningInMakesANewToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), session.Options{})
	b := &browser{world: w}
	b.visit(func(ctx context.Context) { b.sessions.Put(ctx, "toast", "Hello") })
	planted := &browser{world: w, cookie: b.cookie}
	b.visit(func(ctx context.Context) {
		if err := b.sessions.HalfIn(ctx, "Grace@example.com"); err != nil {
			t.Error(err)
		}
	})
	planted.visit(func(ctx context.Context) {
		if who, toast := w.sessions.HalfInAs(ctx), w.sessions.Pop(ctx, "toast"); who != "" || toast != "" {
			t.Errorf("half in as %q, with %q", who, toast)
		}
	})
	b.wants("nobody")
	b.visit(func(ctx context.Context) {
		if who := b.sessions.HalfInAs(ctx); who != "grace@example.com" {
			t.Errorf("half in as %q", who)
		}
	})
	planted.cookie = b.cookie
	b.signIn("grace@example.com")
	planted.wants("nobody")
	b.wants(grace)
	// A token that the browser made up is not taken over either.
	made := &browser{world: w, cookie: &http.Cookie{Name: "parley_session", Value: "mine"}}
	made.signIn("grace@example.com")
	if made.cookie.Value == "mine" {
		t.Error("the browser chose its token")
	}
}

func TestTextsAreKeptBetweenRequests(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		b := &browser{world: newWorld(t, db, session.Options{})}
		const text = "Saved. \x00 ✓ \xff"
		b.visit(func(ctx context.Context) { b.sessions.Put(ctx, "toast", text) })
		b.restart(session.Options{})
		for _, want := range []string{strings.ToValidUTF8(text, "\ufffd"), ""} {
			b.visit(func(ctx context.Context) {
				if got := b.sessions.Pop(ctx, "toast"); got != want {
					t.Errorf("popped %q, want %q", got, want)
				}
			})
		}
	})
}

func TestASessionOutlivesTheServer(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		b := &browser{world: newWorld(t, db, session.Options{})}
		second := b.found("Annex", "grace@example.com")
		b.signIn("grace@example.com")
		b.wants("Annex: grace@example.com") // the first by name
		b.visit(func(ctx context.Context) {
			if err := b.sessions.Enter(ctx, b.founded.Organization.ID); err != nil {
				t.Error(err)
			}
		})
		b.restart(session.Options{})
		b.wants(grace)
		stranger := b.found("Elsewhere", "ada@example.com")
		b.visit(func(ctx context.Context) {
			if err := b.sessions.Enter(ctx, stranger.Organization.ID); parley.KindOf(err) != parley.NotFound {
				t.Errorf("entered a stranger's: %v, want NotFound", err)
			}
		})
		b.wants(grace)
		b.visit(func(ctx context.Context) {
			if err := b.sessions.Enter(ctx, second.Organization.ID); err != nil {
				t.Error(err)
			}
		})
		b.wants("Annex: grace@example.com")
	})
}

func TestASessionEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, dbtest.SQLite(t), session.Options{})
		unused, used, waiting := &browser{world: w}, &browser{world: w}, &browser{world: w}
		unused.signIn("grace@example.com")
		used.signIn("grace@example.com")
		waiting.visit(func(ctx context.Context) { w.sessions.Put(ctx, "toast", "Hello") })
		time.Sleep(time.Hour)
		waiting.visit(func(ctx context.Context) {
			if toast := w.sessions.Pop(ctx, "toast"); toast != "" {
				t.Error("who does not sign in is remembered for over an hour")
			}
		})
		for range 29 {
			time.Sleep(24 * time.Hour)
			used.wants(grace)
		}
		unused.wants("nobody")
		time.Sleep(23*time.Hour - time.Second)
		used.wants(grace)
		time.Sleep(time.Second)
		used.wants("nobody")

		count := func() (n int) {
			if err := w.db.Read().QueryRow(t.Context(), "select count(*) from sessions").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		if before := count(); before != 3 {
			t.Errorf("%d rows before the sweep", before)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- w.sessions.Run(ctx) }()
		time.Sleep(time.Minute)
		if after := count(); after != 0 {
			t.Errorf("%d rows after the sweep", after)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// It is written down once a minute that a session was seen.
func TestASessionIsSeen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := &browser{world: newWorld(t, dbtest.SQLite(t), session.Options{})}
		b.signIn("grace@example.com")
		noted := map[parley.Time]bool{}
		for range 180 {
			time.Sleep(time.Second)
			b.visit(func(ctx context.Context) {
				all, err := b.sessions.Of(ctx, "Grace@example.com")
				if err != nil || len(all) != 1 || !all[0].Current || parley.Now()-all[0].SeenAt > 60_000 {
					t.Fatalf("the sessions are %+v (%v)", all, err)
				}
				noted[all[0].SeenAt] = true
			})
		}
		if len(noted) != 4 {
			t.Errorf("in three minutes it was noted %d times", len(noted)-1)
		}
	})
}

func TestSessionsAreRevoked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		w := newWorld(t, db, session.Options{})
		w.found("Elsewhere", "ada@example.com")
		browsers := make([]*browser, 4)
		for i := range browsers {
			browsers[i] = &browser{world: w}
			browsers[i].signIn("grace@example.com")
		}
		ada := &browser{world: w}
		ada.signIn("ada@example.com")

		var lost string
		browsers[1].visit(func(ctx context.Context) { lost = w.sessions.Current(ctx) })
		if err := w.sessions.Revoke(t.Context(), "ada@example.com", lost); err != nil {
			t.Fatal(err)
		}
		browsers[1].wants(grace) // it is not ada's to revoke
		browsers[1].visit(func(ctx context.Context) {
			if alive, err := w.sessions.Alive(ctx); !alive || err != nil {
				t.Errorf("alive: %v (%v)", alive, err)
			}
			if err := w.sessions.Revoke(t.Context(), "Grace@example.com", lost); err != nil {
				t.Error(err)
			}
			if alive, err := w.sessions.Alive(ctx); alive || err != nil {
				t.Errorf("alive after: %v (%v)", alive, err)
			}
			w.sessions.Put(ctx, "toast", "a request that began before does not bring it back")
		})
		browsers[1].wants("nobody")

		browsers[0].visit(func(ctx context.Context) {
			if all, err := w.sessions.Of(ctx, "grace@example.com"); len(all) != 3 || err != nil {
				t.Errorf("grace has %+v (%v)", all, err)
			}
			if err := w.sessions.RevokeOthers(ctx); err != nil {
				t.Error(err)
			}
		})
		browsers[0].wants(grace)
		browsers[2].wants("nobody")
		ada.wants("Elsewhere: ada@example.com")

		browsers[2].signIn("grace@example.com")
		browsers[0].visit(func(ctx context.Context) {
			if err := w.accounts.ChangePassword(ctx, "grace@example.com", password, "another horse", w.sessions.Current(ctx)); err != nil {
				t.Error(err)
			}
		})
		browsers[0].wants(grace)
		browsers[2].wants("nobody")

		if err := w.accounts.GiveBack(t.Context(), "grace@example.com", password, false); err != nil {
			t.Fatal(err)
		}
		browsers[0].wants("nobody")
		ada.wants("Elsewhere: ada@example.com")
	})
}

// Who loses the user in one organization is in another of theirs, or in none.
func TestWhoLeavesAnOrganizationIsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), session.Options{})
	other := w.found("Elsewhere", "ada@example.com")
	by := parley.Caller{Organization: other.Organization.ID, Actor: parley.System}
	u, secret, err := w.accounts.Invite(t.Context(), by, parley.User{Name: "Grace", Email: "grace@example.com", Role: parley.Agent})
	if err != nil {
		t.Fatal(err)
	}
	b := &browser{world: w}
	b.signIn("grace@example.com")
	b.visit(func(ctx context.Context) {
		if _, err := w.accounts.Accept(ctx, secret, account.Proof{SignedIn: w.sessions.Email(ctx)}); err != nil {
			t.Error(err)
		}
		if err := w.sessions.Enter(ctx, other.Organization.ID); err != nil {
			t.Error(err)
		}
	})
	b.wants("Elsewhere: grace@example.com")
	b.visit(func(ctx context.Context) {
		if v, _, err := w.sessions.Visitor(ctx); v.Allows("webhooks:read") || err != nil {
			t.Errorf("an agent may what only admins may (%v)", err)
		}
	})
	if err := w.accounts.Users.Delete(t.Context(), by, string(u.ID)); err != nil {
		t.Fatal(err)
	}
	b.wants(grace)
	by.Organization = w.founded.Organization.ID
	_, err = w.accounts.Users.Update(t.Context(), by, string(w.founded.Owner.ID), noun.AnyVersion, func(u *parley.User) error {
		u.Email = "grace@example.org"
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b.wants("nobody")
	b.visit(func(ctx context.Context) {
		if email := w.sessions.Email(ctx); email != "grace@example.com" {
			t.Errorf("signed in as %q", email)
		}
	})
}

func TestTheCookieIsSecureOverHTTPS(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	for name, test := range map[string]struct {
		publicURL string
		change    func(*http.Request)
		secure    bool
	}{
		"http":          {"", func(*http.Request) {}, false},
		"https":         {"", func(r *http.Request) { r.TLS = &tls.ConnectionState{} }, true},
		"a proxy":       {"http://parley.example.com", func(r *http.Request) { r.Header.Set("X-Forwarded-Proto", "https") }, true},
		"a public name": {"https://parley.example.com", func(*http.Request) {}, true},
	} {
		b := &browser{world: &world{t: t, db: db}}
		b.restart(session.Options{PublicURL: test.publicURL})
		r := httptest.NewRequestWithContext(t.Context(), "GET", "http://parley.example.com/", nil)
		test.change(r)
		b.request(r, func(w http.ResponseWriter, r *http.Request) { b.sessions.Put(r.Context(), "toast", name) })
		if c := b.cookie; c == nil || c.Secure != test.secure || strings.HasPrefix(c.Name, "__Host-") != test.secure {
			t.Errorf("%s: the cookie is %v", name, c)
			continue
		}
		r = httptest.NewRequestWithContext(t.Context(), "GET", "http://parley.example.com/", nil)
		test.change(r)
		b.request(r, func(_ http.ResponseWriter, r *http.Request) {
			if toast := b.sessions.Pop(r.Context(), "toast"); toast != name {
				t.Errorf("%s: popped %q", name, toast)
			}
		})
	}
}

// A stream is flushed through the session's writer, its cookie leaves with its head,
// and nothing is written when it ends.
func TestAStreamIsFlushed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, dbtest.SQLite(t), session.Options{})
	flushed, ended := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(w.sessions.Handle(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		defer close(ended)
		w.sessions.Put(r.Context(), "toast", "Hello")
		rw.Header().Set("Content-Type", "text/event-stream")
		control := http.NewResponseController(rw)
		if err := control.Flush(); err != nil { // before anything is written
			t.Error(err)
		}
		<-flushed
		if _, err := io.WriteString(rw, "data: 1\n\n"); err != nil || control.Flush() != nil {
			t.Errorf("the stream breaks (%v)", err)
		}
		if err := control.SetWriteDeadline(time.Time{}); err != nil {
			t.Error(err)
		}
		<-flushed
		w.sessions.Put(r.Context(), "late", "lost")
	})))
	defer server.Close()
	answer, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if len(answer.Cookies()) != 1 {
		t.Errorf("the cookies are %v", answer.Cookies())
	}
	flushed <- struct{}{}
	line := make([]byte, 7)
	if _, err := io.ReadFull(answer.Body, line); err != nil || string(line) != "data: 1" {
		t.Errorf("read %q (%v)", line, err)
	}
	flushed <- struct{}{}
	<-ended
	if _, err := io.ReadAll(answer.Body); err != nil {
		t.Error(err)
	}
	var data string
	if err := w.db.Read().QueryRow(t.Context(), "select data from sessions").Scan(&data); err != nil {
		t.Fatal(err)
	}
	var kept struct{ Values map[string]string }
	if err := json.Unmarshal([]byte(data), &kept); err != nil || kept.Values["toast"] != "Hello" || kept.Values["late"] != "" {
		t.Errorf("kept is %s (%v)", data, err)
	}
}

// Where the database is away the answer says so, and the handler is not asked.
func TestWithoutADatabaseNobodyIsLetIn(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	b := &browser{world: newWorld(t, db, session.Options{})}
	b.signIn("grace@example.com")
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	status := b.visit(func(context.Context) { t.Error("the handler runs") })
	if status < 500 {
		t.Errorf("the answer is %d", status)
	}
}

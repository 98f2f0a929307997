package entry_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/server"
	"parley/internal/testing/desk"
)

func TestInvitations(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	a := verbs(t, d)
	invite := func(u parley.User) string {
		t.Helper()
		_, secret, err := a.Invite(t.Context(), d.Caller(), u)
		if err != nil {
			t.Fatal(err)
		}
		return "/invitation/" + secret
	}

	t.Run("somebody new", func(t *testing.T) {
		path := invite(parley.User{Name: "Ada " + desk.Script, Email: "ada@new.example.com", Role: parley.Admin})
		c := stranger(t)
		body := page(t, d, c, path)
		if !strings.Contains(body, "ada@new.example.com is invited to "+d.Made.Organization.Name+" on Parley, as an admin") || strings.Contains(body, "<img src=x") {
			t.Errorf("the page is %s", body)
		}
		refused(t, d, c, http.StatusUnprocessableEntity, "must have 8 to 200 characters", path, "name", "Ada", "password", "short")
		refused(t, d, c, http.StatusUnprocessableEntity, "must have 1 to 200 characters", path, "name", " ", "password", desk.Password)
		if to := done(t, d, c, path, "name", "Ada L.", "password", desk.Password); to != "/" {
			t.Errorf("it leads to %s", to)
		}
		if body := page(t, d, c, "/profile"); !strings.Contains(body, `value="Ada L."`) || !strings.Contains(body, "admin of "+d.Made.Organization.Name) || !strings.Contains(body, "Welcome to "+d.Made.Organization.Name+".") {
			t.Errorf("one is in as %s", body)
		}
		for _, again := range []string{path, "/invitation/nonsense"} {
			if status, body := d.Get(t, stranger(t), again); status != http.StatusNotFound || !strings.Contains(body, "The invitation is not valid") {
				t.Errorf("%s is answered %d %s", again, status, body)
			}
			refused(t, d, stranger(t), http.StatusNotFound, "The invitation is not valid", again, "name", "Eve", "password", desk.Password)
		}
		if d.Client(t, "ada@new.example.com") == nil {
			t.Error("the password does not sign in")
		}
	})

	t.Run("somebody who has a login", func(t *testing.T) {
		// Another organization, whose owner's email the first one invites.
		other, err := a.Found(t.Context(), account.Founding{
			Name: "Another Shop", Email: "lin@example.com", Owner: "Lin", Password: desk.Password, Scopes: []parley.Scope{"*"},
		})
		if err != nil {
			t.Fatal(err)
		}
		path := invite(parley.User{Name: "Lin", Email: "Lin@example.com", Role: parley.Agent})
		c := stranger(t)
		body := page(t, d, c, path)
		if !strings.Contains(body, "There is a login for lin@example.com") || strings.Contains(body, `name="password"`) {
			t.Errorf("the page is %s", body)
		}
		refused(t, d, c, http.StatusUnprocessableEntity, "sign in with it first", path, "name", "Eve", "password", "a password of Eve")

		wrong := d.Client(t, desk.Agent)
		if body := page(t, d, wrong, path); !strings.Contains(body, "You are signed in as <b>"+string(desk.Agent)) {
			t.Errorf("another person is told %s", body)
		}
		refused(t, d, wrong, http.StatusUnprocessableEntity, "The invitation is for lin@example.com", path)
		if to := done(t, d, wrong, "/sign-out", "next", path); to != path {
			t.Errorf("signing out leads to %s", to)
		}
		if to := done(t, d, wrong, "/sign-in", "email", "lin@example.com", "password", desk.Password, "next", path); to != path {
			t.Errorf("signing in leads to %s", to)
		}
		if body := page(t, d, wrong, path); strings.Contains(body, `name="password"`) {
			t.Errorf("who is signed in is asked for a password: %s", body)
		}
		done(t, d, wrong, path)
		if body := page(t, d, wrong, "/profile"); !strings.Contains(body, "agent of "+d.Made.Organization.Name) {
			t.Errorf("one is not in the organization: %s", body)
		}
		if body := page(t, d, wrong, "/organizations"); !strings.Contains(body, "Another Shop") || !strings.Contains(body, string(other.Organization.ID)) {
			t.Errorf("the first organization is gone: %s", body)
		}
	})
}

// An invitation opens an organization: its link is for whom it was given.
func TestTheLogDoesNotTellInvitations(t *testing.T) {
	t.Parallel()
	var log lines
	c := desk.Config(filepath.Join(t.TempDir(), "data"))
	c.Addr, c.Logger = "127.0.0.1:0", slog.New(slog.NewTextHandler(&log, nil))
	s, err := server.New(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- s.Run(ctx) }()
	d := &desk.Desk{URL: s.URL()}
	for _, path := range []string{"/invitation/very-secret", "/invitation/very-secret/", "/invitation/very-secret/more", "/sign-in?next=/invitation/very-secret"} {
		d.Get(t, stranger(t), path)
		d.Post(t, stranger(t), path, nil)
	}
	stop()
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if told := log.text(); strings.Contains(told, "very-secret") || !strings.Contains(told, "path=/invitation/…") {
		t.Errorf("the log has %s", told)
	}
}

type lines struct {
	mu   sync.Mutex
	kept bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.Write(b)
}

func (l *lines) text() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.kept.String()
}

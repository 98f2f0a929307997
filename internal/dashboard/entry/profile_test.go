package entry_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"parley/internal/testing/desk"
)

func TestTheProfileIsOnesOwn(t *testing.T) {
	t.Parallel()
	d := desk.New(t)

	t.Run("an agent renames themselves, and nothing else", func(t *testing.T) {
		c := d.Client(t, desk.Agent)
		done(t, d, c, "/profile", "name", " Sam "+desk.Script, "role", "owner", "email", "new@example.com")
		body := page(t, d, c, "/profile")
		if !strings.Contains(body, "agent of ") || !strings.Contains(body, string(desk.Agent)) || strings.Contains(body, "<img src=x") || !strings.Contains(body, "Sam &lt;img") {
			t.Errorf("the profile is %s", body)
		}
		refused(t, d, c, http.StatusUnprocessableEntity, "must have 1 to 200 characters", "/profile", "name", "")
		refused(t, d, c, http.StatusUnprocessableEntity, "must have 1 to 200 characters", "/profile", "name", strings.Repeat("é", 201))
		done(t, d, c, "/profile", "name", "Sam")
	})

	t.Run("another password ends the other sessions", func(t *testing.T) {
		c, other := d.Client(t, desk.Admin), d.Client(t, desk.Admin)
		const another = "another password"
		refused(t, d, c, http.StatusUnprocessableEntity, "is not your password", "/profile/password", "old_password", "wrong", "password", another)
		refused(t, d, c, http.StatusUnprocessableEntity, "must have 8 to 200 characters", "/profile/password", "old_password", desk.Password, "password", "short")
		if signedIn(t, d, other) == "" {
			t.Error("a refused change ends sessions")
		}
		done(t, d, c, "/profile/password", "old_password", desk.Password, "password", another)
		if signedIn(t, d, c) == "" || signedIn(t, d, other) != "" {
			t.Error("the wrong sessions have ended")
		}
		refused(t, d, stranger(t), http.StatusUnprocessableEntity, "is not right", "/sign-in", "email", string(desk.Admin), "password", desk.Password)
		done(t, d, stranger(t), "/sign-in", "email", string(desk.Admin), "password", another)
	})

	t.Run("sessions can be ended", func(t *testing.T) {
		c, second, third := d.Client(t, desk.Owner), d.Client(t, desk.Owner), d.Client(t, desk.Owner)
		agent := d.Client(t, desk.Agent)
		body := page(t, d, c, "/profile")
		if n := strings.Count(body, "This one"); n != 1 || !strings.Contains(body, "A Go program") || !strings.Contains(body, "127.0.0.1") {
			t.Errorf("%d sessions are this one: %s", n, body)
		}
		id := find(t, `name="session" value="([^"]+)"`, body)
		// Nobody ends others' sessions.
		done(t, d, agent, "/profile/sessions/revoke", "session", id)
		if ids := revocable(t, d, c); len(ids) != 2 {
			t.Fatalf("one can end %v", ids)
		}
		done(t, d, c, "/profile/sessions/revoke", "session", id)
		if (signedIn(t, d, second) == "") == (signedIn(t, d, third) == "") {
			t.Error("not one session has ended")
		}
		fourth := d.Client(t, desk.Owner)
		done(t, d, c, "/profile/sessions/revoke-others")
		for i, other := range []*http.Client{second, third, fourth} {
			if signedIn(t, d, other) != "" {
				t.Errorf("session %d lives", i)
			}
		}
		if signedIn(t, d, c) == "" || signedIn(t, d, agent) == "" {
			t.Error("other sessions have ended")
		}
	})
}

func revocable(t *testing.T, d *desk.Desk, c *http.Client) (ids []string) {
	t.Helper()
	for _, found := range regexp.MustCompile(`name="session" value="([^"]+)"`).FindAllStringSubmatch(page(t, d, c, "/profile"), -1) {
		ids = append(ids, found[1])
	}
	return ids
}

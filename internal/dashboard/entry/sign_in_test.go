package entry_test

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/server"
	"parley/internal/testing/desk"
)

func TestSigningIn(t *testing.T) {
	t.Parallel()
	d := desk.New(t)

	t.Run("what is wrong is said on the page", func(t *testing.T) {
		c := stranger(t)
		const why = "The email or the password is not right."
		for name, typed := range map[string][]string{
			"a wrong password": {"email", string(desk.Owner), "password", "wrong"},
			"a stranger":       {"email", "nobody@example.com", "password", desk.Password},
			"no email":         {"email", "", "password", desk.Password},
			"nothing":          nil,
			"a NUL-free blob":  {"email", strings.Repeat("a", 5000), "password", strings.Repeat("b", 5000)},
			"a script":         {"email", desk.Script, "password", "x"},
		} {
			status, _, body := d.Post(t, c, "/sign-in", form(typed...))
			if status != http.StatusUnprocessableEntity || !strings.Contains(body, why) || strings.Contains(body, "<img src=x") {
				t.Errorf("%s: %d %s", name, status, body)
			}
		}
		if who := signedIn(t, d, c); who != "" {
			t.Errorf("%s is signed in", who)
		}
		refused(t, d, c, http.StatusBadRequest, "", "/sign-in?%zz", "email", "a")
	})

	t.Run("it leads to where one wanted to go, and nowhere else", func(t *testing.T) {
		if to := leads(t, d, stranger(t), "/profile?tab=one"); to != "/sign-in?next=%2Fprofile%3Ftab%3Done" {
			t.Errorf("a stranger is led to %s", to)
		}
		c := stranger(t)
		for next, want := range map[string]string{
			"/profile?tab=one": "/profile?tab=one", "/profile#sessions": "/profile#sessions", "": "/", "/": "/",
			"//evil.example.com": "/", "https://evil.example.com": "/", `/\evil.example.com`: "/", `\\evil.example.com`: "/",
			"/\t/evil.example.com": "/", "/\n/evil.example.com": "/", "javascript:alert(1)": "/", "evil.example.com": "/",
			" //evil.example.com": "/", "///evil.example.com": "/", "/" + strings.Repeat("a", 3000): "/", "/%zz": "/",
			"/x/..//evil.example.com": "/evil.example.com", "http:/evil.example.com": "/",
		} {
			to := done(t, d, c, "/sign-in", "email", string(desk.Owner), "password", desk.Password, "next", next)
			if to != want {
				t.Errorf("next=%q leads to %q, want %q", next, to, want)
			}
			if u, err := url.Parse(to); err != nil || u.IsAbs() || u.Host != "" {
				t.Errorf("next=%q leads away, to %q", next, to)
			}
		}
		if to := leads(t, d, c, "/sign-in?next=%2F%2Fevil.example.com"); to != "/" {
			t.Errorf("who is signed in is led to %s", to)
		}
	})

	t.Run("the token changes, and the one before opens nothing", func(t *testing.T) {
		c := stranger(t)
		token := func() string {
			at, _ := url.Parse(d.URL)
			for _, cookie := range c.Jar.Cookies(at) {
				if cookie.Name == "parley_session" {
					return cookie.Value
				}
			}
			return ""
		}
		done(t, d, c, "/sign-in", "email", string(desk.Agent), "password", desk.Password)
		first := token()
		done(t, d, c, "/sign-in", "email", string(desk.Agent), "password", desk.Password)
		if first == "" || token() == first {
			t.Fatalf("the token was %q and is %q", first, token())
		}
		old := stranger(t)
		at, _ := url.Parse(d.URL)
		old.Jar.SetCookies(at, []*http.Cookie{{Name: "parley_session", Value: first, Path: "/"}})
		if who := signedIn(t, d, old); who != "" {
			t.Errorf("the old token is %s", who)
		}
		planted := stranger(t)
		planted.Jar.SetCookies(at, []*http.Cookie{{Name: "parley_session", Value: "chosen-by-an-attacker", Path: "/"}})
		done(t, d, planted, "/sign-in", "email", string(desk.Agent), "password", desk.Password)
		for _, cookie := range planted.Jar.Cookies(at) {
			if cookie.Value == "chosen-by-an-attacker" {
				t.Error("a session has the token that somebody else chose")
			}
		}
	})

	t.Run("cookies keep to themselves", func(t *testing.T) {
		for proto, want := range map[string]string{"http": "parley_session", "https": "__Host-parley_session"} {
			req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, d.URL+"/sign-in",
				strings.NewReader(form("email", string(desk.Agent), "password", desk.Password).Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			req.Header.Set("X-Forwarded-Proto", proto)
			resp, err := stranger(t).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			for _, c := range resp.Cookies() {
				if c.Name != want || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.Secure != (proto == "https") {
					t.Errorf("%s: the cookie is %s", proto, c)
				}
			}
			if len(resp.Cookies()) != 1 {
				t.Errorf("%s: %d cookies", proto, len(resp.Cookies()))
			}
		}
	})

	t.Run("signing out ends the session", func(t *testing.T) {
		c := d.Client(t, desk.Agent)
		at, _ := url.Parse(d.URL)
		before := c.Jar.Cookies(at)
		if to := done(t, d, c, "/sign-out"); to != "/sign-in" {
			t.Errorf("it leads to %s", to)
		}
		again := stranger(t)
		again.Jar.SetCookies(at, before)
		if who := signedIn(t, d, again); who != "" {
			t.Errorf("the cookie still is %s", who)
		}
	})
}

func TestGuessingIsLimited(t *testing.T) {
	t.Parallel()
	d := planted(t, func(c *server.Config) { c.SignInLimit = 2 })
	try := func(email string) (status int, header http.Header) {
		t.Helper()
		resp, err := stranger(t).PostForm(d.URL+"/sign-in", form("email", email, "password", "a guess"))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode, resp.Header
	}
	for range 2 {
		if status, _ := try(string(desk.Owner)); status != http.StatusUnprocessableEntity {
			t.Fatalf("the first guesses are answered %d", status)
		}
	}
	status, header := try(" ROBIN@example.com ")
	if seconds, err := strconv.Atoi(header.Get("Retry-After")); status != http.StatusTooManyRequests || err != nil || seconds < 1 || seconds > 60 {
		t.Errorf("a guess too many is answered %d, Retry-After %q", status, header.Get("Retry-After"))
	}
	refused(t, d, stranger(t), http.StatusTooManyRequests, "There were too many attempts: try again in ",
		"/sign-in", "email", string(desk.Owner), "password", desk.Password)
	// Others may still try, until the address has tried too much: 6 in all.
	if status, _ := try(string(desk.Agent)); status != http.StatusUnprocessableEntity {
		t.Errorf("another email is answered %d", status)
	}
	try("somebody@example.com")
	if status, _ := try("somebody.else@example.com"); status != http.StatusTooManyRequests {
		t.Errorf("the address has no limit: %d", status)
	}
}

func TestSessionsSurviveARestart(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []*http.Cookie
	t.Run("before", func(t *testing.T) {
		s := desk.Start(t, desk.Config(data))
		if _, err := s.PlantDemo(t.Context(), string(desk.Owner), desk.Password); err != nil {
			t.Fatal(err)
		}
		d := &desk.Desk{URL: s.URL()}
		at, _ := url.Parse(d.URL)
		cookies = d.Client(t, desk.Agent).Jar.Cookies(at)
	})
	t.Run("after", func(t *testing.T) {
		d := &desk.Desk{URL: desk.Start(t, desk.Config(data)).URL()}
		at, _ := url.Parse(d.URL)
		jar.SetCookies(at, cookies)
		if who := signedIn(t, d, &http.Client{Jar: jar}); who != string(desk.Agent) {
			t.Errorf("%q is signed in", who)
		}
	})
}

func TestTheSecondFactorCannotBeSkipped(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	c := d.Client(t, desk.Agent)
	if to := done(t, d, c, "/profile/second-factor"); to != "/profile/second-factor" {
		t.Fatalf("it begins at %s", to)
	}
	secret := find(t, `<code>([A-Z2-7]+)</code>`, page(t, d, c, "/profile/second-factor"))
	refused(t, d, c, http.StatusUnprocessableEntity, "is not right", "/profile/second-factor/confirm", "code", "000000x")
	if again := find(t, `<code>([A-Z2-7]+)</code>`, page(t, d, c, "/profile/second-factor")); again != secret {
		t.Error("a wrong code changes the secret")
	}
	_, _, body := d.Post(t, c, "/profile/second-factor/confirm", form("code", code(t, secret, 0)))
	codes := strings.Split(find(t, `<code id="codes">([^<]+)</code>`, body), "\n")
	if len(codes) != 10 {
		t.Fatalf("the recovery codes are %q", codes)
	}

	const path = "/sign-in/code?next=%2Fprofile"
	half := func() *http.Client {
		t.Helper()
		c := stranger(t)
		if to := done(t, d, c, "/sign-in", "email", string(desk.Agent), "password", desk.Password, "next", "/profile"); to != path {
			t.Fatalf("the password leads to %s", to)
		}
		return c
	}
	half1 := half()
	for _, path := range []string{"/", "/profile", "/organizations", "/profile/second-factor", "/palette"} {
		if to := leads(t, d, half1, path); !strings.HasPrefix(to, "/sign-in?next=") {
			t.Errorf("half signed in, %s leads to %s", path, to)
		}
	}
	if to := done(t, d, half1, "/profile/second-factor/disable", "proof", desk.Password); !strings.HasPrefix(to, "/sign-in") {
		t.Errorf("half signed in, the second factor can be taken off: %s", to)
	}
	refused(t, d, half1, http.StatusUnprocessableEntity, "is not right", "/sign-in/code", "code", "123")
	used := code(t, secret, 1) // after the one before, whenever it is
	if to := done(t, d, half1, "/sign-in/code", "code", used, "next", "/profile"); to != "/profile" || signedIn(t, d, half1) != string(desk.Agent) {
		t.Errorf("the code leads to %s", to)
	}

	again := half()
	refused(t, d, again, http.StatusUnprocessableEntity, "was used before", "/sign-in/code", "code", used)
	done(t, d, again, "/sign-in/code", "code", codes[3])
	third := half()
	refused(t, d, third, http.StatusUnprocessableEntity, "is not right", "/sign-in/code", "code", codes[3])

	// Somebody who has shown no password is asked for it.
	if to := leads(t, d, stranger(t), path); to != "/sign-in?next=%2Fprofile" {
		t.Errorf("the page for codes leads a stranger to %s", to)
	}
	refused(t, d, stranger(t), http.StatusUnprocessableEntity, "begin again", "/sign-in/code", "code", codes[4])

	refused(t, d, again, http.StatusUnprocessableEntity, "is neither your password nor a code", "/profile/second-factor/disable", "proof", "wrong")
	_, _, renewed := d.Post(t, again, "/profile/second-factor/recovery-codes", nil)
	if strings.Contains(renewed, codes[5]) {
		t.Error("the new recovery codes are the old ones")
	}
	done(t, d, again, "/profile/second-factor/disable", "proof", desk.Password)
	if to := done(t, d, stranger(t), "/sign-in", "email", string(desk.Agent), "password", desk.Password); to != "/" {
		t.Errorf("without it, the password leads to %s", to)
	}
}

func TestSomebodyWithoutAnOrganizationIsToldSo(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	a := verbs(t, d)
	c := d.Client(t, desk.Agent)
	someone := parley.User{Name: "Terry", Email: "terry@example.com", Role: parley.Agent}
	u, secret, err := a.Invite(t.Context(), d.Caller(), someone)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Accept(t.Context(), secret, account.Proof{Password: desk.Password}); err != nil {
		t.Fatal(err)
	}
	terry := d.Client(t, "terry@example.com")
	if err := a.Users.Delete(t.Context(), d.Caller(), string(u.ID)); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/profile", "/palette"} {
		if to := leads(t, d, terry, path); to != "/organizations" {
			t.Errorf("%s leads to %s", path, to)
		}
	}
	body := page(t, d, terry, "/organizations")
	if !strings.Contains(body, "terry@example.com, which may enter no organization") || strings.Contains(body, "Make another one") {
		t.Errorf("it is told %s", body)
	}
	refused(t, d, terry, http.StatusNotFound, "There is no organization", "/organizations/enter", "organization", string(d.Made.Organization.ID))
	refused(t, d, terry, http.StatusNotFound, "Nobody can sign up here", "/organizations", "name", "Mine")
	if strings.Contains(page(t, d, c, "/organizations"), "terry@example.com") {
		t.Error("others see it")
	}
	done(t, d, terry, "/sign-out")
}

package entry

import (
	"net/http"
	"strings"

	"parley/internal/dashboard/page"
)

// credentials are what somebody typed to sign in, and what was wrong with it.
type credentials struct{ Email, Next, Problem string }

func showSignIn(r *page.Request) error {
	if r.SignedIn {
		return r.Redirect("/")
	}
	return r.Alone("Sign in", http.StatusOK, signInPage(credentials{Next: r.Query("next")}))
}

func signIn(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	email := r.PostForm.Get("email")
	if err := r.Site.Account.CheckPassword(r.Context(), email, r.PostForm.Get("password")); err != nil {
		return err
	}
	if err := r.Site.Sessions.SignIn(r.Context(), email); err != nil {
		return err
	}
	return r.Redirect(here(r.PostForm.Get("next")))
}

func signOut(r *page.Request) error {
	if err := r.Site.Sessions.SignOut(r.Context()); err != nil {
		return err
	}
	return r.Redirect("/sign-in")
}

// here is where somebody wanted to go, if that is a page of ours.
func here(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`) {
		return "/"
	}
	return next
}

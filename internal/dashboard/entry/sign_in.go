package entry

import (
	"parley/internal/dashboard/page"
)

// credentials is the form that somebody signs in with.
type credentials struct {
	sheet

	Email, Next string
	Provider    string // the name of the identity provider; "" for none
	SignUp      bool   // one may sign up instead
}

func credentialsOf(r *page.Request, next string) credentials {
	c := credentials{Next: next, Email: r.Query("email"), SignUp: r.Site.SignUp}
	if r.Site.Provider != nil {
		c.Provider = r.Site.Provider.Name()
	}
	return c
}

func showSignIn(r *page.Request) error {
	next := r.Query("next")
	if r.Site.Sessions.Email(r.Context()) != "" {
		return r.Redirect(here(next))
	}
	return r.Alone("Sign in", 0, signInPage(credentialsOf(r, next)))
}

func signIn(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	email, next := r.PostForm.Get("email"), r.PostForm.Get("next")
	err := attempt(r, email)
	if err == nil {
		err = r.Site.Account.CheckPassword(r.Context(), email, r.PostForm.Get("password"))
	}
	if err != nil {
		c := credentialsOf(r, next)
		c.Typed = r.PostForm
		if err := c.refuse(err); err != nil {
			return err
		}
		return c.alone(r, "Sign in", signInPage(c))
	}
	return proven(r, email, next)
}

func signOut(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	if err := r.Site.Sessions.SignOut(r.Context()); err != nil {
		return err
	}
	if next := here(r.PostForm.Get("next")); next != "/" {
		return r.Redirect(next)
	}
	return r.Redirect("/sign-in")
}

package entry

import (
	"parley"
	"parley/internal/dashboard/page"
)

func showCode(r *page.Request) error {
	email, next := r.Site.Sessions.HalfInAs(r.Context()), r.Query("next")
	if email == "" {
		return r.Redirect(with("/sign-in", "next", next))
	}
	return r.Alone("Your code", 0, codePage(sheet{}, email, next))
}

// enterCode signs in who has shown the password and now shows the second factor.
func enterCode(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	next := r.PostForm.Get("next")
	email := r.Site.Sessions.HalfInAs(r.Context())
	if email == "" {
		c := credentialsOf(r, next)
		if err := c.refuse(parley.Errorf(parley.Unauthenticated, "That took too long: begin again.")); err != nil {
			return err
		}
		return c.alone(r, "Sign in", signInPage(c))
	}
	err := attempt(r, email)
	if err == nil {
		err = r.Site.SecondFactors.Verify(r.Context(), email, r.PostForm.Get("code"))
	}
	if err != nil {
		var s sheet
		if err := s.refuse(err); err != nil {
			return err
		}
		return s.alone(r, "Your code", codePage(s, email, next))
	}
	if err := r.Site.Sessions.SignIn(r.Context(), email); err != nil {
		return err
	}
	return r.Redirect(here(next))
}

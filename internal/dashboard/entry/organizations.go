package entry

import (
	"cmp"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/page"
)

// choice is the page on which somebody chooses an organization.
type choice struct {
	sheet

	Email       string
	Memberships []account.Membership
	Current     parley.OrganizationID
	SignUp      bool // another can be made
}

func choiceOf(r *page.Request) (c choice, err error) {
	if c.Email = r.Site.Sessions.Email(r.Context()); c.Email == "" {
		return c, parley.Errorf(parley.Unauthenticated, "Sign in first.")
	}
	c.Current, c.SignUp = r.Org(), r.Site.SignUp
	c.Memberships, err = r.Site.Account.Memberships(r.Context(), c.Email)
	return c, err
}

func showOrganizations(r *page.Request) error {
	c, err := choiceOf(r)
	if err != nil {
		return err
	}
	return c.show(r)
}

// show answers with the page: without its frame to somebody who is in no organization.
func (c choice) show(r *page.Request) error {
	if !r.SignedIn {
		return c.alone(r, "Organizations", nowherePage(c))
	}
	return framed(r, c.sheet, "Organizations", organizationsPage(c))
}

// framed answers with a narrow page in its frame.
func framed(r *page.Request, s sheet, title string, content templ.Component) error {
	return r.Page(page.Show{Title: title, Width: "narrow", Status: s.head(r)}, content)
}

func enterOrganization(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	if _, err := choiceOf(r); err != nil {
		return err
	}
	if err := r.Site.Sessions.Enter(r.Context(), parley.OrganizationID(r.PostForm.Get("organization"))); err != nil {
		return err
	}
	return r.Redirect("/")
}

// addOrganization makes another organization for somebody who is signed in.
func addOrganization(r *page.Request) error {
	if err := signUpIsOpen(r); err != nil {
		return err
	}
	if err := r.ReadForm(); err != nil {
		return err
	}
	c, err := choiceOf(r)
	if err != nil {
		return err
	}
	c.Typed = r.PostForm
	err = attempt(r, c.Email)
	var made account.Founded
	if err == nil {
		made, err = r.Site.Account.Found(r.Context(), account.Founding{
			Name: c.Typed.Get("name"), Email: c.Email, Owner: cmp.Or(r.User.Name, c.Email), Scopes: keyScopes,
		})
	}
	if err != nil {
		if err := c.refuse(err); err != nil {
			return err
		}
		return c.show(r)
	}
	if err := r.Site.Sessions.Enter(r.Context(), made.Organization.ID); err != nil {
		return err
	}
	return welcome(r, made)
}

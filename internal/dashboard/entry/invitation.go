package entry

import (
	"strings"
	"unicode/utf8"

	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/openid"
	"parley/internal/dashboard/page"
)

// invited is the page of an invitation.
type invited struct {
	sheet
	account.Invitation

	Path     string
	SignedIn string           // the login that is signed in, "" if none is
	Identity *openid.Identity // that the provider has just shown, of the invitation's email
	Provider string           // the name of the provider; "" for none
}

func invitedBy(r *page.Request) (v invited, err error) {
	v.Path = r.URL.Path
	if v.Invitation, err = r.Site.Account.Invitation(r.Context(), r.PathValue("secret")); err != nil {
		return v, err
	}
	v.SignedIn = r.Site.Sessions.Email(r.Context())
	if r.Site.Provider != nil {
		v.Provider = r.Site.Provider.Name()
		if shown := shownIdentity(r); shown != nil && !v.HasLogin && shown.Email == v.Email {
			v.Identity = shown
		}
	}
	return v, nil
}

// isForAnother tells whether somebody is signed in whom the invitation is not for.
func (v invited) isForAnother() bool { return v.SignedIn != "" && v.SignedIn != v.Email }

func (v invited) show(r *page.Request) error {
	return v.alone(r, "Invitation", invitationPage(v))
}

func showInvitation(r *page.Request) error {
	v, err := invitedBy(r)
	if err != nil {
		return err
	}
	return v.show(r)
}

// accept accepts an invitation, as the login that is signed in or with a new one, and
// enters the organization.
func accept(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	v, err := invitedBy(r)
	if err != nil {
		return err
	}
	v.Typed = r.PostForm
	m, err := v.accept(r)
	if err != nil {
		if err := v.refuse(err); err != nil {
			return err
		}
		return v.show(r)
	}
	if v.SignedIn == "" {
		if err := r.Site.Sessions.SignIn(r.Context(), v.Email); err != nil {
			return err
		}
	}
	if err := r.Site.Sessions.Enter(r.Context(), m.Organization.ID); err != nil {
		return err
	}
	return r.Done("/", "Welcome to "+m.Organization.Name+".")
}

func (v invited) accept(r *page.Request) (m account.Membership, err error) {
	if err := attempt(r, ""); err != nil {
		return m, err
	}
	proof := account.Proof{SignedIn: v.SignedIn}
	name := strings.TrimSpace(v.Typed.Get("name"))
	if !v.HasLogin {
		if name == "" || utf8.RuneCountInString(name) > 200 {
			return m, parley.InvalidField("name", "must have 1 to 200 characters")
		}
		if v.Identity != nil && v.Typed.Get("password") == "" {
			proof.Identity = &v.Identity.ExternalIdentity
		} else {
			proof.Password = v.Typed.Get("password")
		}
	}
	if m, err = r.Site.Account.Accept(r.Context(), r.PathValue("secret"), proof); err != nil || v.HasLogin || name == m.User.Name {
		return m, err
	}
	by := parley.Caller{Organization: m.Organization.ID, Actor: parley.Actor{Type: parley.ActorUser, ID: string(m.User.ID)}}
	_, err = r.Site.Account.Rename(r.Context(), by, name)
	return m, err
}

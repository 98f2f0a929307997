package entry

import (
	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/session"
)

// profile is the page on which somebody changes what is their own. A form that was
// refused is one of its sheets.
type profile struct {
	Name, Password, Disable sheet

	Email       string
	User        parley.User
	In          parley.Organization
	HasPassword bool
	Sessions    []session.Session

	SecondFactor bool // is on
	CodesLeft    int

	Provider   string // the name of the identity provider; "" for none
	Identities []account.ExternalIdentity

	Theme string // light, dark or system
	Keys  bool   // single keys do something
}

func profileOf(r *page.Request) (p profile, err error) {
	ctx := r.Context()
	p = profile{Email: r.Email, User: r.User, In: r.Organization, Theme: "system", Keys: true}
	if p.HasPassword, err = r.Site.Account.HasPassword(ctx, r.Email); err != nil {
		return p, err
	}
	if p.Sessions, err = r.Site.Sessions.Of(ctx, r.Email); err != nil {
		return p, err
	}
	if p.SecondFactor, err = r.Site.SecondFactors.On(ctx, r.Email); err != nil {
		return p, err
	}
	if p.CodesLeft, err = r.Site.SecondFactors.RecoveryCodesLeft(ctx, r.Email); err != nil {
		return p, err
	}
	if p.Identities, err = r.Site.Account.Identities(ctx, r.Email); err != nil {
		return p, err
	}
	if r.Site.Provider != nil {
		p.Provider = r.Site.Provider.Name()
	}
	if c, err := r.Cookie("theme"); err == nil && (c.Value == "light" || c.Value == "dark") {
		p.Theme = c.Value
	}
	if c, err := r.Cookie("keys"); err == nil {
		p.Keys = c.Value != "off"
	}
	return p, nil
}

func showProfile(r *page.Request) error {
	p, err := profileOf(r)
	if err != nil {
		return err
	}
	return p.show(r, sheet{})
}

func (p profile) show(r *page.Request, s sheet) error {
	return framed(r, s, "Your profile", profilePage(p))
}

// refused shows the profile with a form of it that was refused: sheet says which.
func refused(r *page.Request, cause error, which func(*profile) *sheet) error {
	s := sheet{Typed: r.PostForm}
	if err := s.refuse(cause); err != nil {
		return err
	}
	p, err := profileOf(r)
	if err != nil {
		return err
	}
	*which(&p) = s
	return p.show(r, s)
}

func rename(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	if _, err := r.Site.Account.Rename(r.Context(), r.Caller(), r.PostForm.Get("name")); err != nil {
		return refused(r, err, func(p *profile) *sheet { return &p.Name })
	}
	return r.Done("/profile", "Your name has been changed.")
}

func changePassword(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	err := attempt(r, r.Email)
	if err == nil {
		err = r.Site.Account.ChangePassword(r.Context(), r.Email,
			r.PostForm.Get("old_password"), r.PostForm.Get("password"), r.Site.Sessions.Current(r.Context()))
	}
	if err != nil {
		return refused(r, err, func(p *profile) *sheet { return &p.Password })
	}
	return r.Done("/profile", "Your password has been changed. Your other sessions have ended.")
}

func revokeSession(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	id := r.PostForm.Get("session")
	if id == r.Site.Sessions.Current(r.Context()) {
		return signOut(r)
	}
	if err := r.Site.Sessions.Revoke(r.Context(), r.Email, id); err != nil {
		return err
	}
	return r.Done("/profile#sessions", "The session has ended.")
}

func revokeOthers(r *page.Request) error {
	if err := r.Site.Sessions.RevokeOthers(r.Context()); err != nil {
		return err
	}
	return r.Done("/profile#sessions", "All other sessions have ended.")
}

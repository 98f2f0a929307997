package entry

import (
	"net/http"

	"parley"
	"parley/internal/account"
	"parley/internal/dashboard/openid"
	"parley/internal/dashboard/page"
)

// beginLinking begins to link an identity to the login that is signed in. It comes by
// POST, so that no other site can begin it; and as a form may only lead to addresses of
// ours, the answer is a page that leads on.
func beginLinking(r *page.Request) error {
	address, err := begin(r, r.Email, "/profile")
	if err != nil {
		return err
	}
	return r.Alone("One moment", http.StatusOK, onwardsPage(r.Site.Provider.Name(), address))
}

// link links what the provider has shown, if the same login is still signed in.
func link(r *page.Request, to string, id openid.Identity, err error) error {
	if err == nil && (!r.SignedIn || account.Login(r.Email) != account.Login(to)) {
		err = parley.Errorf(parley.Forbidden, "You have signed out meanwhile: sign in and begin again.")
	}
	if err == nil {
		err = r.Site.Account.LinkIdentity(r.Context(), to, id.ExternalIdentity)
	}
	if err != nil {
		return err
	}
	return r.Done("/profile", "From now on you can sign in with "+r.Site.Provider.Name()+".")
}

func unlinkIdentities(r *page.Request) error {
	if err := r.Site.Account.UnlinkIdentities(r.Context(), r.Email); err != nil {
		return err
	}
	return r.Done("/profile", "Only your password signs you in now.")
}

package settings

import (
	"net/http"
	"strings"

	"parley"
	"parley/internal/contact"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// foundAtMost is how many contacts a search for somebody's data shows.
const foundAtMost = 20

// showPrivacy tells what is kept for how long, and finds people whose data is to be
// exported or erased.
func showPrivacy(r *page.Request) error {
	v := privacyView{Kept: kept(r, r.Organization.RetentionDays), Query: strings.TrimSpace(r.Query("q")), May: r.Allows("organization:write"), Contacts: r.Allows("contacts:read")}
	if v.Query != "" && v.Contacts {
		var f store.Filter
		contact.Holding(&f, v.Query)
		var err error
		if v.Found, _, err = r.Site.Contacts.List(r.Context(), r.Org(), store.Page{Limit: foundAtMost}, f); err != nil {
			return err
		}
	}
	return Show(r, privacy, "Data and privacy", http.StatusOK, privacyPage(v))
}

type privacyView struct {
	Kept          string
	Query         string
	May, Contacts bool
	Found         []parley.Contact
}

package settings

import (
	"net/http"
	"strings"

	"parley"
	"parley/internal/contact"
	"parley/internal/dashboard/page"
	"parley/internal/store"
)

// foundAtOnce is how many contacts a page of a search for somebody's data shows.
const foundAtOnce = 20

// showPrivacy tells what is kept for how long, and finds people whose data is to be
// exported or erased.
func showPrivacy(r *page.Request) error {
	v := privacyView{Kept: kept(r, r.Organization.RetentionDays), Query: strings.TrimSpace(r.Query("q")), May: r.Allows("organization:write"), Contacts: r.Allows("contacts:read")}
	if v.Query != "" && v.Contacts {
		var f store.Filter
		contact.Holding(&f, v.Query)
		found, next, err := r.Site.Contacts.List(r.Context(), r.Org(), store.Page{Limit: foundAtOnce, Cursor: r.Query("cursor")}, f)
		if err != nil {
			return err
		}
		if v.Found = found; next != "" {
			v.Next = r.With("cursor", next)
		}
		if r.Query("cursor") != "" {
			v.First = r.With()
		}
	}
	return Show(r, privacy, "Data and privacy", http.StatusOK, privacyPage(v))
}

type privacyView struct {
	Kept          string
	Query         string
	May, Contacts bool
	Found         []parley.Contact
	First, Next   string
}

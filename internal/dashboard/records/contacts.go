package records

import (
	"net/url"
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

func contacts(s *page.Site, related ...record.Relation) *record.Kind[parley.Contact] {
	verbs := s.Contacts
	return &record.Kind[parley.Contact]{
		Noun: "contact", Plural: "contacts", Icon: "contacts",
		Text:  "The people on the other side.",
		First: "Whoever writes to you becomes a contact. You can also add one here, or bring all of yours over the API.",
		Table: store.Contacts, Create: verbs.Create, Update: verbs.Update, Delete: verbs.Delete,

		Called:  ui.Name,
		Columns: []string{"email", "phone", "external_id", "created_at", "updated_at"},
		Facts:   []string{"name", "email", "phone", "external_id"},
		Show: map[string]func(parley.Contact) record.Value{
			"email": func(c parley.Contact) record.Value { return reached(c.Email, "mailto:") },
			"phone": func(c parley.Contact) record.Value { return reached(c.Phone, "tel:") },
		},
		More:    variables,
		Related: related,
		Actions: privately,

		Search:  []string{"name", "email", "phone", "external_id"},
		Filters: []record.Filter{since("created")},

		Form: []string{"name", "email", "phone", "external_id", "custom_fields", "variables"},
		Keep: "Its conversations go with it. Tasks, tickets and appointments stay without the contact; orders, payments and deals keep its id. The log keeps what it told.",
	}
}

// reached is an address of a contact that a program of the viewer's may know what to do
// with.
func reached(address *string, scheme string) record.Value {
	if address == nil {
		return record.Value{}
	}
	return record.To(*address, scheme+url.PathEscape(strings.ReplaceAll(*address, " ", "")))
}

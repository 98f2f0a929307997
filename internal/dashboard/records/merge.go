package records

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/database"
	"parley/internal/schema"
	"parley/internal/store"
)

// merging is what a merge asks for.
type merging struct {
	ContactID parley.ContactID `json:"contact_id" write:"create" required:"true" doc:"The one that goes"`
}

func mergeSet() form.Set {
	return form.Of[merging](form.Create).Label("contact_id", "The other contact")
}

// union is two contacts that are to be one, as it is shown before.
type union struct {
	Stays, Goes parley.Contact
	Fields      []united
	Moved       []moved
}

// united is what becomes of a field.
type united struct {
	Label               string
	Mine, Theirs, After string
}

// moved is how many objects of a kind are moved.
type moved struct {
	Count     int
	One, Many string
}

// showMerge asks which other contact is to be merged into one, and, once that is
// chosen, says what would become of both.
func showMerge(r *page.Request) error {
	stays, err := theContact(r)
	if err != nil {
		return err
	}
	given := url.Values{"contact_id": r.URL.Query()["contact_id"]}
	if !given.Has("contact_id") || given.Get("contact_id") == "" {
		return askMerge(r, stays, mergeForm(r, url.Values{}), 0)
	}
	u, err := lookAt(r, stays, given)
	if err != nil {
		return refusedMerge(r, stays, given, err)
	}
	return r.Page(page.Show{Title: "Merge " + ui.Name(stays), Current: "/contacts"}, mergePage(u))
}

func mergeForm(r *page.Request, values url.Values) form.Form {
	return form.Form{Set: mergeSet(), Values: values, Pick: page.Pick, Title: r.Title}
}

func askMerge(r *page.Request, stays parley.Contact, f form.Form, status int) error {
	return r.Page(page.Show{Title: "Merge " + ui.Name(stays), Current: "/contacts", Width: ui.Narrow, Status: status}, mergeWith(stays, f))
}

// refusedMerge asks again, and says what was wrong.
func refusedMerge(r *page.Request, stays parley.Contact, given url.Values, err error) error {
	failed, ok := mergeForm(r, given).Fail(err)
	if !ok {
		return err
	}
	return askMerge(r, stays, failed, http.StatusUnprocessableEntity)
}

// lookAt finds out what would become of two contacts.
func lookAt(r *page.Request, stays parley.Contact, given url.Values) (u union, err error) {
	var body merging
	if err := schema.ReadCreate(form.Body(given, mergeSet(), r.Zone()), &body); err != nil {
		return u, err
	}
	if body.ContactID == stays.ID {
		return u, parley.InvalidField("body.contact_id", "must be another contact than the one that it is merged into")
	}
	goes, err := store.Contacts.Refer(r.Context(), r.Site.DB.Read(), r.Org(), "body.contact_id", string(body.ContactID))
	if err != nil {
		return u, err
	}
	u = union{Stays: stays, Goes: goes, Fields: unite(stays, goes)}
	u.Moved, err = countMoved(r.Context(), r.Site.DB.Read(), r.Org(), goes.ID)
	return u, err
}

// unite says what becomes of each field that one of two contacts has.
func unite(stays, goes parley.Contact) (fields []united) {
	add := func(label, mine, theirs string) {
		after := mine
		if after == "" {
			after = theirs
		}
		if after != "" {
			fields = append(fields, united{label, mine, theirs, after})
		}
	}
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	add("Name", text(stays.Name), text(goes.Name))
	add("Email", text(stays.Email), text(goes.Email))
	add("Phone", text(stays.Phone), text(goes.Phone))
	add("External ID", text(stays.ExternalID), text(goes.ExternalID))
	for _, values := range []struct{ mine, theirs parley.Values }{{stays.CustomFields, goes.CustomFields}, {stays.Variables, goes.Variables}} {
		both := parley.Values{}
		maps.Copy(both, values.theirs)
		maps.Copy(both, values.mine)
		for _, name := range slices.Sorted(maps.Keys(both)) {
			add(name, record.Plain(values.mine[name]), record.Plain(values.theirs[name]))
		}
	}
	return fields
}

// mostCounted is how far what a merge moves is counted.
const mostCounted = 10_000

// countMoved counts what refers to a contact.
func countMoved(ctx context.Context, q database.Querier, org parley.OrganizationID, id parley.ContactID) (all []moved, err error) {
	f := store.Where("contact_id = ?", string(id))
	for _, kind := range []struct {
		count     func(context.Context, database.Querier, parley.OrganizationID, store.Filter, int) (int, error)
		one, many string
	}{
		{store.Conversations.Count, "conversation", "conversations"},
		{store.Tickets.Count, "ticket", "tickets"},
		{store.Tasks.Count, "task", "tasks"},
		{store.Appointments.Count, "appointment", "appointments"},
		{store.Orders.Count, "order", "orders"},
		{store.Payments.Count, "payment", "payments"},
		{store.Deals.Count, "deal", "deals"},
	} {
		n, err := kind.count(ctx, q, org, f, mostCounted)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			all = append(all, moved{n, kind.one, kind.many})
		}
	}
	return all, nil
}

// merge makes two contacts one.
func merge(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	stays, err := theContact(r)
	if err != nil {
		return err
	}
	var body merging
	err = schema.ReadCreate(form.Body(r.PostForm, mergeSet(), r.Zone()), &body)
	if err == nil {
		_, err = r.Site.Contacts.Merge(r.Context(), r.Caller(), stays.ID, body.ContactID)
	}
	if err != nil {
		return refusedMerge(r, stays, r.PostForm, err)
	}
	return r.Done("/contacts/"+string(stays.ID), "The two contacts are one.")
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

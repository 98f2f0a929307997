package api

import (
	"context"

	"parley"
	"parley/internal/contact"
	"parley/internal/store"
)

type contactList struct {
	ListParams
	Email      string `query:"email" maxLength:"254" doc:"Only contacts with this email, whatever its case"`
	Phone      string `query:"phone" maxLength:"32" doc:"Only contacts with this phone number, as it was given"`
	ExternalID string `query:"external_id" maxLength:"255" doc:"Only the contact with this external_id"`
	Q          string `query:"q" maxLength:"200" doc:"Only contacts whose name, email, phone or external_id contains this, whatever the case of a to z. Out of very many contacts, a page may end before it is full: next_cursor goes on with the search"`
}

func (l contactList) filter() store.Filter {
	var f store.Filter
	if l.Email != "" {
		f.And("lower(email) = lower(?)", l.Email)
	}
	if l.Phone != "" {
		f.And("phone = ?", l.Phone)
	}
	if l.ExternalID != "" {
		f.And("external_id = ?", l.ExternalID)
	}
	if l.Q != "" {
		contact.Holding(&f, l.Q)
	}
	return f
}

type mergeBody struct {
	ContactID parley.ContactID `json:"contact_id" required:"true" doc:"The contact that is merged into the one in the path, and goes" example:"con_01kaf0v3bsf2t6k8m1q5w9c4xd"`
}

func (a *API) contactMerges() {
	verbWith(a, "contacts", store.Contacts, "merge", "Merge another contact into this one",
		"The contact in the path stays. It gets the other's conversations, tasks, tickets, orders, payments and deals, and of the other's fields, "+
			"custom fields and variables those that it lacks. The other one goes, and is 404 from then on; its messages keep it as their author. "+
			"All of that happens at once; over 10,000 objects to be moved are 409.",
		func(ctx context.Context, by parley.Caller, id parley.ContactID, b mergeBody) (parley.Contact, error) {
			return a.Contacts.Merge(ctx, by, id, b.ContactID)
		})
}

type customFieldList struct {
	ListParams
	Object string `query:"object" enum:"contact,conversation,task,ticket,appointment,order,deal" doc:"Only fields of this kind of object"`
}

func (l customFieldList) filter() store.Filter {
	var f store.Filter
	if l.Object != "" {
		f.And("object = ?", l.Object)
	}
	return f
}

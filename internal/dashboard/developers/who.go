package developers

import (
	"cmp"
	"slices"
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

// people are what those who act are called, by id.
type people map[string]string

// of is what somebody is called; those who are not there any more go by another word.
func (p people) of(id, otherwise string) string { return cmp.Or(p[id], otherwise) }

// atOnce is how many names one query asks for.
const atOnce = 200

// named reads what objects of a table are called.
func named[T any](r *page.Request, table *store.Table[T], ids []string, into people, name func(T) string) error {
	slices.Sort(ids)
	for part := range slices.Chunk(slices.Compact(ids), atOnce) {
		args := make([]any, len(part))
		for i, id := range part {
			args[i] = id
		}
		f := store.Where("id in (?"+strings.Repeat(", ?", len(part)-1)+")", args...)
		objs, _, err := table.List(r.Context(), r.Site.DB.Read(), r.Org(), store.Page{Limit: len(part)}, f)
		if err != nil {
			return err
		}
		for i := range objs {
			into[table.ID(&objs[i])] = name(objs[i])
		}
	}
	return nil
}

func usersByID(r *page.Request, ids []string) (people, error) {
	p := people{}
	err := named(r, store.Users, ids, p, func(u parley.User) string { return u.Name })
	return p, err
}

// actorsOf are the names of those who made events happen.
func actorsOf(r *page.Request, all ...*parley.Event) (people, error) {
	ids := map[string][]string{}
	for _, e := range all {
		ids[e.Actor.Type] = append(ids[e.Actor.Type], e.Actor.ID)
	}
	p, err := usersByID(r, ids[parley.ActorUser])
	if err != nil {
		return nil, err
	}
	if err := named(r, store.APIKeys, ids[parley.ActorAPIKey], p, func(k parley.APIKey) string { return k.Name }); err != nil {
		return nil, err
	}
	err = named(r, store.Contacts, ids[parley.ActorContact], p, ui.Name)
	return p, err
}

// actor is what somebody who acts is called in a list.
func (p people) actor(a parley.Actor) string {
	switch a.Type {
	case parley.ActorUser:
		return p.of(a.ID, "Somebody who left")
	case parley.ActorAPIKey:
		return "API key " + p.of(a.ID, a.ID)
	case parley.ActorContact:
		return p.of(a.ID, "A contact") + " (contact)"
	case parley.ActorSystem:
		return "Parley"
	}
	return strings.ReplaceAll(a.Type, "_", " ") + " " + a.ID
}

// places are where objects are shown, by the prefix of their ids.
var places = map[string]string{
	parley.ContactID("").Prefix(): "/contacts/", parley.ConversationID("").Prefix(): "/inbox/", parley.TicketID("").Prefix(): "/tickets/",
	parley.TaskID("").Prefix(): "/tasks/", parley.AppointmentID("").Prefix(): "/appointments/", parley.OrderID("").Prefix(): "/orders/",
	parley.PaymentID("").Prefix(): "/payments/", parley.DealID("").Prefix(): "/deals/", parley.ArticleID("").Prefix(): "/articles/",
	parley.WebhookID("").Prefix(): webhooks + "/",
}

// placeOf is the page of an object, "" if it has none.
func placeOf(id string) string {
	prefix, _, _ := strings.Cut(id, "_")
	if at := places[prefix]; at != "" {
		return at + id
	}
	return ""
}

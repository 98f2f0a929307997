package inbox

import (
	"context"
	"slices"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/noun"
	"parley/internal/store"
)

// besideAtMost is how many of a contact's other things are shown of each kind.
const besideAtMost = 5

// panel is what is known of the contact, and of the conversation beside its thread.
type panel struct {
	subject
	Knows   bool // whether the viewer may change the contact
	Defined []parley.CustomField
	Others  []parley.Conversation
	Work    []parley.Ticket
	Tasks   []parley.Task
	Orders  []parley.Order
}

func panelPart(r *page.Request, s subject) (templ.Component, error) {
	p, err := readPanel(r, s)
	return contactPanel(p), err
}

func readPanel(r *page.Request, s subject) (p panel, err error) {
	p = panel{subject: s, Knows: r.Allows("contacts:write")}
	ctx, v := r.Context(), r.Site.Verbs
	if p.Defined, err = fields(r); err != nil {
		return p, err
	}
	ofContact := store.Where("contact_id = ?", string(s.ContactID))
	found, _, err := v.Conversations.List(ctx, r.Org(), store.Page{Limit: besideAtMost + 1}, ofContact)
	if err != nil {
		return p, err
	}
	p.Others = slices.DeleteFunc(slices.Clone(found), func(c parley.Conversation) bool { return c.ID == s.ID })
	p.Others = p.Others[:min(len(p.Others), besideAtMost)]
	if p.Work, err = beside(ctx, r, "tickets:read", v.Work.Tickets.Noun, ofContact); err != nil {
		return p, err
	}
	if p.Tasks, err = beside(ctx, r, "tasks:read", v.Work.Tasks.Noun, ofContact); err != nil {
		return p, err
	}
	p.Orders, err = beside(ctx, r, "orders:read", v.Sales.Orders.Noun, ofContact)
	return p, err
}

// fields are the custom fields that are defined, of every kind of object.
func fields(r *page.Request) ([]parley.CustomField, error) {
	return all(r.Context(), r.Org(), r.Site.Account.CustomFields, func(f parley.CustomField) string { return f.Name })
}

func beside[T, D any](ctx context.Context, r *page.Request, needs parley.Scope, n *noun.Noun[T, D], f store.Filter) ([]T, error) {
	if !r.Allows(needs) {
		return nil, nil
	}
	objs, _, err := n.List(ctx, r.Org(), store.Page{Limit: besideAtMost}, f)
	return objs, err
}

// of are the custom fields of a kind of object.
func of(defined []parley.CustomField, object string) (fields []parley.CustomField) {
	for _, f := range defined {
		if f.Object == object {
			fields = append(fields, f)
		}
	}
	return fields
}

// fact is a value with its name.
type fact struct{ Name, Value string }

// facts are the values of custom fields, in the order of their names.
func facts(defined []parley.CustomField, object string, values parley.Values) (all []fact) {
	for _, f := range of(defined, object) {
		value := ""
		if raw := values[f.Key]; raw != nil {
			value = plain(raw)
		}
		all = append(all, fact{f.Name, value})
	}
	return all
}

// variables are values that flows and clients keep, in the order of their names.
func variables(values parley.Values) (all []fact) {
	for name, raw := range values {
		all = append(all, fact{name, plain(raw)})
	}
	slices.SortFunc(all, func(a, b fact) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return all
}

// worth is the amount of an order.
func worth(o parley.Order) string { return form.Units(o.Amount, o.Currency) + " " + o.Currency }

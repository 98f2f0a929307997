package sales_test

import (
	"log/slog"
	"strings"
	"testing"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/sales"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

// desk is an organization that sells.
type desk struct {
	*sales.Sales
	t   *testing.T
	log *eventlog.Log
	by  parley.Caller

	contact  parley.ContactID
	pipeline parley.Pipeline
}

// inEach opens a desk on each database.
func inEach(t *testing.T, body func(*testing.T, *desk)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) { body(t, open(t, db)) })
}

func open(t *testing.T, db *database.DB) *desk {
	t.Helper()
	log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
	founded, err := account.New(db, log).Found(t.Context(), account.Founding{
		Name: "Example", Email: "grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
	})
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{Sales: sales.New(db, log), t: t, log: log}
	d.by = parley.Caller{Organization: founded.Organization.ID, Actor: parley.System}
	contacts := noun.Noun[parley.Contact, parley.ContactEvent]{
		DB: db, Log: log, Table: store.Contacts, Created: parley.ContactCreated,
		Data: func(c parley.Contact, p parley.Previous) parley.ContactEvent {
			return parley.ContactEvent{Contact: c, Previous: p}
		},
	}
	contact, err := contacts.Create(t.Context(), d.by, parley.Contact{Name: new("Ada")})
	if err != nil {
		t.Fatal(err)
	}
	d.contact = contact.ID
	d.pipeline, err = d.Pipelines.Create(t.Context(), d.by, parley.Pipeline{Name: "Cakes", Stages: []parley.Stage{{Name: "Tasting"}, {Name: "Offer"}}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// in is the desk for a subtest.
func (d *desk) in(t *testing.T) *desk {
	c := *d
	c.t = t
	return &c
}

func (d *desk) order() parley.Order {
	d.t.Helper()
	o, err := d.Orders.Create(d.t.Context(), d.by, parley.Order{ContactID: d.contact, Amount: 900, Currency: "EUR"})
	if err != nil {
		d.t.Fatal(err)
	}
	return o
}

// make makes an object of a noun and does verbs to it.
func (d *desk) make(noun string, verbs ...string) (id string) {
	d.t.Helper()
	var err error
	switch noun {
	case "order":
		id = string(d.order().ID)
	case "payment":
		var p parley.Payment
		p, err = d.Payments.Create(d.t.Context(), d.by, parley.Payment{Amount: 900, Currency: "EUR"})
		id = string(p.ID)
	case "deal":
		var deal parley.Deal
		deal, err = d.Deals.Create(d.t.Context(), d.by, parley.Deal{Title: "A cake", PipelineID: d.pipeline.ID})
		id = string(deal.ID)
	}
	for _, verb := range verbs {
		if err == nil {
			_, err = d.do(noun, id, verb)
		}
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// do does a verb and gives the status after it.
func (d *desk) do(noun, id, verb string) (status string, err error) {
	ctx := d.t.Context()
	order, payment, deal := parley.OrderID(id), parley.PaymentID(id), parley.DealID(id)
	ofOrder := func(o parley.Order, err error) (string, error) { return string(o.Status), err }
	ofPayment := func(p parley.Payment, err error) (string, error) { return string(p.Status), err }
	ofDeal := func(d parley.Deal, err error) (string, error) { return string(d.Status), err }
	switch noun + " " + verb {
	case "order fulfil":
		return ofOrder(d.Orders.Fulfil(ctx, d.by, order))
	case "order cancel":
		return ofOrder(d.Orders.Cancel(ctx, d.by, order))
	case "payment confirm":
		return ofPayment(d.Payments.Confirm(ctx, d.by, payment, nil))
	case "payment fail":
		return ofPayment(d.Payments.Fail(ctx, d.by, payment, new("No funds.")))
	case "payment refund":
		return ofPayment(d.Payments.Refund(ctx, d.by, payment))
	case "deal move":
		return ofDeal(d.Deals.Move(ctx, d.by, deal, d.pipeline.Stages[1].ID))
	case "deal win":
		return ofDeal(d.Deals.Win(ctx, d.by, deal))
	case "deal lose":
		return ofDeal(d.Deals.Lose(ctx, d.by, deal, new("Too far away.")))
	case "deal reopen":
		return ofDeal(d.Deals.Reopen(ctx, d.by, deal))
	}
	d.t.Fatalf("a %s has no verb %s", noun, verb)
	return "", nil
}

// since are the types of the events after a place in the log.
func (d *desk) since(head int64) string {
	d.t.Helper()
	events, err := d.log.Read(d.t.Context(), d.by.Organization, head, 100)
	if err != nil {
		d.t.Fatal(err)
	}
	var types []string
	for _, e := range events {
		types = append(types, e.Type)
	}
	return strings.Join(types, " ")
}

func (d *desk) head() int64 {
	d.t.Helper()
	head, err := d.log.Head(d.t.Context(), d.by.Organization)
	if err != nil {
		d.t.Fatal(err)
	}
	return head
}

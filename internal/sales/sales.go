// Package sales holds the verbs of orders, payments, pipelines and deals. Each verb
// is one transaction. What an object refers to exists when the reference is made; an
// order, payment or deal is a record, and keeps the ids of what is deleted later.
package sales

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Sales is the verbs.
type Sales struct {
	Orders   Orders
	Payments Payments

	Pipelines *noun.Noun[parley.Pipeline, parley.PipelineEvent]
	Deals     Deals
}

// New makes the verbs on a database and its log.
func New(db *database.DB, log *eventlog.Log) *Sales {
	return &Sales{
		Orders: newOrders(db, log), Payments: newPayments(db, log),
		Pipelines: newPipelines(db, log), Deals: newDeals(db, log),
	}
}

// refer checks that a reference that a change makes is to an object that is there.
func refer[T any](ctx context.Context, tx *database.Tx, org parley.OrganizationID, table *store.Table[T], location string, id string) (T, error) {
	obj, err := table.Get(ctx, tx, org, id)
	if parley.KindOf(err) == parley.NotFound {
		return obj, parley.InvalidField(location, "names no %s of this organization", table.Noun())
	}
	return obj, err
}

// contactOf is the short form of the contact that an event tells of, nil if there is
// none or it is deleted.
func contactOf(ctx context.Context, tx *database.Tx, org parley.OrganizationID, id *parley.ContactID) (*parley.ContactShort, error) {
	if id == nil {
		return nil, nil
	}
	contact, err := store.Contacts.Get(ctx, tx, org, string(*id))
	if parley.KindOf(err) == parley.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	short := contact.Short()
	return &short, nil
}

// renewed tells whether a change makes a reference that was not there before.
func renewed[I comparable](before, after *I) bool {
	return after != nil && (before == nil || *before != *after)
}

// Package sales holds the verbs of orders, payments, pipelines and deals. Each verb
// is one transaction. What an object refers to exists when the reference is made; an
// order, payment or deal is a record, and keeps the ids of what is deleted later.
package sales

import (
	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
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

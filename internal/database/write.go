package database

import (
	"context"
	"fmt"

	"parley"
)

// Write runs fn in a transaction that changes the organization, and returns when
// its effects are on the disk, or have not happened. Functions of one organization
// run one after another in the order of their calls, whichever process they come
// from; see the package comment for what fn may do. The organization need not exist
// yet if fn inserts it.
//
// If ctx ends while fn has not started, fn does not run and ctx's error is
// returned. Once started it runs to its end: the context it gets has the values of
// ctx but is never cancelled. On PostgreSQL a transaction that takes half a minute,
// or in which nothing is said for ten seconds, is given up.
//
// Called with the context that another Write's fn was given, for the same
// organization, it joins that transaction: fn runs at once, sees what the outer one
// did, undoes only itself if it fails, and its effects last if the outer one's do.
// For another organization that is an error, and so it is for an outer Record. Called
// inside fn with any other context, it would wait for itself.
func (db *DB) Write(ctx context.Context, org parley.OrganizationID, fn func(ctx context.Context, tx *Tx) error) error {
	if org == "" {
		return fmt.Errorf("write: no organization is named")
	}
	if outer := outerTx(ctx, db); outer != nil {
		if outer.org != org {
			return fmt.Errorf("write %s inside a transaction of %s: one transaction changes one organization", org, outer.owner())
		}
		return outer.join(ctx, fn)
	}
	return db.laneOf(org).do(ctx, org, fn)
}

// Record runs fn in a transaction that belongs to no organization's log, such as
// the records of attempts and the positions of followers. It is as durable as
// Write, waits for no organization and holds none up; Records run in the order of
// their calls. Inside the fn of another Write or Record it joins that transaction.
func (db *DB) Record(ctx context.Context, fn func(ctx context.Context, tx *Tx) error) error {
	if outer := outerTx(ctx, db); outer != nil {
		return outer.join(ctx, fn)
	}
	return db.records.do(ctx, "", fn)
}

// txContext is what a function that writes is given: the values of its caller's
// context and the transaction, without the caller's cancellation.
type txContext struct {
	context.Context
	tx *Tx
}

type txKey struct{}

func newTxContext(ctx context.Context, tx *Tx) context.Context {
	return txContext{context.WithoutCancel(ctx), tx}
}

// Value implements context.Context.
func (c txContext) Value(key any) any {
	if key == (txKey{}) {
		return c.tx
	}
	return c.Context.Value(key)
}

// outerTx is the transaction of db that ctx comes from, nil if there is none or it
// is over.
func outerTx(ctx context.Context, db *DB) *Tx {
	tx, ok := ctx.Value(txKey{}).(*Tx)
	if !ok || tx.db != db || tx.over.Load() {
		return nil
	}
	return tx
}

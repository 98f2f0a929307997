package webhook

import (
	"context"
	"database/sql"
)

// Dedup keeps what is to be done once from being done twice. [InDatabase] and
// [InMemory] make one, [WithoutDedup] makes one that does not; you may write your own.
type Dedup interface {
	// Once does the work, unless work under this id was done before: then it does
	// nothing and says that it is a repeat. While the same work is under way elsewhere
	// it waits for what becomes of that. Work that returns an error, or panics, counts
	// as not done. An error means that nothing was done.
	Once(ctx context.Context, id string, work Work) (repeat bool, err error)
}

// Work is what is to be done once. It gets the transaction in which its id is noted,
// nil if the id is not kept in a database.
type Work func(ctx context.Context, tx *sql.Tx) error

// pruner is a Dedup that has to be told to forget.
type pruner interface {
	Prune(ctx context.Context) error
}

// WithoutDedup does all work, each time. It is for handlers to which the same event
// may come twice, or twice at once, and no harm done: those that set what the event
// says, and neither add nor send anything.
func WithoutDedup() Dedup { return without{} }

type without struct{}

// Once implements Dedup.
func (without) Once(ctx context.Context, _ string, work Work) (repeat bool, err error) {
	return false, work(ctx, nil)
}

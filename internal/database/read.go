package database

import (
	"context"
	"database/sql"
)

// Querier runs queries: [DB.Read] outside of a transaction, a [Tx] inside of one.
// Code that only reads takes a Querier and serves both.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row

	// Cache is the database's, the same for all.
	Cache() *Cache
}

// Read is the pool of connections that only read: statements that change anything
// fail on it. Each query sees what was committed when it began, and none waits for
// a write. Cancelling ctx ends a query, but for QueryRow on SQLite: to watch over it
// would cost more than one row does.
func (db *DB) Read() Querier { return readPool{db.reads, db.cache, db.engine == SQLite} }

type readPool struct {
	pool   *sql.DB
	cache  *Cache
	inside bool // the database is inside the process
}

func (r readPool) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := r.pool.QueryContext(ctx, query, args...)
	return rows, translate(err)
}

func (r readPool) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if r.inside && ctx.Err() == nil {
		ctx = context.WithoutCancel(ctx)
	}
	row := r.pool.QueryRowContext(ctx, query, args...)
	if err := row.Err(); err != nil {
		return failedRow(translate(err))
	}
	return row
}

func (r readPool) Cache() *Cache { return r.cache }

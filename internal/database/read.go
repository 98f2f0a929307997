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
}

// Read is the pool of connections that only read: statements that change anything
// fail on it. Each query sees what was committed when it began, and none waits for
// a write. Cancelling ctx ends a query.
func (db *DB) Read() Querier { return readPool{db.reads} }

type readPool struct{ pool *sql.DB }

func (r readPool) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	rows, err := r.pool.QueryContext(ctx, query, args...)
	return rows, translate(err)
}

func (r readPool) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return r.pool.QueryRowContext(ctx, query, args...)
}

package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
)

// OpenOutside opens a database that is not Parley's: postgres://… or sqlite:FILE,
// which is made if it is missing. What is in it is the caller's business. One
// connection at a time is used. Errors are as those of [Open].
func OpenOutside(ctx context.Context, url string) (*sql.DB, Engine, error) {
	file, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		pool, err := outsidePostgres(ctx, url)
		return pool, Postgres, err
	}
	path, err := makeFile(strings.TrimPrefix(file, "//"))
	if err != nil {
		return nil, 0, err
	}
	c, err := connector(path, writerSettings)
	if err != nil {
		return nil, 0, fmt.Errorf("database %s: %w", path, err)
	}
	pool, err := reached(ctx, sql.OpenDB(preparing{c}))
	if err != nil {
		return nil, 0, fmt.Errorf("database %s: %w", path, err)
	}
	return pool, SQLite, nil
}

func outsidePostgres(ctx context.Context, url string) (*sql.DB, error) {
	config, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	pool, err := reached(ctx, sql.OpenDB(saying(config, writerSession)))
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL database %s: %w", place(config), inOneLine(err))
	}
	return pool, nil
}

// reached makes sure that the database answers, and closes the pool if not.
func reached(ctx context.Context, pool *sql.DB) (*sql.DB, error) {
	pool.SetMaxOpenConns(1)
	if err := pool.PingContext(ctx); err != nil {
		_ = pool.Close() // the reason is what counts
		return nil, err
	}
	return pool, nil
}

// The statements and transactions of a database of Parley's own go to pgx itself;
// those of another's go through database/sql, and break as queries do.

// ExecContext implements driver.ExecerContext.
func (c explainingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	result, err := c.Conn.ExecContext(ctx, query, args)
	return result, c.told(ctx, err)
}

// BeginTx implements driver.ConnBeginTx.
func (c explainingConn) BeginTx(ctx context.Context, options driver.TxOptions) (driver.Tx, error) {
	tx, err := c.Conn.BeginTx(ctx, options)
	return explainingTx{tx, c, ctx}, c.told(ctx, err)
}

type explainingTx struct {
	driver.Tx
	conn explainingConn
	ctx  context.Context // of the transaction
}

// Commit implements driver.Tx.
func (t explainingTx) Commit() error { return t.conn.told(t.ctx, t.Tx.Commit()) }

// told gives err its kind, unless database/sql acts upon it.
func (c explainingConn) told(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return c.explain(ctx, err)
}

package database

import (
	"context"
	"database/sql"
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

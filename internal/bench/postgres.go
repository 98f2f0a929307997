package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"parley"
)

// postgresDriver is the name under which package database, which the server brings
// along, has registered its driver for PostgreSQL.
const postgresDriver = "pgx"

// newDatabase makes an empty database on the PostgreSQL server that a URL leads to,
// beside the one that it names, which stays untouched. discard drops the new one,
// unless it is to be kept.
func newDatabase(ctx context.Context, serverURL string, keep bool) (databaseURL string, discard func() error, err error) {
	u, err := url.Parse(serverURL)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", nil, errors.New("the database URL must be one like postgres://user@host/name")
	}
	name := strings.ToLower(parley.MakeID("parley_bench"))
	if err := command(ctx, serverURL, "create database "+name); err != nil {
		return "", nil, fmt.Errorf("make a database to measure with (the role must be allowed to): %w", err)
	}
	u.Path = "/" + name
	discard = func() error {
		if keep {
			return nil
		}
		// Also when the bench was interrupted.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		defer cancel()
		if err := command(ctx, serverURL, "drop database if exists "+name+" with (force)"); err != nil {
			return fmt.Errorf("drop the database %s: %w", name, err)
		}
		return nil
	}
	return u.String(), discard, nil
}

// command runs one statement.
func command(ctx context.Context, databaseURL, statement string) error {
	db, err := sql.Open(postgresDriver, databaseURL)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, statement)
	return errors.Join(err, db.Close())
}

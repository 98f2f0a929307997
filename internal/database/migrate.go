package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations
var migrations embed.FS

// schemaVersion is the newest migration that a database has had, 0 if it is empty.
func schemaVersion(ctx context.Context, q Querier) (version int64, err error) {
	var newest sql.NullInt64
	err = q.QueryRow(ctx, `select max(version_id) from goose_db_version where is_applied`).Scan(&newest)
	if err != nil && isMissingTable(err) {
		return 0, nil
	}
	return newest.Int64, err
}

func isMissingTable(err error) bool {
	if code, ok := sqliteCode(err); ok {
		return code&0xff == sqliteError
	}
	return postgresCode(err) == "42P01"
}

// migrateSQLite brings the file's schema up to date. Only one process may do so at
// a time: goose cannot keep them apart on SQLite.
func migrateSQLite(ctx context.Context, c driver.Connector, log *slog.Logger) error {
	pool := sql.OpenDB(c)
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	m, err := newMigrator(goose.DialectSQLite3, "sqlite", pool, log)
	if err != nil {
		return err
	}
	return m.run(ctx)
}

// migratePostgres brings the schema up to date. Nodes that start at the same moment
// take turns by a lock in the database.
func migratePostgres(ctx context.Context, config pgx.ConnConfig, log *slog.Logger) error {
	pool := stdlib.OpenDB(config)
	defer pool.Close()
	m, err := newMigrator(goose.DialectPostgres, "postgres", pool, log, goose.WithSessionLocker(advisoryLock{}))
	if err != nil {
		return err
	}
	return m.run(ctx)
}

// advisoryLock keeps migrating nodes apart: the second waits for the first, and the
// server frees it if a node dies.
type advisoryLock struct{}

var _ lock.SessionLocker = advisoryLock{}

// lockNumber is "parley" in ASCII. The locks of Exclusive have other numbers.
const lockNumber = 0x7061726c6579

// SessionLock implements lock.SessionLocker.
func (advisoryLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `select pg_advisory_lock($1)`, lockNumber)
	return err
}

// SessionUnlock implements lock.SessionLocker.
func (advisoryLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `select pg_advisory_unlock($1)`, lockNumber)
	return err
}

type migrator struct {
	goose *goose.Provider
	pool  *sql.DB
}

func newMigrator(dialect goose.Dialect, folder string, pool *sql.DB, log *slog.Logger, options ...goose.ProviderOption) (*migrator, error) {
	files, err := fs.Sub(migrations, "migrations/"+folder)
	if err != nil {
		return nil, fmt.Errorf("find the migrations: %w", err)
	}
	options = append(options, goose.WithSlog(log), goose.WithDisableGlobalRegistry(true))
	provider, err := goose.NewProvider(dialect, pool, files, options...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return &migrator{provider, pool}, nil
}

func (m *migrator) run(ctx context.Context) error {
	pending, err := m.pending(ctx)
	if err != nil || !pending {
		return err
	}
	return m.up(ctx)
}

// pending tells whether migrations are missing, and refuses a database that has had
// some that this program does not know.
func (m *migrator) pending(ctx context.Context) (bool, error) {
	has, err := schemaVersion(ctx, readPool{pool: m.pool})
	if err != nil {
		return false, fmt.Errorf("read the schema's version: %w", err)
	}
	sources := m.goose.ListSources()
	knows := sources[len(sources)-1].Version
	if has > knows {
		return false, fmt.Errorf("its schema has version %d and this program knows only up to version %d: run the newer Parley that made it, or restore a backup", has, knows)
	}
	return has < knows, nil
}

func (m *migrator) up(ctx context.Context) error {
	_, err := m.goose.Up(ctx)
	var partial *goose.PartialError
	if errors.As(err, &partial) {
		return fmt.Errorf("migrate to version %d: %w", partial.Failed.Source.Version, partial.Err)
	}
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

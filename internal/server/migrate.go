package server

import (
	"context"
	"errors"
	"log/slog"
)

// Migrate brings the schema of a Config's database up to date and tells which
// version it had and which it has.
func Migrate(ctx context.Context, c Config) (from, to int64, err error) {
	first := &firstMigration{Handler: c.Logger.Handler()}
	c.Logger = slog.New(first)
	db, err := open(ctx, c)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	to, err = db.Version(ctx)
	if first.version == 0 {
		return to, to, err
	}
	return first.version - 1, to, err
}

// firstMigration notes the first migration that the log tells of: versions are
// numbered without gaps, so the one before it is where the schema stood.
type firstMigration struct {
	slog.Handler
	version int64
}

// Enabled implements slog.Handler: migrations are told at the level info.
func (f *firstMigration) Enabled(context.Context, slog.Level) bool { return true }

// Handle implements slog.Handler.
func (f *firstMigration) Handle(ctx context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if a.Key == "version" && f.version == 0 && a.Value.Kind() == slog.KindInt64 {
			f.version = a.Value.Int64()
		}
		return true
	})
	if !f.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return f.Handler.Handle(ctx, r)
}

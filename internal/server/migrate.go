package server

import (
	"context"
	"errors"
)

// Migrate brings the schema of a Config's database up to date and tells the version
// that it then has.
func Migrate(ctx context.Context, c Config) (version int64, err error) {
	db, err := open(ctx, c)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return db.Version(ctx)
}

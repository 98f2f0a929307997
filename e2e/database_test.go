package e2e_test

import (
	"context"
	"errors"
	"path/filepath"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"parley/internal/database"
)

// newer makes the story's database look as if a newer program had migrated it.
func newer(ts *testscript.TestScript, _ bool, _ []string) {
	inDatabase(ts, "insert into goose_db_version (version_id, is_applied) values (999, true)")
}

// age makes the events up to a sequence older: SEQUENCE DAYS.
func age(ts *testscript.TestScript, _ bool, args []string) {
	last, err := strconv.ParseInt(args[0], 10, 64)
	ts.Check(err)
	days, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	inDatabase(ts, "update events set created_at = created_at - $1 where seq <= $2", days*(24*time.Hour).Milliseconds(), last)
}

// inDatabase does something behind the back of the server, which must not run.
func inDatabase(ts *testscript.TestScript, query string, args ...any) {
	config := database.Config{URL: of(ts).database}
	if config.URL == "" {
		config.Path = filepath.Join(ts.MkAbs("data"), "parley.db")
	}
	ctx := context.Background()
	db, err := database.Open(ctx, config)
	ts.Check(err)
	err = db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	ts.Check(errors.Join(err, db.Close()))
}

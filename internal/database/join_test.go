package database_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"parley/internal/database"
)

func TestJoinedWriteLastsWithTheOuterOne(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		var after []string
		nested := func(ctx context.Context, outer *database.Tx) error {
			outer.AfterCommit(func() { after = append(after, "outer") })
			if err := write(ctx, outer, acme, "before"); err != nil {
				return err
			}
			err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
				tx.AfterCommit(func() { after = append(after, "inner") })
				return errors.Join(write(ctx, tx, acme, "inside"), db.Record(ctx, func(ctx context.Context, tx *database.Tx) error {
					return write(ctx, tx, acme, "in a record inside")
				}))
			})
			return errors.Join(err, write(ctx, outer, acme, "behind"))
		}
		if err := db.Write(ctx, acme, nested); err != nil {
			t.Error(err)
		}
		wantLines(t, db, acme, "before", "inside", "in a record inside", "behind")
		if want := []string{"outer", "inner"}; !slices.Equal(after, want) {
			t.Errorf("after the commit ran %q, want %q", after, want)
		}
	})
}

func TestJoinedWriteThatFailsUndoesOnlyItself(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		var after []string
		joining := func(prefix string) func(context.Context, *database.Tx) error {
			return func(ctx context.Context, outer *database.Tx) error {
				if err := write(ctx, outer, acme, prefix+"before"); err != nil {
					return err
				}
				refused := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
					tx.AfterCommit(func() { after = append(after, "refused") })
					return errors.Join(write(ctx, tx, acme, prefix+"refused"), errRefused)
				})
				if !errors.Is(refused, errRefused) {
					t.Errorf("the joined write was answered %v", refused)
				}
				repeated := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
					return write(ctx, tx, acme, prefix+"before")
				})
				if !database.IsUnique(repeated) {
					t.Errorf("the joined write that repeats a key was answered %v", repeated)
				}
				joined := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
					return write(ctx, tx, acme, prefix+"inside")
				})
				return errors.Join(joined, write(ctx, outer, acme, prefix+"behind"))
			}
		}
		g := gather(t, db, acme)
		g.write(ctx, acme, joining("1 "))
		g.write(ctx, acme, joining("2 "))
		if err := errors.Join(g.run()...); err != nil {
			t.Error(err)
		}
		if err := db.Write(ctx, acme, joining("3 ")); err != nil {
			t.Errorf("alone: %v", err)
		}
		wantLines(t, db, acme, "1 before", "1 inside", "1 behind", "2 before", "2 inside", "2 behind",
			"3 before", "3 inside", "3 behind")
		if len(after) != 0 {
			t.Errorf("after the commit ran %q", after)
		}
	})
}

func TestOuterWriteThatFailsUndoesWhatJoinedIt(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme)
		ran := false
		failing := func(ctx context.Context, outer *database.Tx) error {
			err := db.Write(ctx, acme, func(ctx context.Context, tx *database.Tx) error {
				tx.AfterCommit(func() { ran = true })
				return write(ctx, tx, acme, "inside")
			})
			return errors.Join(err, errRefused)
		}
		g := gather(t, db, acme)
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, "a") })
		g.write(ctx, acme, failing)
		g.write(ctx, acme, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, acme, "b") })
		errs := g.run()
		if errs[0] != nil || !errors.Is(errs[1], errRefused) || errs[2] != nil {
			t.Errorf("the writes were answered %v", errs)
		}
		wantLines(t, db, acme, "a", "b")
		if ran {
			t.Error("a function that was undone ran after the commit")
		}
	})
}

func TestOneTransactionChangesOneOrganization(t *testing.T) {
	t.Parallel()
	eachWay(t, func(t *testing.T, db *database.DB, write line) {
		withLines(t, db, acme, other)
		intoOther := func(ctx context.Context, _ *database.Tx) error {
			return db.Write(ctx, other, func(ctx context.Context, tx *database.Tx) error { return write(ctx, tx, other, "a") })
		}
		if err := db.Write(ctx, acme, intoOther); err == nil {
			t.Error("a write has changed another organization")
		}
		if err := db.Record(ctx, intoOther); err == nil {
			t.Error("a record has changed an organization")
		}
		wantLines(t, db, other)
	})
}

package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"

	"parley"
)

// Tx is the transaction that a function of [DB.Write] or [DB.Record] runs in. It is
// a [Querier] that sees the function's own changes. It belongs to the function's
// goroutine and is over when the function returns. The contexts that its methods
// take are for their values only: a transaction is not cancelled midway.
type Tx struct {
	db       *DB
	session  session
	pipeline *pipeline
	org      parley.OrganizationID // "" in a Record
	head     *head                 // nil in a Record
	outer    *Tx                   // that this one joined
	depth    int                   // of its savepoint; -1 if it has the whole transaction
	begun    mark
	before   Tally // when the function began
	knew     bool  // before: else the head's stored is what there was

	failed error // the first error of a statement
	rows   []*sql.Rows
	after  []func()
	over   atomic.Bool
}

// Query runs a statement that gives rows. Read them to their end, or close them,
// before the next statement.
func (tx *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := tx.readable(); err != nil {
		return nil, err
	}
	rows, err := tx.session.conn().QueryContext(lasting, query, args...)
	if err != nil {
		return nil, tx.fail(err)
	}
	tx.rows = append(tx.rows, rows)
	return rows, nil
}

// QueryRow runs a statement that gives at most one row; Scan answers
// [sql.ErrNoRows] if it gives none. Scan must be called.
func (tx *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if err := tx.readable(); err != nil {
		return failedRow(err)
	}
	return tx.session.conn().QueryRowContext(lasting, query, args...)
}

// Exec runs a statement that gives no rows.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := tx.usable(); err != nil {
		return nil, err
	}
	result, err := tx.pipeline.exec(tx, query, args)
	if err != nil {
		return nil, tx.fail(err)
	}
	return result, nil
}

// Queue runs a statement whose result is not needed: it is sent with the next
// statement that is not queued, or with the commit, and its error fails the
// function. That is cheaper than Exec, on PostgreSQL several times, so changes are
// best queued. The args must not be changed afterwards.
func (tx *Tx) Queue(ctx context.Context, query string, args ...any) {
	if tx.usable() != nil {
		return // the function has failed already
	}
	if err := tx.pipeline.queue(tx, query, args); err != nil {
		_ = tx.fail(err) // kept: finish gives it
	}
}

// AfterCommit has fn run once the transaction is on the disk, in the order of the
// commits, before Write or Record returns. It never runs if the function that
// asked for it fails. It must be quick and must not write: the next transaction waits
// for it.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Cache is the database's. What a transaction finds goes there after its commit.
func (tx *Tx) Cache() *Cache { return tx.db.cache }

// readable sends what is queued, so that the next statement sees it.
func (tx *Tx) readable() error {
	if err := tx.usable(); err != nil {
		return err
	}
	if err := tx.pipeline.settle(tx); err != nil {
		return tx.fail(err)
	}
	return nil
}

var (
	errOver     = errors.New("the transaction is over: its function has returned")
	errBroken   = errors.New("the transaction was broken by an earlier error")
	errRowsOpen = errors.New("the rows of an earlier query are open: read them to their end or close them first")
)

// usable tells why tx cannot take a statement, if so.
func (tx *Tx) usable() error {
	switch {
	case tx.over.Load():
		return errOver
	case tx.failed != nil:
		return tx.failed
	case !tx.pipeline.intact():
		return errBroken
	case tx.reading():
		return errRowsOpen
	case tx.outer != nil:
		return tx.outer.usable()
	}
	return nil
}

// reading tells whether rows are open, and forgets those that are not. PostgreSQL
// could not take a statement meanwhile; SQLite refuses as well, so that code that
// works on one works on the other.
func (tx *Tx) reading() bool {
	for len(tx.rows) > 0 {
		if _, err := tx.rows[len(tx.rows)-1].Columns(); err == nil {
			return true
		}
		tx.rows = tx.rows[:len(tx.rows)-1]
	}
	return false
}

func (tx *Tx) fail(err error) error {
	err = translate(err)
	if tx.failed == nil {
		tx.failed = err
	}
	return err
}

// run runs fn and undoes it if it fails.
func (tx *Tx) run(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if tx.head != nil {
		tx.before, tx.knew = tx.head.tally, tx.head.known
	}
	err := tx.call(ctx, fn)
	if err == nil {
		err = tx.finish()
	}
	tx.over.Store(true)
	if err == nil {
		return nil
	}
	tx.after = nil
	if tx.head != nil {
		if !tx.knew { // fn was the first to ask
			tx.before = tx.head.stored
		}
		tx.head.tally = tx.before
	}
	tx.pipeline.undo(tx)
	return translate(err)
}

// call turns a panic of fn into an error of it alone.
func (tx *Tx) call(ctx context.Context, fn func(context.Context, *Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = parley.Errorf(parley.Internal, "The change failed.").Because(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
		for _, rows := range tx.rows {
			rows.Close()
		}
		tx.rows = nil
	}()
	return fn(newTxContext(ctx, tx), tx)
}

// finish finds out what would make the function fail although it returned nil. What
// it queued may still fail the commit; a function that joined settles that at once,
// so that it fails alone.
func (tx *Tx) finish() error {
	if err := tx.usable(); err != nil {
		return err
	}
	if tx.outer != nil {
		return tx.readable()
	}
	if tx.head != nil {
		return tx.head.mustExist(tx)
	}
	return nil
}

// join runs fn inside tx, undoing only fn if it fails.
func (tx *Tx) join(ctx context.Context, fn func(context.Context, *Tx) error) error {
	if tx.depth+1 == deepest {
		return fmt.Errorf("write: more than %d functions are inside one another", deepest)
	}
	if err := tx.usable(); err != nil {
		return err
	}
	inner := &Tx{
		db: tx.db, session: tx.session, pipeline: tx.pipeline, org: tx.org, head: tx.head,
		outer: tx, depth: tx.depth + 1, begun: tx.pipeline.here(),
	}
	if err := inner.run(ctx, fn); err != nil {
		return err
	}
	tx.after = append(tx.after, inner.after...)
	return nil
}

// owner says whose transaction it is, for an error.
func (tx *Tx) owner() string {
	if tx.org == "" {
		return "no organization"
	}
	return string(tx.org)
}

// failedRow is a row whose Scan answers err: database/sql makes one only for a
// pool that cannot connect.
func failedRow(err error) *sql.Row {
	pool := sql.OpenDB(refusing{err})
	defer pool.Close()
	return pool.QueryRow("")
}

type refusing struct{ err error }

// Connect implements driver.Connector.
func (r refusing) Connect(context.Context) (driver.Conn, error) { return nil, r.err }

// Driver implements driver.Connector.
func (r refusing) Driver() driver.Driver { return nil }

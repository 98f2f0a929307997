package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// session is the connection of a lane: what differs between the engines when a
// transaction is written. One goroutine uses it, the lane's.
type session interface {
	// begin opens a transaction. On PostgreSQL it also locks the heads and reads
	// them; SQLite has but one writer, and reads a head when it is asked for.
	begin(heads []*head) error
	readHead(h *head) error

	// conn is where queries are put. It must not be closed.
	conn() *sql.Conn

	// run runs statements in order and gives the result of the last, or the first
	// error and how many succeeded before it.
	run(statements []statement) (done int, last sql.Result, err error)

	// commit runs statements, writes the heads that moved, and commits.
	commit(statements []statement, moved []*head) error
	rollback() error

	// intact tells whether the engine would go on with the transaction, closed
	// whether the connection broke.
	intact() bool
	closed() bool
	close()
}

// lasting is the context of statements that are not to be cancelled midway.
var lasting = context.Background()

// pinned is one connection that stays open, in a pool of its own: a shared pool
// would take it back only when no rows are open, and so wait for ever for a
// function that has lost a row without scanning it.
type pinned struct {
	pool *sql.DB
	only *sql.Conn
}

func pin(ctx context.Context, connector driver.Connector) (pinned, error) {
	pool := sql.OpenDB(connector)
	conn, err := pool.Conn(ctx)
	if err != nil {
		pool.Close()
		return pinned{}, err
	}
	return pinned{pool, conn}, nil
}

func (p pinned) conn() *sql.Conn { return p.only }

// statement is one that gives no rows.
type statement struct {
	owner *Tx // nil for a savepoint
	query string
	args  []any
	sets  func(savepoints) savepoints // what it does to the savepoints, if anything
}

// savepoints are the functions that have one, each inside the one before it. A
// savepoint is named by its depth.
type savepoints []*Tx

func (s savepoints) has(tx *Tx) bool { return s.taken(tx) && s[tx.depth] == tx }

// taken tells whether somebody has a savepoint of the name that tx needs: tx
// itself, or a function before it, which succeeded and needs it no more.
func (s savepoints) taken(tx *Tx) bool { return len(s) > tx.depth }

// deepest is how many functions may have savepoints, one inside the other.
const deepest = 8

func setSavepoint(tx *Tx) statement {
	return statement{query: "savepoint s" + digit(tx.depth), sets: func(s savepoints) savepoints {
		return append(s, tx)
	}}
}

func releaseSavepoint(depth int) statement {
	return statement{query: "release savepoint s" + digit(depth), sets: func(s savepoints) savepoints {
		return s[:depth]
	}}
}

func rollbackTo(depth int) statement {
	return statement{query: "rollback to savepoint s" + digit(depth), sets: func(s savepoints) savepoints {
		return s[:depth+1]
	}}
}

func digit(n int) string { return "0123456789"[n : n+1] }

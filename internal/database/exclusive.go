package database

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"time"

	"github.com/jackc/pgx/v5"
)

// How often a process that waits for its turn tries again, on SQLite, and how often
// one that has it makes sure that it still does, on PostgreSQL.
const (
	turnAgain = time.Second
	turnCheck = 2 * time.Second
)

// Exclusive waits until no other process on the same database runs fn under the
// same name, and then runs it. The context that fn gets ends with ctx, and when the
// right to be alone is lost: fn must then return soon, for another process may
// begin. If ctx ends before, fn does not run and there is no error.
//
// On PostgreSQL the right is an advisory lock of a session: a process that dies
// gives it up at once, one that the server no longer hears of when the server
// notices. On SQLite it is a lock on an empty file beside the database's, which the
// operating system takes away from a process that dies.
func (db *DB) Exclusive(ctx context.Context, name string, fn func(ctx context.Context) error) error {
	take := db.turnOfFile
	if db.engine == Postgres {
		take = db.turnOfServer
	}
	for {
		turn, err := take(ctx, name)
		if ctx.Err() != nil {
			return nil
		}
		if err == nil {
			return turn.run(ctx, fn)
		}
		if !errors.Is(err, errTaken) {
			db.log.Warn("database.turn_failed", "name", name, "error", err, "again_in", turnAgain)
		}
		select {
		case <-time.After(turnAgain):
		case <-ctx.Done():
			return nil
		}
	}
}

var errTaken = errors.New("another process has it")

// turn is the right to be alone.
type turn struct {
	check   func(context.Context) error // nil: it cannot be lost
	every   time.Duration               // it is checked
	release func()
}

func (t turn) run(ctx context.Context, fn func(context.Context) error) error {
	defer t.release()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		t.watch(ctx, cancel)
	}()
	err := fn(ctx)
	cancel(nil)
	<-watched
	return err
}

func (t turn) watch(ctx context.Context, lost func(error)) {
	if t.check == nil {
		return
	}
	ticker := time.NewTicker(t.every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		if err := t.check(ctx); err != nil && ctx.Err() == nil {
			lost(fmt.Errorf("the right to be the only one is lost: %w", err))
			return
		}
	}
}

func (db *DB) turnOfFile(ctx context.Context, name string) (turn, error) {
	file, err := connector(db.path+"-"+name, append([]string{"busy_timeout(0)"}, lockSettings...))
	if err != nil {
		return turn{}, err
	}
	p, err := pin(ctx, file)
	if err != nil {
		return turn{}, taken(err)
	}
	release := func() {
		_ = p.only.Close()
		_ = p.pool.Close()
	}
	if _, err := p.only.ExecContext(ctx, "begin exclusive"); err != nil {
		release()
		return turn{}, taken(err)
	}
	return turn{release: release}, nil
}

// taken is errTaken for an error that says that the file is locked.
func taken(err error) error {
	if code, _ := sqliteCode(err); code&0xff == sqliteBusy {
		return errTaken
	}
	return err
}

func (db *DB) turnOfServer(ctx context.Context, name string) (turn, error) {
	conn, err := db.connector(ctx)
	if err != nil {
		return turn{}, err
	}
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", turnNumber(name)); err != nil {
		closeConn(conn)
		return turn{}, err
	}
	return turn{
		check: func(ctx context.Context) error {
			ctx, cancel := context.WithTimeout(ctx, 2*turnCheck)
			defer cancel()
			return conn.Ping(ctx)
		},
		every:   turnCheck,
		release: func() { closeConn(conn) },
	}, nil
}

// turnNumber is the number of the advisory lock of a name.
func turnNumber(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("parley turn " + name)) // never fails
	return int64(h.Sum64())
}

// closeConn ends a session, and with it its locks.
func closeConn(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}

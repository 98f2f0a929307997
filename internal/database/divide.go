package database

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
)

// Divided is work in parts, which several processes share.
type Divided interface {
	// Run works on the parts that the process has until ctx ends.
	Run(ctx context.Context) error
	// Take is told of a part that the process has from now on.
	Take(part int)
	// Leave is told of a part that another process is to have. It returns when nothing
	// of it is under way here any more, or ctx has ended.
	Leave(ctx context.Context, part int)
}

// Divide has the processes that work on one database and call it under the same name
// share n parts of some work, so that each part is with one of them at most, and no
// process has many more than another. It makes the work with the parts that the
// process has at first, and runs it. What Run returns it returns, too; the context
// that Run gets ends with ctx, and when the process has lost its parts: then others
// may have them already.
//
// On PostgreSQL a part is an advisory lock of a session, so the parts of a process
// that dies are free at once, and with others within seconds; processes are counted by
// a lock that they share. On SQLite one process has all parts, as with [DB.Exclusive].
func (db *DB) Divide(ctx context.Context, name string, n int, work func(parts []int) Divided) error {
	if db.engine == SQLite {
		return db.Exclusive(ctx, name, func(ctx context.Context) error {
			all := make([]int, n)
			for i := range all {
				all[i] = i
			}
			return work(all).Run(ctx)
		})
	}
	conn, err := db.connector(ctx)
	if err != nil {
		return err
	}
	defer closeConn(conn)
	d := &division{conn: conn, base: turnNumber(name) &^ 0xffff, parts: make([]holding, n), left: make(chan int, n)}
	if _, err := conn.Exec(ctx, "select pg_advisory_lock_shared($1)", d.member()); err != nil {
		return fmt.Errorf("join those that share %s: %w", name, err)
	}
	first, _, err := d.balance(ctx)
	if err != nil {
		return fmt.Errorf("get a share of %s: %w", name, err)
	}
	d.work = work(first)
	return turn{check: d.keep, every: divideAgain, release: func() {}}.run(ctx, d.work.Run)
}

// divideAgain is how often a process looks whether its share is what it should be.
const divideAgain = time.Second

// holding is how a process stands to a part.
type holding int

const (
	others holding = iota
	held
	leaving
)

// division is a process's share of some work. One goroutine uses it.
type division struct {
	conn  *pgx.Conn
	base  int64 // the number of the first part's lock
	parts []holding
	left  chan int // parts that nothing is under way of any more
	work  Divided
}

// member is the number of the lock that all processes share.
func (d *division) member() int64 { return d.base + 0xffff }

// keep sees to it that the process has its share, no more and no less. An error says
// that it may have lost it.
func (d *division) keep(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, 2*turnCheck)
	defer cancel()
	if err := d.release(limited); err != nil {
		return err
	}
	taken, surplus, err := d.balance(limited)
	for _, part := range taken {
		d.work.Take(part)
	}
	for _, part := range surplus {
		d.parts[part] = leaving
		go func() {
			d.work.Leave(ctx, part)
			d.left <- part
		}()
	}
	return err
}

// release gives up the parts that were left.
func (d *division) release(ctx context.Context) error {
	for {
		select {
		case part := <-d.left:
			d.parts[part] = others
			if _, err := d.conn.Exec(ctx, "select pg_advisory_unlock($1)", d.base+int64(part)); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// balance takes parts that are free, up to the process's share, or tells which ones
// it has beyond its share.
func (d *division) balance(ctx context.Context) (taken, surplus []int, err error) {
	share, err := d.share(ctx)
	if err != nil {
		return nil, nil, err
	}
	have := 0
	for _, h := range d.parts {
		if h == held {
			have++
		}
	}
	for _, part := range rand.Perm(len(d.parts)) {
		switch {
		case have < share && d.parts[part] == others:
			var free bool
			if err := d.conn.QueryRow(ctx, "select pg_try_advisory_lock($1)", d.base+int64(part)).Scan(&free); err != nil {
				return taken, nil, err
			}
			if free {
				d.parts[part] = held
				taken = append(taken, part)
				have++
			}
		case have > share && d.parts[part] == held:
			have--
			surplus = append(surplus, part)
		}
	}
	return taken, surplus, nil
}

// share is how many parts the process is to have.
func (d *division) share(ctx context.Context) (int, error) {
	var members int
	err := d.conn.QueryRow(ctx, `
		select count(*) from pg_locks
		where locktype = 'advisory' and mode = 'ShareLock' and granted and objsubid = 1
			and database = (select oid from pg_database where datname = current_database())
			and classid = (($1::bigint >> 32) & 4294967295)::oid and objid = ($1::bigint & 4294967295)::oid`, d.member()).Scan(&members)
	if err != nil {
		return 0, err
	}
	members = max(members, 1)
	return (len(d.parts) + members - 1) / members, nil
}

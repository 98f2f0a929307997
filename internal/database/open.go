package database

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"hash/maphash"
	"log/slog"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"parley"
)

// Config says which database to open.
type Config struct {
	URL  string // of a PostgreSQL database, postgres://…; empty means SQLite
	Path string // of the SQLite file; its folder is made if it is missing

	Lanes     int // connections that write, PostgreSQL only; 4 if zero
	ReadConns int // connections that read at most; if zero 16 on PostgreSQL, one for each processor on SQLite
	Logger    *slog.Logger
}

const defaultLanes = 4

// defaultReadConns is enough to keep PostgreSQL's network busy, or the processors
// that SQLite itself runs on.
func defaultReadConns(e Engine) int {
	if e == Postgres {
		return 16
	}
	return max(4, runtime.GOMAXPROCS(0))
}

// DB is an open database. All its methods may be called from any goroutine.
type DB struct {
	engine Engine
	node   string // tells this process from others that use the database
	log    *slog.Logger

	reads   *sql.DB // cannot write
	lanes   []*lane // of organizations
	records *lane   // of Record; on SQLite the only lane
	seed    maphash.Seed
	cache   *Cache
	disk    *disk
	running sync.WaitGroup
	closing atomic.Bool

	path string // SQLite only

	// PostgreSQL only.
	notifier  *notifier
	connector func(context.Context) (*pgx.Conn, error)
}

// Open connects to the database, brings its schema up to date, and starts the
// lanes. It refuses a database that a newer Parley has migrated. Several processes
// may open the same database at the same moment. Its errors are one line that
// names what could not be opened and why, never a password.
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Lanes <= 0 {
		c.Lanes = defaultLanes
	}
	db := &DB{engine: SQLite, node: strings.ToLower(rand.Text()[:10]), log: c.Logger, seed: maphash.MakeSeed(), cache: newCache(), disk: &disk{log: c.Logger}}
	open := db.openSQLite
	if c.URL != "" {
		db.engine, open = Postgres, db.openPostgres
	}
	if c.ReadConns <= 0 {
		c.ReadConns = defaultReadConns(db.engine)
	}
	if err := open(ctx, c); err != nil {
		return nil, err
	}
	db.reads.SetMaxOpenConns(c.ReadConns)
	db.reads.SetMaxIdleConns(c.ReadConns)
	db.reads.SetConnMaxIdleTime(5 * time.Minute)
	db.start()
	return db, nil
}

func (db *DB) start() {
	for _, l := range db.lanes {
		db.running.Go(l.run)
	}
	if db.records != db.lanes[0] {
		db.running.Go(db.records.run)
	}
}

// Close lets the writes that wait finish, then closes every connection. A write
// that comes later is answered Unavailable. Closing twice does nothing.
func (db *DB) Close() error {
	if db.closing.Swap(true) {
		return nil
	}
	for _, l := range db.lanes {
		l.queue.close()
	}
	db.records.queue.close()
	db.running.Wait()
	if db.notifier != nil {
		db.notifier.close()
	}
	if err := db.reads.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	return nil
}

// Trim closes the connections that only read and are idle, with the pages that they
// keep in memory. It is for after a time of much reading, such as the start.
func (db *DB) Trim() {
	most := db.reads.Stats().MaxOpenConnections
	db.reads.SetMaxIdleConns(-1)
	db.reads.SetMaxIdleConns(most)
}

// Engine is the kind of database that was opened.
func (db *DB) Engine() Engine { return db.engine }

// Version is the number of the newest migration that the database has had.
func (db *DB) Version(ctx context.Context) (int64, error) {
	version, err := schemaVersion(ctx, db.Read())
	if err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	return version, nil
}

// laneOf is the lane that writes an organization, always the same.
func (db *DB) laneOf(org parley.OrganizationID) *lane {
	if len(db.lanes) == 1 {
		return db.lanes[0]
	}
	return db.lanes[maphash.String(db.seed, string(org))%uint64(len(db.lanes))]
}

package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
)

func (db *DB) openSQLite(ctx context.Context, c Config) error {
	path, err := makeFile(c.Path)
	if err != nil {
		return err
	}
	db.path = path
	writer, err := connector(path, writerSettings)
	if err != nil {
		return fmt.Errorf("database %s: %w", path, err)
	}
	reader, err := connector(path, readerSettings)
	if err != nil {
		return fmt.Errorf("database %s: %w", path, err)
	}
	db.records = newLane(db, 0, func(ctx context.Context) (session, error) {
		return newSQLiteSession(ctx, preparing{writer})
	})
	db.lanes = []*lane{db.records}
	err = takingTurns(ctx, path, func() error {
		if err := migrateSQLite(ctx, writer, db.log); err != nil {
			return err
		}
		db.records.session, err = db.records.connect(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("database %s: %w", path, err)
	}
	db.reads = sql.OpenDB(preparing{reader})
	return nil
}

// takingTurns runs fn while no other process does so for the same file. What keeps
// them apart is a lock on an empty SQLite file beside it, which the operating
// system takes away from a process that dies.
//
// A process that closes the file, and has it for itself then, locks it for a moment
// without taking turns, and not all of SQLite waits for that. So fn runs again
// while the file is busy.
func takingTurns(ctx context.Context, path string, fn func() error) error {
	turns, err := connector(path+"-starting", append([]string{"busy_timeout(60000)"}, lockSettings...))
	if err != nil {
		return err
	}
	p, err := pin(ctx, turns)
	if err != nil {
		return err
	}
	defer p.pool.Close()
	defer p.only.Close()
	if _, err := p.only.ExecContext(ctx, "begin exclusive"); err != nil {
		return fmt.Errorf("wait for another process that starts: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for {
		err := fn()
		if code, _ := sqliteCode(err); code&0xff != sqliteBusy {
			return err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}

// makeFile makes the file, and the folder it is in, readable by nobody else. SQLite
// gives the same rights to the files that it puts beside it.
func makeFile(path string) (string, error) {
	if path == "" {
		return "", errors.New("no database is named: neither a file nor a URL")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("find the database file: %w", err)
	}
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("the data folder %s cannot be made: %w", folder, reason(err))
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		if _, missing := os.Stat(path); missing == nil {
			return "", fmt.Errorf("the database file %s cannot be written to: %w", path, reason(err))
		}
		return "", fmt.Errorf("the data folder %s cannot be written to: %w", folder, reason(err))
	}
	return path, file.Close()
}

// reason is the part of err that its path is not.
func reason(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

// The settings of connections. The busy timeout is set first by the driver, so that
// the others wait for a process that has the file locked for a moment.
var (
	writerSettings = []string{
		"busy_timeout(5000)", "journal_mode(wal)", "synchronous(full)", "foreign_keys(1)",
		"temp_store(memory)", "cache_size(-32768)", "wal_autocheckpoint(4000)", "journal_size_limit(67108864)",
	}
	// A lock file is never written: with a journal, which is, a full disk would keep
	// a server from starting.
	lockSettings   = []string{"journal_mode(memory)"}
	readerSettings = []string{"busy_timeout(5000)", "query_only(1)", "temp_store(memory)", "cache_size(-8192)"}
)

func connector(path string, settings []string) (driver.Connector, error) {
	u := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(path)}
	u.RawQuery = url.Values{"_pragma": settings}.Encode()
	return sqlite.NewConnector(u.String())
}

// sqliteSession writes on the one connection that does.
type sqliteSession struct {
	pinned
	open   bool  // a transaction
	broken error // what may have ended it
}

func newSQLiteSession(ctx context.Context, c driver.Connector) (session, error) {
	p, err := pin(ctx, c)
	if err != nil {
		return nil, err
	}
	return &sqliteSession{pinned: p}, nil
}

func (s *sqliteSession) begin([]*head) error {
	s.broken = nil
	_, err := s.exec("begin immediate")
	s.open = err == nil
	return err
}

func (s *sqliteSession) readHead(h *head) error {
	err := s.only.QueryRowContext(lasting, readHeadStatement, string(h.org)).Scan(h.columns()...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		h.known = true
	case err != nil:
		return s.note(err)
	default:
		h.found()
	}
	return nil
}

func (s *sqliteSession) run(statements []statement) (done int, last sql.Result, err error) {
	for i, st := range statements {
		if last, err = s.exec(st.query, st.args...); err != nil {
			return i, nil, err
		}
	}
	return len(statements), last, nil
}

func (s *sqliteSession) exec(query string, args ...any) (sql.Result, error) {
	result, err := s.only.ExecContext(lasting, query, args...)
	return result, s.note(err)
}

// note remembers an error after which SQLite may have undone the transaction.
func (s *sqliteSession) note(err error) error {
	code, ok := sqliteCode(err)
	if !ok {
		return err
	}
	switch code & 0xff {
	case sqliteError, sqliteSchema, sqliteTooBig, sqliteConstraint, sqliteMismatch, sqliteRange:
	default:
		s.broken = err
	}
	return err
}

func (s *sqliteSession) intact() bool { return s.open && s.broken == nil }

func (s *sqliteSession) commit(statements []statement, moved []*head) error {
	if _, _, err := s.run(statements); err != nil {
		return err
	}
	for _, h := range moved {
		if _, err := s.exec(writeHeadStatement, string(h.org), h.tally.Sequence, h.tally.Objects, h.tally.Storage, h.tally.Day, h.tally.DaySequence); err != nil {
			return fmt.Errorf("write the head of %s: %w", h.org, err)
		}
	}
	_, err := s.exec("commit")
	s.open = err != nil
	return err
}

func (s *sqliteSession) rollback() error {
	if !s.open {
		return nil
	}
	s.open = false
	_, err := s.exec("rollback")
	if code, _ := sqliteCode(err); s.broken != nil && code == sqliteError {
		return nil // SQLite did it by itself
	}
	return err
}

// closed is never true: there is nothing between the process and its file.
func (s *sqliteSession) closed() bool { return false }

// close ends the connection itself, as a transaction may be open on it.
func (s *sqliteSession) close() {
	_ = s.only.Raw(func(conn any) error { return conn.(driver.Conn).Close() })
	s.pool.Close()
}

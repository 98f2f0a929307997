package database

import (
	"database/sql/driver"
	"errors"
	"net"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"parley"
)

// IsUnique tells whether err comes from a row that would have repeated a primary
// key or something else that must be unique.
func IsUnique(err error) bool {
	if code, ok := sqliteCode(err); ok {
		return code == sqliteUnique || code == sqlitePrimaryKey || code == sqliteRowID
	}
	return postgresCode(err) == "23505"
}

// SQLite's result codes (https://www.sqlite.org/rescode.html). The low byte is the
// primary code.
const (
	sqliteError      = 1
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteIO         = 10
	sqliteFull       = 13
	sqliteCannotOpen = 14
	sqliteSchema     = 17
	sqliteTooBig     = 18
	sqliteConstraint = 19
	sqliteMismatch   = 20
	sqliteRange      = 25
	sqliteNotADB     = 26

	sqlitePrimaryKey = sqliteConstraint | 6<<8
	sqliteUnique     = sqliteConstraint | 8<<8
	sqliteRowID      = sqliteConstraint | 10<<8
	sqliteIndexSize  = sqliteIO | 19<<8 // no room for the index of the write-ahead log
)

func sqliteCode(err error) (int, bool) {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code(), true
	}
	return 0, false
}

// postgresCode is the SQLSTATE of err, or "".
func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// mayRetry tells whether PostgreSQL undid the transaction only because of others
// that ran beside it: the same functions may succeed when run again.
func mayRetry(err error) bool {
	code := postgresCode(err)
	return code == "40001" || code == "40P01" // serialization failure, deadlock
}

// translate gives an error of the database the kind that a caller can act on. An
// error that has a kind, or is not the database's, is left as it is.
func translate(err error) error {
	var known *parley.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case isFull(err):
		return full(err)
	case isDisk(err):
		return diskFails(err)
	case isAway(err):
		return unavailable(err)
	}
	return err
}

// roomAfter is when a write that found no room is worth another try: somebody has
// to make room first.
const roomAfter = 5 * time.Second

func full(cause error) error {
	e := parley.Errorf(parley.InsufficientSpace,
		"The disk of the server's database is full: nothing was changed. The same request works once whoever runs the server has freed space on it.").Because(cause)
	e.RetryAfter = roomAfter
	return e
}

func diskFails(cause error) error {
	e := parley.Errorf(parley.Unavailable,
		"The disk of the server's database fails: nothing was changed. The same request works once whoever runs the server has "+
			"looked for a quota, a limit on the size of files or a broken disk.").Because(cause)
	e.RetryAfter = roomAfter
	return e
}

// unavailable says that the database cannot serve now.
func unavailable(cause error) error {
	e := parley.Errorf(parley.Unavailable, "The database cannot be used at the moment. Try again shortly.").Because(cause)
	e.RetryAfter = time.Second
	return e
}

func isFull(err error) bool {
	code, _ := sqliteCode(err)
	return code&0xff == sqliteFull || code == sqliteIndexSize || postgresCode(err) == "53100" || errors.Is(err, syscall.ENOSPC)
}

// isDisk tells whether the disk failed otherwise. A quota that is used up and a
// limit on the size of files come as such a failure, too.
func isDisk(err error) bool {
	code, _ := sqliteCode(err)
	return code&0xff == sqliteIO
}

// isAway tells whether err says that the database is not there, is going, is
// overloaded, or is held by somebody else.
func isAway(err error) bool {
	if code, ok := sqliteCode(err); ok {
		return code&0xff == sqliteBusy || code&0xff == sqliteLocked
	}
	if code := postgresCode(err); code != "" {
		return strings.HasPrefix(code, "08") || slices.Contains(awayCodes, code)
	}
	var (
		connecting *pgconn.ConnectError
		network    *net.OpError
	)
	return errors.Is(err, driver.ErrBadConn) || errors.As(err, &connecting) || errors.As(err, &network)
}

// awayCodes are the SQLSTATEs that pass by themselves.
var awayCodes = []string{
	"25006",                   // read-only: the server has become a standby
	"25P03",                   // this transaction was idle for too long
	"40001", "40P01", "55P03", // serialization failure, deadlock, a lock that did not come
	"53200", "53300", "53400", // out of memory, of connections, of another limit
	"57P01", "57P02", "57P03", "57P05", // the server is stopping, crashed, starting, or ended an idle session
}

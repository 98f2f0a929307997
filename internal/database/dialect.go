package database

import (
	"fmt"
	"strconv"
	"strings"
)

// Engine is the kind of database. Its methods name every difference between the
// two that a statement may meet; all other SQL in Parley is the same text on both.
type Engine int

// The engines.
const (
	SQLite Engine = iota + 1
	Postgres
)

// String is the engine's name, in lower case.
func (e Engine) String() string {
	switch e {
	case SQLite:
		return "sqlite"
	case Postgres:
		return "postgres"
	}
	return fmt.Sprintf("engine %d", int(e))
}

// ForUpdate ends a select inside a transaction that locks the rows it finds until
// the commit. SQLite has one writer at a time, so nothing needs saying there.
func (e Engine) ForUpdate() string {
	if e == Postgres {
		return " for update"
	}
	return ""
}

// SkipLocked ends a select that claims rows: it locks those it finds and passes
// over those that somebody else has claimed.
func (e Engine) SkipLocked() string {
	if e == Postgres {
		return " for update skip locked"
	}
	return ""
}

// Touch is a statement that changes nothing of note, and yet has to be written to
// the disk. SQLite writes no row that stays as it was.
func (e Engine) Touch() string {
	if e == Postgres {
		return "update goose_db_version set tstamp = now() where version_id = 0"
	}
	return "pragma user_version = 1"
}

// Columns is a statement that lists the columns of the table $1 that statements find
// under its name; none if there is no such table.
func (e Engine) Columns() string {
	if e == Postgres {
		return "select attname from pg_attribute where attrelid = to_regclass(quote_ident($1)) and attnum > 0 and not attisdropped order by attnum"
	}
	return "select name from pragma_table_info($1) order by cid"
}

// Lower is an expression for a text with a to z in the place of A to Z, and all else as
// it is: PostgreSQL's lower goes by the database's locale, SQLite's never does.
func (e Engine) Lower(text string) string {
	if e == Postgres {
		return `lower((` + text + `) collate "C")`
	}
	return "lower(" + text + ")"
}

// Member is an expression for the text that a member has in a column of JSON objects;
// null if there is no such member.
func (e Engine) Member(column, name string) string {
	if e == Postgres {
		return "(cast(" + column + " as json) ->> '" + name + "')"
	}
	return "json_extract(" + column + ", '$." + name + "')"
}

// In is a list of n placeholders, the first of which is $from: In(3, 2) is
// "($2,$3,$4)". n is at least 1.
func In(n, from int) string {
	return Values(1, n, from)
}

// Values is the rows of an insert, the first placeholder of which is $from:
// Values(2, 3, 1) is "($1,$2,$3),($4,$5,$6)". Each number of rows is a statement of
// its own to prepare, so insert many rows in a few fixed sizes, or use [Tx.Queue].
func Values(rows, columns, from int) string {
	b := make([]byte, 0, rows*(columns*5+2))
	for row := range rows {
		if row > 0 {
			b = append(b, ',')
		}
		for column := range columns {
			b = append(b, "(,"[min(column, 1)], '$')
			b = strconv.AppendInt(b, int64(from+row*columns+column), 10)
		}
		b = append(b, ')')
	}
	return string(b)
}

// StartsWith is the condition that a column begins with the text of placeholder
// $n, whatever the case of its letters. Bind [Prefix] of the text to it.
func StartsWith(column string, n int) string {
	return fmt.Sprintf(`lower(%s) like lower($%d) escape '\'`, column, n)
}

// Contains is the pattern with which `like … escape '\'` finds a text that [Engine.Lower]
// was applied to, and in which the given one stands, whatever the case of a to z.
func Contains(text string) string {
	return "%" + Prefix(strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text))
}

// Prefix is the pattern that [StartsWith] takes for text as a user typed it.
func Prefix(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

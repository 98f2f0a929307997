package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"parley"
	"parley/internal/database"
)

// Page is which part of a list is wanted.
type Page struct {
	Limit        int    // 1 to 200
	Cursor       string // the next_cursor of the page before
	ChangedAfter *int64 // only objects changed after this place in the log, in order of change
}

// Filter is a condition on rows, put together piece by piece.
type Filter struct {
	clauses []string
	args    []any
}

// Where is the filter of one clause; see And.
func Where(clause string, args ...any) Filter {
	var f Filter
	f.And(clause, args...)
	return f
}

// And adds a clause; each ? in it stands for the next of args.
func (f *Filter) And(clause string, args ...any) {
	f.clauses = append(f.clauses, clause)
	f.args = append(f.args, args...)
}

// SQL writes the filter out as a where clause, always confined to the organization ($1).
func (f *Filter) SQL(org parley.OrganizationID) (string, []any) { return f.sql("org_id", org) }

func (f *Filter) sql(orgColumn string, org parley.OrganizationID) (string, []any) {
	var b strings.Builder
	b.WriteString(" where " + orgColumn + " = $1")
	n := 1
	for _, clause := range f.clauses {
		b.WriteString(" and ")
		for _, c := range clause {
			if c == '?' {
				n++
				b.WriteByte('$')
				b.WriteString(strconv.Itoa(n))
				continue
			}
			b.WriteRune(c)
		}
	}
	return b.String(), append([]any{string(org)}, f.args...)
}

// List reads one page: the newest objects first, or with ChangedAfter in order of
// change. While rows are added, nothing that was there is skipped or repeated; in
// order of change, an object changed again meanwhile comes again at its new place.
// next is the cursor of the page that follows, "" after the last.
func (t *Table[T]) List(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter) (objs []T, next string, err error) {
	order := "order by id desc"
	if p.ChangedAfter != nil {
		order = "order by seq, id"
	}
	if err := t.startAt(p, &f); err != nil {
		return nil, "", err
	}
	objs, err = t.query(ctx, q, org, f, order, p.Limit+1)
	if err != nil || len(objs) <= p.Limit {
		return objs, "", err
	}
	objs = objs[:p.Limit]
	return objs, t.cursorAt(p, &objs[p.Limit-1]), nil
}

// A cursor is "table i id" or "table s seq id" in base64, so that one of another
// list is noticed.
func (t *Table[T]) cursorAt(p Page, obj *T) string {
	text := t.name + " i " + t.ID(obj)
	if p.ChangedAfter != nil {
		text = fmt.Sprintf("%s s %d %s", t.name, t.Sequence(obj), t.ID(obj))
	}
	return base64.RawURLEncoding.EncodeToString([]byte(text))
}

var cursorText = regexp.MustCompile(`^[a-z0-9_ ]{1,200}$`)

func (t *Table[T]) startAt(p Page, f *Filter) error {
	if p.Cursor == "" {
		if p.ChangedAfter != nil {
			f.And("seq > ?", *p.ChangedAfter)
		}
		return nil
	}
	invalid := parley.InvalidField("query.cursor", "is not a cursor of this list: use the next_cursor of the page before, with the same parameters, or leave it out to start again")
	b, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil || !cursorText.Match(b) {
		return invalid
	}
	parts := strings.Split(string(b), " ")
	switch {
	case len(parts) == 3 && parts[0] == t.name && parts[1] == "i" && p.ChangedAfter == nil:
		f.And("id < ?", parts[2])
	case len(parts) == 4 && parts[0] == t.name && parts[1] == "s" && p.ChangedAfter != nil:
		seq, err := strconv.ParseInt(parts[2], 10, 64)
		if err != nil {
			return invalid
		}
		f.And("(seq, id) > (?, ?)", seq, parts[3])
	default:
		return invalid
	}
	return nil
}

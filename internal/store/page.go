package store

import (
	"context"
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

// Either adds that one of the clauses of another filter must hold, if it has any.
func (f *Filter) Either(others Filter) {
	if len(others.clauses) > 0 {
		f.And("("+strings.Join(others.clauses, " or ")+")", others.args...)
	}
}

// OfTypes has a clause for each type or pattern of events, such as conversation.*,
// for the column that holds the type: to be given to Either.
func OfTypes(column string, patterns []string) (f Filter) {
	for _, pattern := range patterns {
		if stem, ok := strings.CutSuffix(pattern, "*"); ok {
			f.And(column+` like ? escape '\'`, database.Prefix(stem))
		} else {
			f.And(column+" = ?", pattern)
		}
	}
	return f
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
// next is the cursor of the page that follows, "" after the last. The lists and maps
// of the objects are shared: do not change them.
func (t *Table[T]) List(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter) (objs []T, next string, err error) {
	list := ListName(t.name, org, p.ChangedAfter != nil, f)
	order := "order by id desc"
	if p.ChangedAfter != nil {
		order = "order by seq, id"
	}
	if err := startAt(p, list, &f); err != nil {
		return nil, "", err
	}
	objs, err = t.page(ctx, q, org, f, order, p.Limit+1)
	if err != nil || len(objs) <= p.Limit {
		return objs, "", err
	}
	objs = objs[:p.Limit]
	last := &objs[p.Limit-1]
	place := t.ID(last)
	if p.ChangedAfter != nil {
		place = strconv.FormatInt(t.Sequence(last), 10) + " " + place
	}
	return objs, EncodeCursor(list, place), nil
}

// eachAtOnce is how many rows Each has in memory.
const eachAtOnce = 200

// Each gives a function every row that the filter lets through, newest first. The
// function may change the row: what it no longer matches does not matter.
func (t *Table[T]) Each(ctx context.Context, tx Writer, org parley.OrganizationID, f Filter, do func(*T) error) error {
	p := Page{Limit: eachAtOnce}
	for {
		objs, next, err := t.List(ctx, tx, org, p, f)
		if err != nil {
			return err
		}
		for i := range objs {
			if err := do(&objs[i]); err != nil {
				return err
			}
		}
		if p.Cursor = next; next == "" {
			return nil
		}
	}
}

// startAt lets the filter through only what lies after the page before.
func startAt(p Page, list string, f *Filter) error {
	if p.Cursor == "" {
		if p.ChangedAfter != nil {
			f.And("seq > ?", *p.ChangedAfter)
		}
		return nil
	}
	place, err := DecodeCursor(list, p.Cursor)
	if err != nil {
		return err
	}
	if p.ChangedAfter == nil {
		f.And("id < ?", place)
		return nil
	}
	text, id, _ := strings.Cut(place, " ")
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return errNoCursor()
	}
	f.And("(seq, id) > (?, ?)", seq, id)
	return nil
}

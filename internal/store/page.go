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
	among   among
	first   bool // among's rows are read first
	search  bool // see Search
}

// among is a table that names some rows of another.
type among struct {
	table, column string
	clause        string
	arg           any
	leads         bool
}

// Among lets only those rows through whose id stands in a column of another table of
// the organization, in rows of which a clause is true; its ? stands for arg. If the
// filter has no clause yet, a page by id is read along the other table, whose key must
// be the organization, what the clause compares, and the column: then it costs the
// same however many rows are named, and however few.
func (f *Filter) Among(table, column, clause string, arg any) {
	f.among = among{table, column, clause, arg, len(f.clauses) == 0}
}

// Broad adds that a column, which is a text, has a value. Rows are not found by it, but
// by the clauses before, which let less through.
func (f *Filter) Broad(column, value string) { f.And("coalesce("+column+", '') = ?", value) }

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

// Search is And for a clause that no index serves. One page then reads through so many
// rows and no more: it may have fewer objects than it could, or none, and still a
// cursor, with which the search goes on.
func (f *Filter) Search(clause string, args ...any) {
	f.And(clause, args...)
	f.search = true
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

// of writes out what a statement that reads a table says after "from".
func (f Filter) of(table string, org parley.OrganizationID) (string, []any) {
	a := f.among
	if a.table == "" {
		where, args := f.SQL(org)
		return table + where, args
	}
	named := "o.org_id = $1 and o." + a.column + " = " + table + ".id and o." + a.clause
	if f.first {
		f.And(named, a.arg)
		where, args := f.sql(table+".org_id", org)
		return a.table + " o cross join " + table + where, args
	}
	f.And("exists (select 1 from "+a.table+" o where "+named+")", a.arg)
	where, args := f.SQL(org)
	return table + where, args
}

// byID is the column that a page is in order of, if it is in order of ids.
func (f Filter) byID() string {
	if f.first {
		return "o." + f.among.column
	}
	return "id"
}

// List reads one page: the newest objects first, or with ChangedAfter in order of
// change. While rows are added, nothing that was there is skipped or repeated; in
// order of change, an object changed again meanwhile comes again at its new place.
// next is the cursor of the page that follows, "" after the last. The lists and maps
// of the objects are shared: do not change them.
func (t *Table[T]) List(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter) (objs []T, next string, err error) {
	list := ListName(t.name, org, p.ChangedAfter != nil, f)
	f.first = f.among.leads && p.ChangedAfter == nil
	order := "order by " + f.byID() + " desc"
	if p.ChangedAfter != nil {
		order = "order by seq, id"
	}
	if f.search {
		return t.search(ctx, q, org, p, f, list, order)
	}
	if err := startAt(p, list, &f); err != nil {
		return nil, "", err
	}
	objs, err = t.page(ctx, q, org, f, order, p.Limit+1)
	if err != nil || len(objs) <= p.Limit {
		return objs, "", err
	}
	objs = objs[:p.Limit]
	return objs, EncodeCursor(list, t.place(p, &objs[p.Limit-1])), nil
}

// place is where an object stands in a list.
func (t *Table[T]) place(p Page, obj *T) string {
	if p.ChangedAfter == nil {
		return t.ID(obj)
	}
	return strconv.FormatInt(t.Sequence(obj), 10) + " " + t.ID(obj)
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
		f.And(f.byID()+" < ?", place)
		return nil
	}
	return f.change(place, ">")
}

// endAt lets the filter through only what lies no further than a place.
func endAt(p Page, place string, f *Filter) error {
	if p.ChangedAfter == nil {
		f.And(f.byID()+" >= ?", place)
		return nil
	}
	return f.change(place, "<=")
}

// change compares the places of changes with one.
func (f *Filter) change(place, compared string) error {
	text, id, _ := strings.Cut(place, " ")
	seq, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return errNoCursor()
	}
	f.And("(seq, id) "+compared+" (?, ?)", seq, id)
	return nil
}

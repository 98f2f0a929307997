package store

import (
	"context"
	"slices"
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
	Latest       bool   // in the order of [Table.Latest], not with ChangedAfter
}

// Filter is a condition on rows, put together piece by piece.
type Filter struct {
	clauses []string
	args    []any
	among   among
	first   bool // among's rows are read first
	stretch int  // see Search; 0: an index serves the filter
	within  int  // so many of the clauses an index serves: see Within
	apart   apart
}

// apart are the values of a column, of which each is read by itself.
type apart struct {
	column string
	values []string
}

// Apart says that a column has one of these values. If it has an index in the order of
// [Table.Latest] for each of them, a page in that order is put together from theirs.
func (f *Filter) Apart(column string, values ...string) { f.apart = apart{column, values} }

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
func (f *Filter) Search(clause string, args ...any) { f.SearchBy(SearchStretch, clause, args...) }

// SearchBy is Search for a clause that takes long for a row: so many of them are read
// before it is looked whether the page is to end.
func (f *Filter) SearchBy(stretch int, clause string, args ...any) {
	f.And(clause, args...)
	if f.stretch == 0 || stretch < f.stretch {
		f.stretch = stretch
	}
}

// Within says that an index has the rows which the clauses so far let through, in the
// order of the list: a search goes through these and no others.
func (f *Filter) Within() { f.within = len(f.clauses) }

// part is a filter of its own with those clauses that an index serves.
func (f *Filter) part() Filter {
	clauses := f.clauses[:f.within]
	args := strings.Count(strings.Join(clauses, ""), "?")
	return Filter{clauses: slices.Clone(clauses), args: slices.Clone(f.args[:args]), stretch: f.stretch}
}

// lead puts a clause before all others, which an index serves with those that it serves.
func (f *Filter) lead(clause string, arg any) {
	f.clauses, f.args = slices.Insert(slices.Clone(f.clauses), 0, clause), slices.Insert(slices.Clone(f.args), 0, arg)
	f.within++
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
// change, or with Latest in an order of the table's own. While rows are added, nothing
// that was there is skipped or repeated; in order of change, an object changed again
// meanwhile comes again at its new place, and in that of Latest it may be at one that
// was passed. next is the cursor of the page that follows, "" after the last. The lists
// and maps of the objects are shared: do not change them.
func (t *Table[T]) List(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter) (objs []T, next string, err error) {
	list := ListName(t.name, org, p.ChangedAfter != nil, f)
	if p.Latest {
		list = ListName(list, "latest")
	}
	after := ""
	if p.Cursor != "" {
		if after, err = DecodeCursor(list, p.Cursor); err != nil {
			return nil, "", err
		}
	}
	if objs, next, err = t.after(ctx, q, org, p, f, after); next != "" {
		next = EncodeCursor(list, next)
	}
	return objs, next, err
}

// after reads a page of what lies after a place, "" being the beginning, and gives the
// place after which the next page begins.
func (t *Table[T]) after(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter, place string) (objs []T, next string, err error) {
	if p.Latest && len(f.apart.values) > 0 {
		return t.together(ctx, q, org, p, f, place)
	}
	f.first = f.among.leads && p.ChangedAfter == nil && !p.Latest && f.stretch == 0 // a search reads the table itself
	order := t.order(p, f)
	if f.stretch > 0 {
		return t.search(ctx, q, org, p, f, place, order)
	}
	if err := t.startAt(p, place, &f); err != nil {
		return nil, "", err
	}
	objs, err = t.page(ctx, q, org, f, order, p.Limit+1)
	if err != nil || len(objs) <= p.Limit {
		return objs, "", err
	}
	objs = objs[:p.Limit]
	return objs, t.place(p, &objs[p.Limit-1]), nil
}

func (t *Table[T]) order(p Page, f Filter) string {
	switch {
	case p.ChangedAfter != nil:
		return "order by seq, id"
	case p.Latest:
		return "order by " + t.latest.expression + " desc, id desc"
	}
	return "order by " + f.byID() + " desc"
}

// place is where an object stands in a list.
func (t *Table[T]) place(p Page, obj *T) string {
	switch {
	case p.ChangedAfter != nil:
		return placeOf(t.Sequence(obj), t.ID(obj))
	case p.Latest:
		return placeOf(t.latest.of(obj), t.ID(obj))
	}
	return t.ID(obj)
}

func placeOf(n int64, id string) string { return strconv.FormatInt(n, 10) + " " + id }

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

// startAt lets the filter through only what lies after a place, "" being the beginning.
func (t *Table[T]) startAt(p Page, place string, f *Filter) error {
	switch {
	case place == "" && p.ChangedAfter != nil:
		f.And("seq > ?", *p.ChangedAfter)
	case place == "":
	case p.ChangedAfter != nil:
		return f.compare("seq", ">", place)
	case p.Latest:
		return f.bound(t.latest.expression, "<", place)
	default:
		f.And(f.byID()+" < ?", place)
	}
	return nil
}

// endAt lets the filter through only what lies no further than a place.
func (t *Table[T]) endAt(p Page, place string, f *Filter) error {
	switch {
	case p.ChangedAfter != nil:
		return f.compare("seq", "<=", place)
	case p.Latest:
		return f.bound(t.latest.expression, ">=", place)
	}
	f.And(f.byID()+" >= ?", place)
	return nil
}

// compare compares a number and the id of rows with a place that consists of these.
func (f *Filter) compare(number, compared, place string) error {
	n, id, err := readPlace(place)
	f.And("("+number+", id) "+compared+" (?, ?)", n, id)
	return err
}

// bound is compare for an expression. It is compared by itself too: SQLite has no use for
// an index by an expression when that is compared as one of two.
func (f *Filter) bound(expression, compared, place string) error {
	n, _, err := readPlace(place)
	f.And(expression+" "+compared[:1]+"= ?", n)
	if err != nil {
		return err
	}
	return f.compare(expression, compared, place)
}

func readPlace(place string) (n int64, id string, err error) {
	text, id, _ := strings.Cut(place, " ")
	if n, err = strconv.ParseInt(text, 10, 64); err != nil {
		return 0, "", errNoCursor()
	}
	return n, id, nil
}

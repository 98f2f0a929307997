package store

import (
	"cmp"
	"context"
	"slices"

	"parley"
	"parley/internal/database"
)

// latest is an order of the objects of a table, the greatest number first.
type latest[T any] struct {
	expression string // in SQL
	of         func(*T) int64
}

// Latest gives the table's lists another order, for [Page.Latest]: by a number, the
// greatest first. It is an expression in SQL, and of an object what of says.
func (t *Table[T]) Latest(expression string, of func(*T) int64) *Table[T] {
	t.latest = latest[T]{expression, of}
	return t
}

// together is a page put together from one of each value that a column has: see
// [Filter.Apart].
func (t *Table[T]) together(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter, place string) (objs []T, next string, err error) {
	column, values := f.apart.column, f.apart.values
	f.apart = apart{}
	for _, value := range values {
		part := f
		part.lead(column+" = ?", value)
		found, end, err := t.after(ctx, q, org, p, part, place)
		if err != nil {
			return nil, "", err
		}
		objs = append(objs, found...)
		if end != "" && (next == "" || comparePlaces(end, next) > 0) {
			next = end // beyond, this part may have more
		}
	}
	slices.SortFunc(objs, func(a, b T) int { return comparePlaces(t.place(p, &b), t.place(p, &a)) })
	if next != "" {
		objs = slices.DeleteFunc(objs, func(obj T) bool { return comparePlaces(t.place(p, &obj), next) < 0 })
	}
	if len(objs) > p.Limit {
		objs = objs[:p.Limit]
		next = t.place(p, &objs[p.Limit-1])
	}
	return objs, next, nil
}

// comparePlaces compares two places of an order by number and id.
func comparePlaces(a, b string) int {
	n, id, _ := readPlace(a)
	m, other, _ := readPlace(b)
	return cmp.Or(cmp.Compare(n, m), cmp.Compare(id, other))
}

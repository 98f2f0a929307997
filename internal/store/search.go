package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"parley"
	"parley/internal/database"
)

// How far one page of a search goes. It is ended after a stretch, so that there is a
// place to go on from.
const (
	SearchStretch = 10_000
	SearchMost    = 100_000 // rows
	SearchLong    = time.Second
)

// search is after for a filter that no index serves: see [Filter.Search].
func (t *Table[T]) search(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter, place, order string) (objs []T, next string, err error) {
	begun := time.Now()
	for read := f.stretch; ; read += f.stretch {
		all := f.part()
		if err := t.startAt(p, place, &all); err != nil {
			return nil, "", err
		}
		end, err := t.stretch(ctx, q, org, p, all, order)
		if err != nil {
			return nil, "", err
		}
		here := f
		if err := t.startAt(p, place, &here); err != nil {
			return nil, "", err
		}
		if end != "" {
			if err := t.endAt(p, end, &here); err != nil {
				return nil, "", err
			}
		}
		more, err := t.page(ctx, q, org, here, order, p.Limit+1-len(objs))
		if err != nil {
			return nil, "", err
		}
		if objs = append(objs, more...); len(objs) > p.Limit {
			objs = objs[:p.Limit]
			return objs, t.place(p, &objs[p.Limit-1]), nil
		}
		if end == "" {
			return objs, "", nil
		}
		if place = end; read >= SearchMost || time.Since(begun) > SearchLong {
			return objs, place, nil
		}
	}
}

// stretch is the place of the last row of the stretch that begins where a page does, ""
// if there is none after it.
func (t *Table[T]) stretch(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter, order string) (string, error) {
	number := "seq"
	if p.Latest {
		number = t.latest.expression
	}
	from, args := f.of(t.name, org)
	query := "select id, " + number + " from " + from + " " + order + " limit 1 offset " + strconv.Itoa(f.stretch-1)
	var id string
	var n int64
	switch err := q.QueryRow(ctx, query, args...).Scan(&id, &n); {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("search %s: %w", t.noun, err)
	case p.ChangedAfter == nil && !p.Latest:
		return id, nil
	}
	return placeOf(n, id), nil
}

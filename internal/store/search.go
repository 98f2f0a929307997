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

// search is List for a filter that no index serves: see [Filter.Search].
func (t *Table[T]) search(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter, list, order string) (objs []T, next string, err error) {
	begun := time.Now()
	for read := SearchStretch; ; read += SearchStretch {
		var all Filter
		if err := startAt(p, list, &all); err != nil {
			return nil, "", err
		}
		end, err := t.stretch(ctx, q, org, p, all, order)
		if err != nil {
			return nil, "", err
		}
		here := f
		if err := startAt(p, list, &here); err != nil {
			return nil, "", err
		}
		if end != "" {
			if err := endAt(p, end, &here); err != nil {
				return nil, "", err
			}
		}
		more, err := t.page(ctx, q, org, here, order, p.Limit+1-len(objs))
		if err != nil {
			return nil, "", err
		}
		if objs = append(objs, more...); len(objs) > p.Limit {
			objs = objs[:p.Limit]
			return objs, EncodeCursor(list, t.place(p, &objs[p.Limit-1])), nil
		}
		if end == "" {
			return objs, "", nil
		}
		p.Cursor = EncodeCursor(list, end)
		if read >= SearchMost || time.Since(begun) > SearchLong {
			return objs, p.Cursor, nil
		}
	}
}

// stretch is the place of the last row of the stretch that begins where a page does, ""
// if there is none after it.
func (t *Table[T]) stretch(ctx context.Context, q database.Querier, org parley.OrganizationID, p Page, f Filter, order string) (string, error) {
	from, args := f.of(t.name, org)
	query := "select id, seq from " + from + " " + order + " limit 1 offset " + strconv.Itoa(SearchStretch-1)
	var id string
	var seq int64
	switch err := q.QueryRow(ctx, query, args...).Scan(&id, &seq); {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("search %s: %w", t.noun, err)
	case p.ChangedAfter == nil:
		return id, nil
	}
	return strconv.FormatInt(seq, 10) + " " + id, nil
}

package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"sync/atomic"

	"parley"
	"parley/internal/database"
)

// Kept has rows kept in the database's cache, decoded and encoded. It is for tables
// of which every change gives the row a new sequence: what is kept is used only
// after the database said that the row's sequence is still the same.
func (t *Table[T]) Kept() *Table[T] {
	t.kept = true
	return t
}

// row is one that is kept. Nobody changes it.
type row[T any] struct {
	obj     T
	seq     int64
	encoded atomic.Pointer[[]byte] // nil until somebody asks for it
}

func (r *row[T]) json() []byte {
	if b := r.encoded.Load(); b != nil {
		return *b
	}
	b := encode(&r.obj)
	r.encoded.Store(&b)
	return b
}

// recall gives what is kept of a row, nil if nothing is.
func (t *Table[T]) recall(q database.Querier, org parley.OrganizationID, id string) *row[T] {
	if !t.kept {
		return nil
	}
	r, _ := q.Cache().Get(org, id).(*row[T])
	return r
}

// remember keeps an object that nobody changes any more: at once if it is committed,
// else after the commit.
func (t *Table[T]) remember(q database.Querier, org parley.OrganizationID, obj *T) {
	if !t.kept {
		return
	}
	r := &row[T]{obj: *obj, seq: t.Sequence(obj)}
	keep := func() {
		q.Cache().Put(org, t.ID(&r.obj), r, 3*weight(reflect.ValueOf(&r.obj).Elem())) // its JSON is about twice as large
	}
	if tx, ok := q.(Writer); ok {
		tx.AfterCommit(keep)
		return
	}
	keep()
}

// weight is about how many bytes a value takes.
func weight(v reflect.Value) int {
	bytes := int(v.Type().Size())
	switch v.Kind() {
	case reflect.String:
		bytes += v.Len()
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			bytes += weight(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			bytes += weight(v.Field(i))
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return bytes + v.Len()
		}
		for i := range v.Len() {
			bytes += weight(v.Index(i))
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			bytes += weight(it.Key()) + weight(it.Value())
		}
	}
	return bytes
}

// page gives rows in order, all from the cache if none has changed.
func (t *Table[T]) page(ctx context.Context, q database.Querier, org parley.OrganizationID, f Filter, order string, limit int) ([]T, error) {
	if _, changing := q.(Writer); changing || !t.kept {
		return t.query(ctx, q, org, f, order, limit)
	}
	objs, all, err := t.recallAll(ctx, q, org, f, order, limit)
	if all || err != nil {
		return objs, err
	}
	objs, err = t.query(ctx, q, org, f, order, limit)
	for i := range objs {
		t.remember(q, org, &objs[i])
	}
	return objs, err
}

// recallAll gives rows from the cache, unless one is not there as it is now.
func (t *Table[T]) recallAll(ctx context.Context, q database.Querier, org parley.OrganizationID, f Filter, order string, limit int) (objs []T, all bool, err error) {
	all = true
	err = t.each(ctx, q, org, "id, seq", f, order, limit, func(rows *sql.Rows) (more bool, err error) {
		var id string
		var seq int64
		if err := rows.Scan(&id, &seq); err != nil {
			return false, err
		}
		r := t.recall(q, org, id)
		if all = r != nil && r.seq == seq; all {
			objs = append(objs, r.obj)
		}
		return all, nil
	})
	return objs, all, err
}

// own is what a caller gets of an object that is kept: a copy inside a transaction,
// where objects are changed.
func (t *Table[T]) own(q database.Querier, obj T) T {
	if _, changing := q.(Writer); changing && t.kept {
		return t.Clone(&obj)
	}
	return obj
}

// AppendJSON adds an object to b as JSON shows it.
func (t *Table[T]) AppendJSON(b []byte, q database.Querier, org parley.OrganizationID, obj *T) []byte {
	if r := t.recall(q, org, t.ID(obj)); r != nil && r.seq == t.Sequence(obj) {
		return append(b, r.json()...)
	}
	return append(b, encode(obj)...)
}

func encode(obj any) []byte {
	b, err := parley.JSON(obj)
	if err != nil {
		panic(fmt.Sprintf("store: encode a %T: %v", obj, err)) // a noun's fields always encode
	}
	return b
}

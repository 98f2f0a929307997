// Package store keeps the rows of nouns: SQL by noun, every statement confined to
// one organization, and one generic table for every noun that is a plain row.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"parley"
	"parley/internal/database"
)

// Writer is a transaction that rows are changed in.
type Writer interface {
	database.Querier
	Exec(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// Table keeps the objects of one noun, a struct T. Its columns are T's fields by
// their JSON names ("sequence" is the column seq, `db:"-"` is none): strings,
// numbers and times as they are, everything else as JSON text. The key is
// (org_id, id), or with a parent (org_id, parent, id).
type Table[T any] struct {
	noun    string
	name    string
	parent  string
	columns []column
	names   string // "id, name, …"
}

// NewTable declares the table of a noun. It panics if T is not a struct with the
// fields id and sequence, which is a programmer's mistake.
func NewTable[T any](noun, name string) *Table[T] {
	t := &Table[T]{noun: noun, name: name, columns: columnsOf(reflect.TypeFor[T]())}
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	t.names = strings.Join(names, ", ")
	if !slices.Contains(names, "id") || !slices.Contains(names, "seq") {
		panic(fmt.Sprintf("store: %T has no id or no sequence", *new(T)))
	}
	return t
}

// Within makes the table's rows parts of an object: the column parent holds its id.
func (t *Table[T]) Within(parent string) *Table[T] {
	t.parent = parent
	return t
}

// Noun is the word for one row, in the singular.
func (t *Table[T]) Noun() string { return t.noun }

// Insert adds a row.
func (t *Table[T]) Insert(ctx context.Context, tx Writer, org parley.OrganizationID, obj *T) error {
	args := make([]any, 1, len(t.columns)+1)
	args[0] = string(org)
	v := reflect.ValueOf(obj).Elem()
	for _, c := range t.columns {
		args = append(args, c.value(v))
	}
	query := "insert into " + t.name + " (org_id, " + t.names + ") values " + placeholders(1, len(args))
	if _, err := tx.Exec(ctx, query, args...); err != nil {
		return fmt.Errorf("insert %s: %w", t.noun, err)
	}
	return nil
}

// Update writes the columns in which after differs from before, and no others.
func (t *Table[T]) Update(ctx context.Context, tx Writer, org parley.OrganizationID, before, after *T) error {
	old, now := reflect.ValueOf(before).Elem(), reflect.ValueOf(after).Elem()
	var set []string
	var args []any
	var id any
	for _, c := range t.columns {
		value := c.value(now)
		if c.name == "id" {
			id = value
		} else if value != c.value(old) {
			args = append(args, value)
			set = append(set, c.name+" = $"+strconv.Itoa(len(args)))
		}
	}
	if len(set) == 0 {
		return nil
	}
	key := t.key(len(args) + 1)
	args = append(args, string(org))
	if t.parent != "" {
		args = append(args, t.parentOf(now))
	}
	query := "update " + t.name + " set " + strings.Join(set, ", ") + " where " + key
	if _, err := tx.Exec(ctx, query, append(args, id)...); err != nil {
		return fmt.Errorf("update %s: %w", t.noun, err)
	}
	return nil
}

// Delete removes a row; removing an absent one is no error. The last of id is the
// row's, before it stands its parent's if the table has one.
func (t *Table[T]) Delete(ctx context.Context, tx Writer, org parley.OrganizationID, id ...string) error {
	_, err := tx.Exec(ctx, "delete from "+t.name+" where "+t.key(1), keyArgs(org, id)...)
	if err != nil {
		return fmt.Errorf("delete %s: %w", t.noun, err)
	}
	return nil
}

// Get reads one row; absent, or another organization's, it is a NotFound error.
// The ids are as in Delete.
func (t *Table[T]) Get(ctx context.Context, q database.Querier, org parley.OrganizationID, id ...string) (T, error) {
	row := q.QueryRow(ctx, "select "+t.names+" from "+t.name+" where "+t.key(1), keyArgs(org, id)...)
	obj, err := t.scan(row)
	if errors.Is(err, sql.ErrNoRows) {
		return obj, parley.Missing(t.noun, id[len(id)-1])
	}
	if err != nil {
		return obj, fmt.Errorf("get %s: %w", t.noun, err)
	}
	return obj, nil
}

// Find reads the first row, by id, that the filter lets through.
func (t *Table[T]) Find(ctx context.Context, q database.Querier, org parley.OrganizationID, f Filter) (obj T, found bool, err error) {
	rows, err := t.query(ctx, q, org, f, "order by id", 1)
	if err != nil || len(rows) == 0 {
		return obj, false, err
	}
	return rows[0], true, nil
}

// Count counts the rows that the filter lets through, up to limit.
func (t *Table[T]) Count(ctx context.Context, q database.Querier, org parley.OrganizationID, f Filter, limit int) (n int, err error) {
	where, args := f.SQL(org)
	query := "select count(*) from (select 1 from " + t.name + where + " limit " + strconv.Itoa(limit) + ") as found"
	if err := q.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count %s: %w", t.noun, err)
	}
	return n, nil
}

func (t *Table[T]) query(ctx context.Context, q database.Querier, org parley.OrganizationID, f Filter, order string, limit int) (_ []T, err error) {
	where, args := f.SQL(org)
	query := "select " + t.names + " from " + t.name + where + " " + order + " limit " + strconv.Itoa(limit)
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", t.noun, err)
	}
	defer rows.Close()
	objs := make([]T, 0, min(limit, 64))
	for rows.Next() {
		obj, err := t.scan(rows)
		if err != nil {
			return nil, fmt.Errorf("list %s: %w", t.noun, err)
		}
		objs = append(objs, obj)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("list %s: %w", t.noun, err)
	}
	return objs, nil
}

func (t *Table[T]) scan(row interface{ Scan(...any) error }) (obj T, err error) {
	v := reflect.ValueOf(&obj).Elem()
	targets := make([]any, len(t.columns))
	for i, c := range t.columns {
		targets[i] = c.target(v)
	}
	return obj, row.Scan(targets...)
}

// key is the condition that names one row, with placeholders from $n on.
func (t *Table[T]) key(n int) string {
	if t.parent == "" {
		return fmt.Sprintf("org_id = $%d and id = $%d", n, n+1)
	}
	return fmt.Sprintf("org_id = $%d and %s = $%d and id = $%d", n, t.parent, n+1, n+2)
}

func (t *Table[T]) parentOf(v reflect.Value) any {
	for _, c := range t.columns {
		if c.name == t.parent {
			return c.value(v)
		}
	}
	panic("store: " + t.name + " has no column " + t.parent)
}

func keyArgs(org parley.OrganizationID, id []string) []any {
	args := []any{string(org)}
	for _, i := range id {
		args = append(args, i)
	}
	return args
}

func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString([...]string{"($", ", $"}[min(i, 1)])
		b.WriteString(strconv.Itoa(from + i))
	}
	b.WriteByte(')')
	return b.String()
}

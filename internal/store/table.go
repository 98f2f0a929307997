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
	Queue(ctx context.Context, query string, args ...any)
	AfterCommit(fn func())
	Count(objects, storage int64)
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
	kept    bool   // see Kept
	latest  latest[T]

	// Statements.
	insert, get, getSequence, delete string
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
	t.prepare()
	if !slices.Contains(names, "id") || !slices.Contains(names, "seq") {
		panic(fmt.Sprintf("store: %T has no id or no sequence", *new(T)))
	}
	return t
}

// Within makes the table's rows parts of an object: the column parent holds its id.
func (t *Table[T]) Within(parent string) *Table[T] {
	t.parent = parent
	t.prepare()
	return t
}

// prepare writes down the statements that are always the same.
func (t *Table[T]) prepare() {
	where := " from " + t.name + " where " + t.key(1)
	t.insert = "insert into " + t.name + " (org_id, " + t.names + ") values " + database.Values(1, len(t.columns)+1, 1)
	t.get, t.getSequence, t.delete = "select "+t.names+where, "select seq"+where, "delete"+where
}

// Noun is the word for one row, in the singular.
func (t *Table[T]) Noun() string { return t.noun }

// Insert adds a row, which counts as one of the organization's objects. Like all changes of a table it is queued: see [database.Tx.Queue].
func (t *Table[T]) Insert(ctx context.Context, tx Writer, org parley.OrganizationID, obj *T) {
	args := make([]any, 1, len(t.columns)+1)
	args[0] = string(org)
	v := reflect.ValueOf(obj).Elem()
	for _, c := range t.columns {
		args = append(args, c.value(v))
	}
	tx.Queue(ctx, t.insert, args...)
	tx.Count(1, 0)
}

// Update writes the columns in which after differs from before, and no others. If the
// table's rows are [Table.Kept], before must have been read in the same transaction,
// and the lists and maps of after must not be changed any more.
func (t *Table[T]) Update(ctx context.Context, tx Writer, org parley.OrganizationID, before, after *T) {
	old, now := reflect.ValueOf(before).Elem(), reflect.ValueOf(after).Elem()
	query := make([]byte, 0, 256)
	query = append(append(append(query, "update "...), t.name...), " set "...)
	args := make([]any, 0, 8)
	for _, c := range t.columns {
		if c.name == "id" || c.same(old, now) {
			continue
		}
		if len(args) > 0 {
			query = append(query, ", "...)
		}
		args = append(args, c.value(now))
		query = strconv.AppendInt(append(append(query, c.name...), " = $"...), int64(len(args)), 10)
	}
	if len(args) == 0 {
		return
	}
	query = append(append(query, " where "...), t.key(len(args)+1)...)
	args = append(args, string(org))
	if t.parent != "" {
		args = append(args, t.field(after, t.parent).String())
	}
	tx.Queue(ctx, string(query), append(args, t.ID(after))...)
	t.remember(tx, org, after)
}

// Delete removes a row, which must be there. The last of id is the
// row's, before it stands its parent's if the table has one.
func (t *Table[T]) Delete(ctx context.Context, tx Writer, org parley.OrganizationID, id ...string) {
	tx.Queue(ctx, t.delete, keyArgs(org, id)...)
	tx.Count(-1, 0)
}

// Get reads one row; absent, or another organization's, it is a NotFound error.
// The ids are as in Delete. Outside of a transaction its lists and maps are shared:
// do not change them.
func (t *Table[T]) Get(ctx context.Context, q database.Querier, org parley.OrganizationID, id ...string) (obj T, err error) {
	if kept := t.recall(q, org, id[len(id)-1]); kept != nil {
		var seq int64
		err = q.QueryRow(ctx, t.getSequence, keyArgs(org, id)...).Scan(&seq)
		if err == nil && seq == kept.seq {
			return t.own(q, kept.obj), nil
		}
	}
	if err == nil {
		obj, err = t.scan(q.QueryRow(ctx, t.get, keyArgs(org, id)...))
	}
	if errors.Is(err, sql.ErrNoRows) {
		return obj, parley.Missing(t.noun, id[len(id)-1])
	}
	if err != nil {
		return obj, fmt.Errorf("get %s: %w", t.noun, err)
	}
	t.remember(q, org, &obj)
	return t.own(q, obj), nil
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
	from, args := f.of(t.name, org)
	query := "select count(*) from (select 1 from " + from + " limit " + strconv.Itoa(limit) + ") as found"
	if err := q.QueryRow(ctx, query, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count %s: %w", t.noun, err)
	}
	return n, nil
}

// CheckRoom refuses one more row where the filter lets most through already: owner is
// who can have no more, at the beginning of a sentence.
func (t *Table[T]) CheckRoom(ctx context.Context, q database.Querier, org parley.OrganizationID, f Filter, most int, owner string) error {
	count, err := t.Count(ctx, q, org, f, most)
	if err != nil || count < most {
		return err
	}
	return parley.Errorf(parley.Conflict, "%s can have %d %s: delete one first.", owner, most, t.name)
}

func (t *Table[T]) query(ctx context.Context, q database.Querier, org parley.OrganizationID, f Filter, order string, limit int) ([]T, error) {
	objs := make([]T, 0, min(limit, 64))
	err := t.each(ctx, q, org, t.names, f, order, limit, func(rows *sql.Rows) (more bool, err error) {
		obj, err := t.scan(rows)
		objs = append(objs, obj)
		return true, err
	})
	return objs, err
}

// each gives a function one row after another, as long as it wants more.
func (t *Table[T]) each(ctx context.Context, q database.Querier, org parley.OrganizationID, columns string, f Filter, order string, limit int, do func(*sql.Rows) (more bool, err error)) error {
	from, args := f.of(t.name, org)
	query := "select " + columns + " from " + from + " " + order + " limit " + strconv.Itoa(limit)
	rows, err := q.Query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("list %s: %w", t.noun, err)
	}
	defer rows.Close()
	for more := true; more && rows.Next(); {
		if more, err = do(rows); err != nil {
			return fmt.Errorf("list %s: %w", t.noun, err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("list %s: %w", t.noun, err)
	}
	return nil
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
	text := "org_id = $" + strconv.Itoa(n)
	if t.parent != "" {
		n++
		text += " and " + t.parent + " = $" + strconv.Itoa(n)
	}
	return text + " and id = $" + strconv.Itoa(n+1)
}

func keyArgs(org parley.OrganizationID, id []string) []any {
	args := []any{string(org)}
	for _, i := range id {
		args = append(args, i)
	}
	return args
}

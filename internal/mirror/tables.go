package mirror

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"parley/internal/database"
)

// tables are a target in an SQL database: a table for each noun.
type tables struct {
	pool   *sql.DB
	engine database.Engine
	prefix string
	log    *table // of events
	of     map[*Noun]*table
	turn   int64 // counts what was committed, so that a second mirror is noticed
}

func newTables(pool *sql.DB, engine database.Engine, prefix string) *tables {
	return &tables{pool: pool, engine: engine, prefix: prefix}
}

func (t *tables) compares() bool { return true }

func (t *tables) close() error { return t.pool.Close() }

func (t *tables) book() string { return quoted(t.prefix + "parley_mirror") }

// load implements target. What it makes and the note of that are one transaction.
func (t *tables) load(ctx context.Context, nouns []*Noun) (*state, error) {
	t.of = map[*Noun]*table{}
	for _, n := range nouns {
		t.of[n] = newTable(t.engine, t.prefix, n)
	}
	t.log = newTable(t.engine, t.prefix, eventsTable())

	tx, err := t.pool.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("prepare the target: %w", err)
	}
	s, turn, err := t.prepare(ctx, tx, nouns)
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		_ = tx.Rollback() // the reason is what counts
		return nil, fmt.Errorf("prepare the target: %w", err)
	}
	t.turn = turn
	return s, nil
}

func (t *tables) prepare(ctx context.Context, tx *sql.Tx, nouns []*Noun) (s *state, turn int64, err error) {
	for _, statement := range []string{
		"create table if not exists " + t.book() + " (id bigint not null primary key, turn bigint not null, state text not null)",
		"insert into " + t.book() + " (id, turn, state) values (1, 0, '{}') on conflict (id) do nothing",
		"update " + t.book() + " set turn = turn + 1 where id = 1",
	} {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return nil, 0, err
		}
	}
	var text string
	if err := tx.QueryRowContext(ctx, "select turn, state from "+t.book()+" where id = 1").Scan(&turn, &text); err != nil {
		return nil, 0, err
	}
	s = &state{}
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return nil, 0, err
	}
	if err := t.make(ctx, tx, s, t.log); err != nil {
		return nil, 0, err
	}
	for _, n := range nouns {
		if err := t.make(ctx, tx, s, t.of[n]); err != nil {
			return nil, 0, err
		}
	}
	_, err = tx.ExecContext(ctx, "update "+t.book()+" set state = $1 where id = 1", encoded(s))
	return s, turn, err
}

// make makes a table, or the columns that it lacks. It leaves alone what somebody else
// has made.
func (t *tables) make(ctx context.Context, tx *sql.Tx, s *state, one *table) error {
	if !slices.Contains(s.Made, one.noun.Name) {
		there, err := t.columns(ctx, tx, one)
		if err != nil {
			return fmt.Errorf("look for the table %s: %w", one.name, err)
		}
		if len(there) > 0 {
			return fmt.Errorf("there is a table %s that no mirror has made: name another database, or begin the names with something else (--prefix)", one.name)
		}
		s.Made = append(s.Made, one.noun.Name)
	}
	for _, statement := range one.create {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("make the table %s: %w", one.name, err)
		}
	}
	there, err := t.columns(ctx, tx, one)
	if err != nil {
		return fmt.Errorf("look at the table %s: %w", one.name, err)
	}
	for _, c := range one.noun.Columns {
		if slices.Contains(there, c.Name) {
			continue
		}
		if _, err := tx.ExecContext(ctx, "alter table "+one.name+" add column "+one.declare(c)); err != nil {
			return fmt.Errorf("add the column %s to the table %s: %w", c.Name, one.name, err)
		}
	}
	return nil
}

// columns are those that a table has: none if there is no table.
func (t *tables) columns(ctx context.Context, tx *sql.Tx, one *table) (names []string, err error) {
	rows, err := tx.QueryContext(ctx, t.engine.Columns(), t.prefix+one.noun.Name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}

// commit implements target.
func (t *tables) commit(ctx context.Context, b *batch, s *state) error {
	tx, err := t.pool.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write to the target: %w", err)
	}
	w := &writing{ctx: ctx, tx: tx}
	// First, so that a second mirror waits here until this one is done.
	if w.run("update "+t.book()+" set turn = turn + 1, state = $1 where id = 1 and turn = $2", encoded(s), t.turn) != 1 && w.err == nil {
		w.err = errTaken
	}
	for _, c := range b.changes {
		t.of[c.noun].write(w, t, c)
	}
	if len(b.events) > 0 {
		w.run(t.log.insert, encoded(b.events))
	}
	if len(b.rewritten) > 0 {
		w.run(t.log.rewrite, encoded(b.rewritten))
	}
	if w.err != nil {
		_ = tx.Rollback() // the reason is what counts
		return fmt.Errorf("write to the target: %w", w.err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("write to the target: %w", err)
	}
	t.turn++
	return nil
}

// writing is a transaction and its first error, after which nothing is done.
type writing struct {
	ctx context.Context
	tx  *sql.Tx
	err error
}

// run runs a statement and tells how many rows it changed.
func (w *writing) run(statement string, args ...any) int64 {
	if w.err != nil {
		return 0
	}
	result, err := w.tx.ExecContext(w.ctx, statement, args...)
	if err == nil {
		var n int64
		n, err = result.RowsAffected()
		w.err = err
		return n
	}
	w.err = err
	return 0
}

func encoded(v any) string {
	text, _ := json.Marshal(v) // texts, numbers and JSON that was read: cannot fail
	return string(text)
}

package mirror_test

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"parley/cmd/parley/client"
	"parley/internal/database"
	"parley/internal/mirror"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// objects are the rows of a noun by id, as JSON values.
type objects map[string]map[string]any

// kept is a target, and what can be read of it: the objects of each noun, and the ids
// of the events in order.
type kept struct {
	to     string
	read   func(t *testing.T, n *mirror.Noun) objects
	events func(t *testing.T) []string
}

// eachTarget runs a test on every kind of target.
func eachTarget(t *testing.T, body func(t *testing.T, k kept)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		body(t, inTables(t, "sqlite:"+filepath.Join(t.TempDir(), "copy.db")))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		// Parley's own tables are there under the same names.
		body(t, inTables(t, inSchema(t, dbtest.PostgresURL(t))))
	})
	t.Run("jsonl", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		body(t, kept{
			"jsonl:" + dir,
			func(t *testing.T, n *mirror.Noun) objects { return folded(t, dir, n) },
			func(t *testing.T) []string {
				var ids []string
				eachLine(t, filepath.Join(dir, "events.jsonl"), func(line []byte) {
					ids = append(ids, value(t, line).(map[string]any)["id"].(string))
				})
				return ids
			},
		})
	})
}

// inSchema makes a schema for the copy and gives the URL that finds it.
func inSchema(t *testing.T, url string) string {
	t.Helper()
	pool := opened(t, url)
	if _, err := pool.Exec("create schema copy"); err != nil {
		t.Fatal(err)
	}
	return url + "&search_path=copy"
}

func opened(t *testing.T, url string) *sql.DB {
	t.Helper()
	pool, _, err := database.OpenOutside(t.Context(), url)
	if err != nil {
		t.Fatalf("open the target: %v", err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

func inTables(t *testing.T, url string) kept {
	t.Helper()
	pool := opened(t, url)
	return kept{
		url,
		func(t *testing.T, n *mirror.Noun) objects { return selected(t, pool, n) },
		func(t *testing.T) (ids []string) {
			rows, err := pool.QueryContext(t.Context(), "select id from events order by sequence")
			if err != nil {
				t.Fatalf("read the events: %v", err)
			}
			defer rows.Close()
			for rows.Next() {
				var id string
				if err := rows.Scan(&id); err != nil {
					t.Fatal(err)
				}
				ids = append(ids, id)
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			return ids
		},
	}
}

// selected reads a noun's table.
func selected(t *testing.T, pool *sql.DB, n *mirror.Noun) objects {
	t.Helper()
	var names []string
	for _, c := range n.Columns {
		names = append(names, `"`+c.Name+`"`)
	}
	rows, err := pool.QueryContext(t.Context(), "select "+strings.Join(names, ", ")+" from "+n.Name)
	if err != nil {
		t.Fatalf("read the %s: %v", n.Name, err)
	}
	defer rows.Close()
	all := objects{}
	for rows.Next() {
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		object := map[string]any{}
		for i, c := range n.Columns {
			object[c.Name] = asJSON(t, c, *values[i].(*any))
		}
		all[object["id"].(string)] = object
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// asJSON is a column's value as the API would show it.
func asJSON(t *testing.T, c mirror.Column, v any) any {
	t.Helper()
	if b, ok := v.([]byte); ok {
		v = string(b)
	}
	switch v := v.(type) {
	case nil, bool:
		return v
	case time.Time:
		return v.UTC().Format("2006-01-02T15:04:05.000Z")
	case int64:
		if c.Kind == mirror.Boolean {
			return v == 1
		}
		return json.Number(fmt.Sprint(v))
	case string:
		if c.Kind == mirror.JSON {
			return value(t, []byte(v))
		}
		return v
	}
	t.Fatalf("%s is a %T", c.Name, v)
	return nil
}

func value(t *testing.T, text []byte) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// folded reads a noun's file as its reader would.
func folded(t *testing.T, dir string, n *mirror.Noun) objects {
	t.Helper()
	all := objects{}
	sequence := func(o map[string]any) int64 {
		at, _ := o["sequence"].(json.Number).Int64()
		return at
	}
	eachLine(t, filepath.Join(dir, n.Name+".jsonl"), func(line []byte) {
		for op, v := range value(t, line).(map[string]any) {
			switch op {
			case "clear":
				all = objects{}
			case "put":
				o := v.(map[string]any)
				if old := all[o["id"].(string)]; old == nil || sequence(old) <= sequence(o) {
					all[o["id"].(string)] = o
				}
			case "touch":
				o := v.(map[string]any)
				if old := all[o["id"].(string)]; old != nil && sequence(old) < sequence(o) {
					for name, v := range o {
						old[name] = v
					}
				}
			case "delete":
				delete(all, v.(string))
			case "delete_in":
				for id, o := range all {
					if o["conversation_id"] == v {
						delete(all, id)
					}
				}
			default:
				t.Fatalf("a line says %s", op)
			}
		}
	})
	for _, o := range all {
		for _, c := range n.Columns {
			if _, ok := o[c.Name]; !ok {
				o[c.Name] = nil
			}
		}
	}
	return all
}

func eachLine(t *testing.T, path string, do func(line []byte)) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewReader(file)
	for {
		line, err := lines.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if len(line) > 0 {
				t.Errorf("%s ends within a line", path)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		do(line)
	}
}

// source is the house as a mirror asks it.
func source(t *testing.T, h *house.House) mirror.Source {
	t.Helper()
	c, err := client.New(h.URL, h.Secret)
	if err != nil {
		t.Fatal(err)
	}
	return client.Source{Client: c}
}

// catchUp runs a mirror until the target is as the source is now.
func catchUp(t *testing.T, h *house.House, to string, change ...func(*mirror.Options)) {
	t.Helper()
	o := mirror.Options{Source: source(t, h), To: to, Once: true, Note: func(text string) { t.Log(text) }}
	for _, c := range change {
		c(&o)
	}
	if err := mirror.Run(t.Context(), o); err != nil {
		t.Fatalf("mirror: %v", err)
	}
}

// equal fails the test unless the target has exactly what the source has.
func equal(t *testing.T, h *house.House, k kept) {
	t.Helper()
	checkObjects(t, h, k)
	checkEvents(t, h, k, nil)
}

func checkObjects(t *testing.T, h *house.House, k kept, except ...string) {
	t.Helper()
	s := source(t, h)
	for _, n := range mirror.Nouns() {
		if slices.Contains(except, n.Name) {
			continue
		}
		want, got := objects{}, k.read(t, n)
		mirror.EachObject(t.Context(), s, n, func(object json.RawMessage) {
			o := value(t, object).(map[string]any)
			for _, name := range mirror.Without(n) {
				delete(o, name)
			}
			for _, c := range n.Columns {
				if _, ok := o[c.Name]; !ok {
					o[c.Name] = nil
				}
			}
			want[o["id"].(string)] = o
		}, func(err error) { t.Fatalf("list the %s: %v", n.Name, err) })
		if !reflect.DeepEqual(want, got) { // which is quicker to tell
			t.Errorf("the target's %s differ (-source +target):\n%.3000s", n.Name, cmp.Diff(want, got))
		}
	}
}

// checkEvents fails the test unless the target has every event of the log once, and
// before those the ones that the log no longer keeps.
func checkEvents(t *testing.T, h *house.House, k kept, before []string) {
	t.Helper()
	want := slices.Clone(before)
	for after := int64(0); ; {
		events := h.Events(after)
		if len(events) == 0 {
			break
		}
		for _, e := range events {
			want = append(want, string(e.ID))
			after = e.Sequence
		}
	}
	if diff := cmp.Diff(want, k.events(t)); diff != "" {
		t.Errorf("the target's events differ (-log +target):\n%.2000s", diff)
	}
}

// run starts a mirror that tells when it ended, and gives what stops it and waits for
// its end.
func run(t *testing.T, o mirror.Options, ended func()) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() {
		defer ended()
		result <- mirror.Run(ctx, o)
	}()
	return func() {
		t.Helper()
		cancel()
		if err := <-result; err != nil {
			t.Errorf("mirror: %v", err)
		}
	}
}

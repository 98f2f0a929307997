package database

import (
	"io/fs"
	"strings"
	"testing"
)

// The schemas of both engines are one, but for what only one of them knows: whoever
// adds a column to the one and forgets the other hears of it here.
func TestBothEnginesHaveTheSameSchema(t *testing.T) {
	t.Parallel()
	onlySQLite := strings.NewReplacer(") without rowid;", ");")
	names, err := fs.Glob(migrations, "migrations/sqlite/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d migrations (%v)", len(names), err)
	}
	others, err := fs.Glob(migrations, "migrations/postgres/*.sql")
	if err != nil || len(others) != len(names) {
		t.Errorf("SQLite has %d migrations, PostgreSQL %d (%v)", len(names), len(others), err)
	}
	for _, name := range names {
		other := strings.Replace(name, "/sqlite/", "/postgres/", 1)
		if onlySQLite.Replace(read(t, name)) != read(t, other) {
			t.Errorf("%s and %s differ", name, other)
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := fs.ReadFile(migrations, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

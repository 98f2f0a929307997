package database_test

import (
	"testing"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

func TestPlaceholderLists(t *testing.T) {
	t.Parallel()
	for got, want := range map[string]string{
		database.In(1, 1):           "($1)",
		database.In(3, 3):           "($3,$4,$5)",
		database.Values(2, 3, 1):    "($1,$2,$3),($4,$5,$6)",
		database.Values(1, 2, 9):    "($9,$10)",
		database.SQLite.String():    "sqlite",
		database.Postgres.String():  "postgres",
		database.SQLite.ForUpdate(): "",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestStartsWithFindsPrefixesInAnyCase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		exec(t, db, `create table names (name text not null)`)
		for _, name := range []string{"Ann", "ANNE", "Bo", "100% wool", "100 sheep", "a_b", "axb", `back\slash`} {
			exec(t, db, `insert into names (name) values ($1)`, name)
		}
		for typed, want := range map[string]int{
			"ann": 2, "AN": 2, "100%": 1, "a_": 1, `back\`: 1, "": 8, "nn": 0,
		} {
			var n int
			err := db.Read().QueryRow(ctx, `select count(*) from names where `+database.StartsWith("name", 1), database.Prefix(typed)).Scan(&n)
			if err != nil || n != want {
				t.Errorf("%q finds %d names, want %d; error %v", typed, n, want, err)
			}
		}
	})
}

func TestLockingSelects(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		withLines(t, db, acme, other)
		for _, suffix := range []string{db.Engine().ForUpdate(), db.Engine().SkipLocked()} {
			var id string
			err := recordRow(db, `select id from organizations where id in `+database.In(2, 1)+` order by id limit 1`+suffix,
				[]any{acme, other}, &id)
			if err != nil || id != string(acme) {
				t.Errorf("locked %q, error %v", id, err)
			}
		}
	})
}

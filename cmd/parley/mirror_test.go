package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/cmd/parley/client"
	"parley/internal/database"
	"parley/internal/mirror"
	"parley/internal/sandbox"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

func TestMain(m *testing.M) {
	if sandbox.IsChild() {
		sandbox.Child()
	}
	m.Run()
}

// Whatever can happen is followed: a target that saw it happen has what one has that
// is made afterwards.
func TestMirrorsFollowWhateverHappens(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	h.Erase(t)
	api, err := client.New(h.URL, h.Secret)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	followed, copied := "sqlite:"+filepath.Join(dir, "followed.db"), "sqlite:"+filepath.Join(dir, "copied.db")
	caughtUp := make(chan int64, 10_000)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- mirror.Run(ctx, mirror.Options{Source: client.Source{Client: api}, To: followed, Tell: func(p mirror.Progress) {
			if p.Step == mirror.Following {
				caughtUp <- p.Place
			}
		}})
	}()
	<-caughtUp
	for _, name := range slices.Sorted(maps.Keys(triggers())) {
		if _, err := triggers()[name](&stage{ctx: t.Context(), api: api}); err != nil {
			t.Errorf("trigger %s: %v", name, err)
		}
	}
	head := h.Head()
	for at := int64(0); at < head; {
		select {
		case at = <-caughtUp:
		case err := <-ended:
			t.Fatalf("mirror: %v", err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("mirror: %v", err)
	}

	var out bytes.Buffer
	env := map[string]string{"PARLEY_URL": h.URL, "PARLEY_API_KEY": h.Secret}
	if err := run(t.Context(), []string{"mirror", "--once", "--to", copied}, func(name string) string { return env[name] }, &out, &out); err != nil {
		t.Fatalf("parley mirror: %v", err)
	}
	if want := fmt.Sprintf("The target is as the organization was at sequence %d.\n", head); !strings.HasSuffix(out.String(), want) {
		t.Errorf("parley mirror said %q", out.String())
	}
	for _, n := range append(mirror.Nouns(), &mirror.Noun{Name: "events"}) {
		if got, want := table(t, followed, n.Name), table(t, copied, n.Name); !reflect.DeepEqual(got, want) {
			t.Errorf("the %s that were followed are\n%q, and were copied as\n%q", n.Name, got, want)
		}
	}
}

// table is what a table holds, a text for each row.
func table(t *testing.T, url, name string) []string {
	t.Helper()
	pool, _, err := database.OpenOutside(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	rows, err := pool.QueryContext(t.Context(), "select * from "+name+" order by id")
	return dbtest.Texts(t, rows, err)
}

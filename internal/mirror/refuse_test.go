package mirror_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/mirror"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// refused fails the test unless the mirror ends with an error that has a text in it.
func refused(t *testing.T, o mirror.Options, text string) {
	t.Helper()
	o.Once = true
	err := mirror.Run(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), text) {
		t.Errorf("mirror: %v, want %q", err, text)
	}
}

func TestForeignTargetsAreRefused(t *testing.T) {
	t.Parallel()
	eachTarget(t, func(t *testing.T, k kept) {
		h := house.New(t)
		catchUp(t, h, k.to)
		other := h.AddOrganization(t)
		refused(t, mirror.Options{Source: source(t, &house.House{URL: h.URL, Client: other}), To: k.to}, "the copy of another organization")

		h.Make("/v1/contacts", `{"name":"Ada"}`)
		catchUp(t, h, k.to)
		h.Make("/v1/events", `{"type":"custom.later"}`)
		forgetNewest(t, h)
		forgetNewest(t, h)
		refused(t, mirror.Options{Source: source(t, h), To: k.to}, "restored from a backup")
		h.Make("/v1/contacts", `{"name":"Another"}`)
		h.Make("/v1/contacts", `{"name":"Another"}`)
		refused(t, mirror.Options{Source: source(t, h), To: k.to}, "restored from a backup")
	})
}

// What somebody else has made is left alone: Parley's own tables too.
func TestTablesAndFilesOfOthersAreLeftAlone(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	own := dbtest.PostgresURL(t)
	refused(t, mirror.Options{Source: source(t, h), To: own}, `a table "events" that no mirror has made`)
	pool := opened(t, own)
	var n int
	if err := pool.QueryRow("select count(*) from pg_class where relname = 'parley_mirror'").Scan(&n); err != nil || n > 0 {
		t.Errorf("%d tables are left, %v", n, err)
	}
	dir := t.TempDir()
	mine := filepath.Join(dir, "contacts.jsonl")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused(t, mirror.Options{Source: source(t, h), To: "jsonl:" + dir}, "a file contacts.jsonl that no mirror has made")
	if text, err := os.ReadFile(mine); err != nil || string(text) != "mine" {
		t.Errorf("the file has %q, %v", text, err)
	}
	catchUp(t, h, "jsonl:"+dir, func(o *mirror.Options) { o.Prefix = "copy_" })
	catchUp(t, h, own, func(o *mirror.Options) { o.Prefix = "Copy_" })
	catchUp(t, h, own, func(o *mirror.Options) { o.Prefix = "Copy_" })
}

func TestWhatCannotBeMirroredSaysWhy(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	s := source(t, h)
	dir := t.TempDir()
	refused(t, mirror.Options{Source: s, To: "mysql://localhost/x"}, `must be postgres://…, sqlite:FILE or jsonl:FOLDER, not "mysql:…"`)
	refused(t, mirror.Options{Source: s, To: "sqlite:"}, "must be postgres://")
	refused(t, mirror.Options{Source: s, To: "sqlite:" + dir}, "cannot be written to")
	refused(t, mirror.Options{Source: s, To: "sqlite:" + filepath.Join(dir, "x"), Except: []string{"contact"}}, `there is no "contact"; did you mean "contacts"?`)
	narrow := h.Key("organization:read", "events:read", "users:read", "teams:read")
	refused(t, mirror.Options{Source: source(t, &house.House{URL: h.URL, Client: narrow}), To: "sqlite:" + filepath.Join(dir, "y")}, "inboxes:read")
	refused(t, mirror.Options{Source: source(t, &house.House{URL: h.URL, Client: h.With("nonsense")}), To: "sqlite:" + filepath.Join(dir, "z")}, "401")
}

// Of two mirrors with one target, one ends.
func TestTwoMirrorsDoNotShareATarget(t *testing.T) {
	t.Parallel()
	eachTarget(t, func(t *testing.T, k kept) {
		h := house.New(t)
		caught := make(chan struct{}, 1)
		o := mirror.Options{Source: source(t, h), To: k.to, Tell: func(p mirror.Progress) {
			if p.CaughtUp {
				select {
				case caught <- struct{}{}:
				default:
				}
			}
		}}
		first := make(chan error, 1)
		go func() { first <- mirror.Run(t.Context(), o) }()
		<-caught
		catchUp(t, h, k.to)
		h.Make("/v1/events", `{"type":"custom.n"}`)
		if err := <-first; err == nil || !strings.Contains(err.Error(), "another `parley mirror`") {
			t.Errorf("the first mirror: %v", err)
		}
		catchUp(t, h, k.to)
		equal(t, h, k)
	})
}

// A database that is away for a while is waited for.
func TestTargetsMayBeAway(t *testing.T) {
	t.Parallel()
	server := dbtest.StartPostgres(t)
	h := house.New(t)
	places := make(chan int64, 100)
	waits := make(chan string, 100)
	o := mirror.Options{
		Source: source(t, h), To: server.URL("postgres"),
		Tell: func(p mirror.Progress) {
			if p.CaughtUp {
				places <- p.Place
			}
		},
		Note: func(text string) { waits <- text },
	}
	stop := run(t, o, func() {
		close(places)
		close(waits)
	})
	<-places
	server.Stop(t)
	h.Make("/v1/events", `{"type":"custom.n"}`)
	if text := <-waits; !strings.Contains(text, "trying again in") {
		t.Errorf("the note is %q", text)
	}
	server.Start(t)
	head, at, goesOn := h.Head(), int64(0), true
	for goesOn && at < head {
		at, goesOn = <-places
	}
	stop()
	equal(t, h, inTables(t, server.URL("postgres")))
}

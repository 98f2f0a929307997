package api_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"

	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

var (
	fuzzSeed     = flag.Uint64("seed", 0, "send the requests of this seed; 0: of one that is told if a test fails")
	fuzzRequests = flag.Int("requests", 100, "how many requests to send to each operation")
)

const (
	perOrganization = 100              // requests, before the next begins with everything in place again
	answerLimit     = 30 * time.Second // on a busy machine; whatever takes longer hangs
)

// fuzzer sends an organization's requests, and watches for what they may never bring
// about: a status of 5xx, an answer that the document does not declare, no answer at
// all, or anything of another organization.
type fuzzer struct {
	house      *house.House
	operations []target
	kinds      map[string][]string
	secret     secret
}

func newFuzzer(t testing.TB, h *house.House) *fuzzer {
	t.Helper()
	document, err := openapi3.NewLoader().LoadFromData(h.With("").Get("/openapi.json").Body)
	if err != nil {
		t.Fatal(err)
	}
	z := &fuzzer{house: h, kinds: map[string][]string{}}
	for _, op := range operations(t, h.Client) {
		z.operations = append(z.operations, target{op, document.Paths.Value(op.path).GetOperation(op.method)})
	}
	for name, id := range furnish(t, h.AddOrganization(t)).whole().ids {
		prefix, rest, _ := strings.Cut(id, "_")
		if len(rest) == 26 {
			z.kinds[prefix] = append(z.kinds[prefix], name)
		}
	}
	for _, names := range z.kinds {
		slices.Sort(names)
	}
	z.secret = z.fill(t)
	return z
}

func (z *fuzzer) newClient(t testing.TB) *client {
	return &client{fixture: furnish(t, z.house.AddOrganization(t)), kinds: z.kinds, foreign: z.secret.ids}
}

// attack sends one request and tells what is wrong with its answer.
func (z *fuzzer) attack(t testing.TB, c *client, by *choices, op target) (sent attempt, wrong string) {
	t.Helper()
	sent = c.request(by, op)
	ctx, cancel := context.WithTimeout(t.Context(), answerLimit)
	defer cancel()
	got, err := c.Try(ctx, sent.method, sent.path, []byte(sent.body), sent.header...)
	switch {
	case got == nil:
		return sent, "there is no answer: " + err.Error()
	case got.Status >= 500:
		return sent, "the answer is " + got.String()
	case err != nil:
		return sent, err.Error() + "\n" + got.String()
	}
	if found := z.secret.in(got, sent); found != "" {
		return sent, found + " is another organization's, and is in " + got.String()
	}
	if got.Status < 300 && sent.method == http.MethodDelete {
		c.forget(sent.path)
	}
	c.learn(got.Status, got.Header, got.Body)
	return sent, ""
}

// forget forgets the object at a path, which has been deleted.
func (c *client) forget(at string) {
	at, _, _ = strings.Cut(at, "?")
	for name, id := range c.ids {
		if path.Base(at) == id && anID.MatchString(id) {
			delete(c.ids, name)
		}
	}
}

// Whatever is sent to an operation, it answers soon, as the document says, with
// nothing of another organization, and never that something went wrong on our side.
// With -seed and the subtest's name, the requests of a failure come again.
func TestFuzz(t *testing.T) {
	t.Parallel()
	seed := *fuzzSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		z := newFuzzer(t, house.New(t, db))
		before := rows(t, z.house, z.secret.client)
		t.Run("operations", func(t *testing.T) {
			for _, op := range z.operations {
				t.Run(op.id, func(t *testing.T) {
					t.Parallel()
					z.fuzz(t, op, seed, *fuzzRequests)
				})
			}
		})
		for table, was := range before {
			if is := rowsOf(t, db, table, tables[table], string(z.secret.client.Organization.ID)); strings.Join(is, "\n") != was {
				t.Errorf("another organization's requests changed %s", table)
			}
		}
		z.house.Make("/v1/events", `{"type":"custom.after"}`)
		_, err := db.Version(t.Context()) // what /readyz asks, and the next
		if err := errors.Join(err, db.Writable(t.Context())); err != nil {
			t.Errorf("the database is not ready: %v", err)
		}
	})
}

// fuzz sends so many requests to an operation.
func (z *fuzzer) fuzz(t *testing.T, op target, seed uint64, requests int) {
	var c *client
	for i := range requests {
		if i%perOrganization == 0 {
			if c != nil {
				z.checkWhole(t, c)
			}
			c = z.newClient(t)
			c.with("label", "stage").ready(op.operation)
		}
		if sent, wrong := z.attack(t, c, choose(nil, seed, op.id, i), op); wrong != "" {
			t.Fatalf("%v\n\n%s\n\nThe same requests again: go test ./internal/api -run '%s' -seed %d -requests %d", sent, wrong, t.Name(), seed, requests)
		}
	}
	z.checkWhole(t, c)
}

// FuzzOperations is TestFuzz for go test -fuzz, which looks for choices that lead to
// code no others have led to.
func FuzzOperations(f *testing.F) {
	for i := range byte(3) {
		f.Add(uint16(i)*40, bytes.Repeat([]byte{i}, 40))
	}
	z := newFuzzer(f, house.New(f))
	var c *client
	sentBefore := 0
	f.Fuzz(func(t *testing.T, operation uint16, choice []byte) {
		if sentBefore%perOrganization == 0 {
			c = z.newClient(t)
		}
		sentBefore++
		op := z.operations[int(operation)%len(z.operations)]
		c := &client{fixture: c.in(t), kinds: c.kinds, foreign: c.foreign, cursors: c.cursors, etags: c.etags}
		if sent, wrong := z.attack(t, c, choose(choice, 1, op.id, 0), op); wrong != "" {
			t.Fatalf("%v\n\n%s", sent, wrong)
		}
	})
}

package api_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

func TestARevokedKeyStopsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		made := h.Make("/v1/api_keys", `{"name":"Short","scopes":["*"]}`)
		short := h.With(made.Text("key"))
		short.Get("/v1/organization")
		short.Do("DELETE", "/v1/api_keys/"+made.Text("id"), "").Want(204)
		short.Do("GET", "/v1/organization", "").Want(401)
		if h.Get("/v1/api_keys/"+made.Text("id")).At("revoked_at") == nil {
			t.Error("the key does not tell when it was revoked")
		}
	})
}

// API keys let in whom they should, and nobody else.
func TestKeys(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	for name, test := range map[string]func(*testing.T, *house.House){
		"an expired key is refused":         anExpiredKeyIsRefused,
		"a personal key is the person":      aPersonalKeyIsThePerson,
		"a person makes no keys for others": aPersonMakesNoKeysForOthers,
		"a key tells when it was last used": aKeyTellsWhenItWasLastUsed,
		"a key is one of ours":              aKeyIsOneOfOurs,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, h.Room(t))
		})
	}
}

func anExpiredKeyIsRefused(t *testing.T, h *house.House) {
	at := parley.Now().Add(time.Hour)
	made := h.Make("/v1/api_keys", fmt.Sprintf(`{"name":"Short","scopes":["*"],"expires_at":%q}`, at))
	if made.Text("expires_at") != at.String() {
		t.Errorf("the key expires at %s, want %s", made.Text("expires_at"), at)
	}
	expire(t, h.DB, made.Text("id"))
	h.With(made.Text("key")).Do("GET", "/v1/organization", "").Want(401)
}

// expire lets a key's hour pass.
func expire(t *testing.T, db *database.DB, id string) {
	t.Helper()
	err := db.Record(t.Context(), func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "update api_keys set expires_at = 1 where id = $1", id)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A personal key may do what both its scopes and its person's role allow, and acts
// as that person.
func aPersonalKeyIsThePerson(t *testing.T, h *house.House) {
	f := furnish(t, h.AddOrganization(t))
	agent := parley.UserID(f.id("agent"))

	everything := f.Personal(agent, "*")
	everything.Get("/v1/contacts")
	everything.Do("GET", "/v1/webhooks", "").Want(403)
	everything.Do("GET", "/v1/api_keys", "").Want(403)
	little := f.Personal(agent, "contacts:read", "webhooks:write")
	little.Get("/v1/contacts")
	little.Do("GET", "/v1/conversations", "").Want(403)
	little.Do("GET", "/v1/webhooks", "").Want(403)
	reading := f.Personal(agent, "*:read")
	reading.Get("/v1/conversations")
	reading.Do("POST", "/v1/contacts", `{}`).Want(403)

	everything.Make(f.says("/v1/conversations/$conversation/notes"), `{"text":"Mine"}`).
		Includes(f.says(`{"author":{"type":"user","id":"$agent"}}`))
	events := f.Events(f.Head() - 1)
	if e := events[0]; e.Actor != (parley.Actor{Type: "user", ID: string(agent)}) {
		t.Errorf("the event's actor is %v", e.Actor)
	}

	// The role counts as it is now.
	f.Do("PATCH", f.says("/v1/users/$agent"), `{"role":"admin"}`).Want(200)
	everything.Get("/v1/webhooks")
	f.Do("PATCH", f.says("/v1/users/$agent"), `{"role":"agent"}`).Want(200)
	everything.Do("GET", "/v1/webhooks", "").Want(403)

	// Without the person there is no key.
	f.Do("DELETE", f.says("/v1/users/$agent"), "").Want(204)
	for _, c := range []*house.Client{everything, little, reading} {
		c.Do("GET", "/v1/contacts", "").Want(401)
	}
}

// A personal key makes personal keys for its own person only.
func aPersonMakesNoKeysForOthers(t *testing.T, h *house.House) {
	f := furnish(t, h.AddOrganization(t))
	owner := f.Personal(f.Owner.ID, "*")
	a := owner.Do("POST", "/v1/api_keys", f.says(`{"name":"X","kind":"personal","user_id":"$agent","scopes":["*"]}`)).Want(422)
	checkWrong(t, a, []string{"body.user_id"})
	owner.Make("/v1/api_keys", `{"name":"X","kind":"personal","scopes":["*"]}`).Includes(fmt.Sprintf(`{"user_id":%q}`, f.Owner.ID))
}

func aKeyTellsWhenItWasLastUsed(t *testing.T, h *house.House) {
	made := h.Make("/v1/api_keys", `{"name":"Used","scopes":["*"]}`)
	path := "/v1/api_keys/" + made.Text("id")
	if used := h.Get(path).At("last_used_at"); used != nil {
		t.Errorf("a key that was never used was used at %v", used)
	}
	before := parley.Now()
	h.With(made.Text("key")).Get("/v1/organization")
	h.Account.Wait()
	a := h.Get(path)
	if used := a.Text("last_used_at"); used < before.String() {
		t.Errorf("the key was last used at %s, want %s or later", used, before)
	}
	if a.Int("sequence") != made.Int("sequence") {
		t.Error("using a key is a change of it")
	}
}

func aKeyIsOneOfOurs(t *testing.T, h *house.House) {
	if len(h.Secret) != len("parley_")+38 || !strings.HasPrefix(h.Secret, "parley_") {
		t.Errorf("a key looks like %s", h.Secret)
	}
	for name, header := range map[string]string{
		"small letters":    "bearer " + h.Secret,
		"the usual scheme": "Bearer " + h.Secret,
	} {
		if a := h.With("").Do("GET", "/v1/organization", "", "Authorization", header); a.Status != 200 {
			t.Errorf("%s: %s", name, a)
		}
	}
	for name, header := range map[string]string{
		"another scheme":    "Basic " + h.Secret,
		"no scheme":         h.Secret,
		"half a key":        "Bearer " + h.Secret[:20],
		"one letter wrong":  "Bearer " + h.Secret[:20] + "~" + h.Secret[21:],
		"text after it":     "Bearer " + h.Secret + "x",
		"an empty key":      "Bearer ",
		"the key's id":      "Bearer key_01kaf0v3b4ffk9a7rj2c6q8x5n",
		"nothing but words": "Bearer of good news",
	} {
		if a := h.With("").Do("GET", "/v1/organization", "", "Authorization", header); a.Status != 401 {
			t.Errorf("%s: %s", name, a)
		}
	}
}

package account_test

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

func newAccount(t *testing.T, db *database.DB) (*account.Account, *eventlog.Log) {
	t.Helper()
	log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
	a := account.New(db, log)
	t.Cleanup(a.Wait)
	return a, log
}

var usual = account.Founding{
	Name: "Example Bakery", Email: "Grace@example.com", Owner: "Grace", Password: "correct horse", Scopes: []parley.Scope{"*"},
}

func found(t *testing.T, a *account.Account, f account.Founding) account.Founded {
	t.Helper()
	founded, err := a.Found(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return founded
}

func TestAFoundedOrganizationCanBeUsed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, log := newAccount(t, db)
		f := found(t, a, usual)
		if f.Organization.Name != "Example Bakery" || f.Owner.Role != parley.Owner || f.Owner.Email != "Grace@example.com" || f.Inbox.Channel != "api" {
			t.Errorf("it is founded as %+v", f)
		}
		who, err := a.Authenticate(t.Context(), f.Key)
		if err != nil || who.Caller.Organization != f.Organization.ID || !who.Allows("webhooks:write") {
			t.Errorf("its key is that of %+v (%v)", who, err)
		}
		events, err := log.Read(t.Context(), f.Organization.ID, 0, 10)
		var types []string
		for _, e := range events {
			types = append(types, e.Type)
		}
		if want := []string{"user.created", "inbox.created", "api_key.created"}; !slices.Equal(types, want) || err != nil {
			t.Errorf("its events are %v (%v), want %v", types, err, want)
		}
		if stored, err := a.Organization(t.Context(), f.Organization.ID); err != nil || stored.Name != f.Organization.Name {
			t.Errorf("it is stored as %+v (%v)", stored, err)
		}
	})
}

func TestAFoundingThatIsRefusedLeavesNothing(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	a, _ := newAccount(t, db)
	for name, change := range map[string]func(*account.Founding){
		"no name":          func(f *account.Founding) { f.Name = "  " },
		"a long name":      func(f *account.Founding) { f.Name = strings.Repeat("é", 201) },
		"a short password": func(f *account.Founding) { f.Password = "1234567" },
		"a long password":  func(f *account.Founding) { f.Password = strings.Repeat("a", 201) },
		"a wrong scope":    func(f *account.Founding) { f.Scopes = []parley.Scope{"cats:read"} },
	} {
		f := usual
		change(&f)
		if _, err := a.Found(t.Context(), f); parley.KindOf(err) != parley.Invalid {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	for _, table := range []string{"organizations", "logins", "users", "api_keys", "events"} {
		var n int
		if err := db.Read().QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s has %d rows (%v)", table, n, err)
		}
	}
	f := usual
	f.Name = strings.Repeat("é", 200)
	found(t, a, f)
}

// A person with a login keeps its password, whatever organizations they found.
func TestALoginKeepsItsPassword(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	a, _ := newAccount(t, db)
	hash := func() (hash string) {
		if err := db.Read().QueryRow(t.Context(), "select password_hash from logins where email = 'grace@example.com'").Scan(&hash); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	found(t, a, usual)
	first := hash()
	if strings.Contains(first, usual.Password) || !strings.HasPrefix(first, "$argon2id$v=19$") {
		t.Errorf("the password is kept as %s", first)
	}
	again := usual
	again.Email, again.Password = "GRACE@example.com", "another password"
	found(t, a, again)
	if hash() != first {
		t.Error("a second organization changed the password")
	}
}

func TestKeysAreWellFormed(t *testing.T) {
	t.Parallel()
	db := dbtest.SQLite(t)
	a, _ := newAccount(t, db)
	f := found(t, a, usual)
	seen := map[string]bool{}
	for range 50 {
		key, made, err := a.CreateKey(t.Context(), parley.Caller{Organization: f.Organization.ID, Actor: parley.System}, []parley.Scope{"*"},
			parley.APIKey{Name: "X", Kind: "organization", Scopes: []parley.Scope{"*"}})
		if err != nil || !account.WellFormed(key) || seen[key] || !strings.HasPrefix(key, made.Prefix) || len(made.Prefix) != len("parley_")+4 {
			t.Fatalf("the key is %s, its prefix %s (%v)", key, made.Prefix, err)
		}
		seen[key] = true
		for i := len("parley_"); i < len(key); i++ {
			if wrong := key[:i] + string('0'+(key[i]+1)%10) + key[i+1:]; wrong != key && account.WellFormed(wrong) {
				t.Errorf("with another letter at %d the key is well formed", i)
			}
		}
	}
	for _, wrong := range []string{"", "parley_", "parley_" + strings.Repeat("a", 38), f.Key + "a", f.Key[1:], strings.ToUpper(f.Key)} {
		if account.WellFormed(wrong) {
			t.Errorf("%q is well formed", wrong)
		}
	}
}

// A key works until the moment it expires, also while it is remembered.
func TestAKeyExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, _ := newAccount(t, dbtest.SQLite(t))
		f := found(t, a, usual)
		by := parley.Caller{Organization: f.Organization.ID, Actor: parley.System}
		key, _, err := a.CreateKey(t.Context(), by, []parley.Scope{"*"}, parley.APIKey{
			Name: "Short", Kind: "organization", Scopes: []parley.Scope{"*"}, ExpiresAt: new(parley.Now().Add(time.Hour)),
		})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour - time.Millisecond)
		if _, err := a.Authenticate(t.Context(), key); err != nil {
			t.Errorf("a moment before: %v", err)
		}
		time.Sleep(time.Millisecond)
		if _, err := a.Authenticate(t.Context(), key); parley.KindOf(err) != parley.Unauthenticated {
			t.Errorf("in the moment: %v, want Unauthenticated", err)
		}
		a.Wait()
	})
}

// last_used_at is written once a minute, however often a key is used.
func TestUsingAKeyIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, _ := newAccount(t, dbtest.SQLite(t))
		f := found(t, a, usual)
		who, err := a.Authenticate(t.Context(), f.Key)
		if err != nil {
			t.Fatal(err)
		}
		noted := map[parley.Time]bool{}
		for range 180 {
			if _, err := a.Authenticate(t.Context(), f.Key); err != nil {
				t.Fatal(err)
			}
			a.Wait()
			k, err := a.Key(t.Context(), f.Organization.ID, who.KeyID)
			if err != nil || k.LastUsedAt == nil {
				t.Fatalf("the key is %+v (%v)", k, err)
			}
			if late := parley.Now() - *k.LastUsedAt; late < 0 || late > 62_000 {
				t.Fatalf("last_used_at is %d ms late", late)
			}
			noted[*k.LastUsedAt] = true
			time.Sleep(time.Second)
		}
		if len(noted) != 3 {
			t.Errorf("in three minutes the use was noted %d times", len(noted))
		}
	})
}

// A node that did not revoke the key itself knows of it within a second.
func TestAKeyRevokedElsewhereStopsSoon(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		db := dbtest.SQLite(t)
		here, _ := newAccount(t, db)
		elsewhere, _ := newAccount(t, db)
		f := found(t, here, usual)
		who, err := elsewhere.Authenticate(t.Context(), f.Key)
		if err != nil {
			t.Fatal(err)
		}
		by := parley.Caller{Organization: f.Organization.ID, Actor: parley.System}
		if err := here.RevokeKey(t.Context(), by, who.KeyID); err != nil {
			t.Fatal(err)
		}
		if _, err := here.Authenticate(t.Context(), f.Key); parley.KindOf(err) != parley.Unauthenticated {
			t.Errorf("here: %v, want Unauthenticated", err)
		}
		time.Sleep(time.Second + time.Millisecond)
		if _, err := elsewhere.Authenticate(t.Context(), f.Key); parley.KindOf(err) != parley.Unauthenticated {
			t.Errorf("elsewhere, a second later: %v, want Unauthenticated", err)
		}
		here.Wait()
		elsewhere.Wait()
	})
}

// Once RevokeKey has returned the key is refused, however many are using it.
func TestARevokedKeyDoesNotComeBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, _ := newAccount(t, db)
		f := found(t, a, usual)
		by := parley.Caller{Organization: f.Organization.ID, Actor: parley.System}
		for range 20 {
			key, made, err := a.CreateKey(t.Context(), by, []parley.Scope{"*"}, parley.APIKey{Name: "X", Kind: "organization", Scopes: []parley.Scope{"*"}})
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			var users sync.WaitGroup
			for range 4 {
				users.Go(func() {
					for ctx.Err() == nil {
						if _, err := a.Authenticate(ctx, key); err != nil && parley.KindOf(err) != parley.Unauthenticated && ctx.Err() == nil {
							t.Errorf("authenticate: %v", err)
						}
					}
				})
			}
			if err := a.RevokeKey(t.Context(), by, made.ID); err != nil {
				t.Error(err)
			}
			for range 50 {
				if _, err := a.Authenticate(t.Context(), key); parley.KindOf(err) != parley.Unauthenticated {
					t.Errorf("after it was revoked: %v, want Unauthenticated", err)
					break
				}
			}
			stop()
			users.Wait()
		}
	})
}

// There are as many custom fields as values are checked against, and no more.
func TestAKindOfObjectHasSoManyCustomFields(t *testing.T) {
	t.Parallel()
	a, _ := newAccount(t, dbtest.SQLite(t))
	f := found(t, a, usual)
	by := parley.Caller{Organization: f.Organization.ID, Actor: parley.System}
	define := func(object string, i int) (parley.CustomField, error) {
		key := "f" + strings.Repeat("x", i%50) + string(rune('a'+i/50))
		return a.CustomFields.Create(t.Context(), by, parley.CustomField{Object: object, Key: key, Name: "X", Type: "text"})
	}
	for i := range store.MaxFields {
		field, err := define("contact", i)
		if err != nil || field.SystemID != int64(i)+1 {
			t.Fatalf("field %d: system_id %d (%v)", i+1, field.SystemID, err)
		}
	}
	if _, err := define("contact", store.MaxFields); parley.KindOf(err) != parley.Conflict {
		t.Errorf("one more: %v, want Conflict", err)
	}
	if _, err := define("conversation", 0); err != nil {
		t.Errorf("one of another kind of object: %v", err)
	}
}

// Emails are compared as the database compares them: what differs only in the case
// of other letters than a to z is another email there.
func TestEmailsThatDifferInTheDatabase(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, _ := newAccount(t, db)
		f := found(t, a, usual)
		by := parley.Caller{Organization: f.Organization.ID, Actor: parley.System}
		first, err := a.Users.Create(t.Context(), by, parley.User{Name: "É", Email: "É@example.com", Role: parley.Agent})
		if err != nil {
			t.Fatal(err)
		}
		second, err := a.Users.Create(t.Context(), by, parley.User{Name: "é", Email: "é@example.com", Role: parley.Agent})
		if parley.KindOf(err) == parley.Conflict {
			return // this database knows that É is é: it is one email
		}
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.Users.Update(t.Context(), by, string(second.ID), noun.AnyVersion, func(u *parley.User) error { u.Email = first.Email; return nil })
		if parley.KindOf(err) != parley.Conflict {
			t.Errorf("taking another's email: %v, want Conflict", err)
		}
	})
}

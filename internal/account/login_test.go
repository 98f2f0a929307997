package account_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/account"
	"parley/internal/database"
	"parley/internal/testing/dbtest"
)

func TestAPasswordSignsIn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, _ := newAccount(t, db)
		found(t, a, usual)
		for _, email := range []string{"grace@example.com", "Grace@Example.com", " GRACE@example.com "} {
			if err := a.CheckPassword(t.Context(), email, usual.Password); err != nil {
				t.Errorf("as %q: %v", email, err)
			}
		}
		for name, wrong := range map[string][2]string{
			"another password": {"grace@example.com", "wrong horse"},
			"no password":      {"grace@example.com", ""},
			"a long password":  {"grace@example.com", strings.Repeat("a", 10_000)},
			"another email":    {"ada@example.com", usual.Password},
			"no email":         {"", usual.Password},
			"a broken email":   {"grace\x00@example.com", usual.Password},
		} {
			hashed := a.CountHashes(func() {
				if err := a.CheckPassword(t.Context(), wrong[0], wrong[1]); parley.KindOf(err) != parley.Unauthenticated || err.Error() != "The email or the password is not right." {
					t.Errorf("%s: %v, want Unauthenticated", name, err)
				}
			})
			if hashed != 1 {
				t.Errorf("%s: %d passwords were hashed: the time tells who has a login", name, hashed)
			}
		}
	})
}

// However many sign in at once, the memory that it takes is bounded; who does not want
// to wait need not.
func TestFewPasswordsAreHashedAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, _ := newAccount(t, dbtest.SQLite(t))
		found(t, a, usual)
		var now, most atomic.Int32
		a.HashWith(func(_, _ []byte, _, _ uint32, _ uint8, length uint32) []byte {
			most.Store(max(most.Load(), now.Add(1)))
			time.Sleep(time.Second)
			now.Add(-1)
			return make([]byte, length)
		})
		done := make(chan error)
		for range 12 {
			go func() { done <- a.CheckPassword(t.Context(), "ada@example.com", "something") }()
		}
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if err := a.CheckPassword(ctx, "ada@example.com", "something"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("who does not wait: %v", err)
		}
		for range 12 {
			if err := <-done; parley.KindOf(err) != parley.Unauthenticated {
				t.Errorf("%v, want Unauthenticated", err)
			}
		}
		if most.Load() != 4 {
			t.Errorf("%d were hashed at once, want 4", most.Load())
		}
	})
}

func TestAHashIsReadOnlyAsItIsWritten(t *testing.T) {
	t.Parallel()
	const good = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	if again, err := account.ParseHash(good); again != good || err != nil {
		t.Errorf("%s is read as %s (%v)", good, again, err)
	}
	for _, bad := range []string{
		"", "$", "plain", good[1:], good + "$", good + "=",
		strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=19456", "m=99999999", 1), strings.Replace(good, "t=2", "t=0", 1), strings.Replace(good, "t=2", "t=02", 1),
		strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=1,x=1", 1), strings.Replace(good, "p=1", "p=257", 1),
		"$argon2id$v=19$m=19456,t=2,p=1$$" + strings.Repeat("A", 43), "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$",
	} {
		if _, err := account.ParseHash(bad); err == nil {
			t.Errorf("%q is taken for a hash", bad)
		}
	}
}

func TestAPasswordIsChanged(t *testing.T) {
	t.Parallel()
	a, _ := newAccount(t, dbtest.SQLite(t))
	found(t, a, usual)
	for name, test := range map[string][2]string{"another old one": {"wrong horse", "a new password"}, "a short new one": {usual.Password, "short"}} {
		if err := a.ChangePassword(t.Context(), usual.Email, test[0], test[1], ""); parley.KindOf(err) != parley.Invalid {
			t.Errorf("%s: %v, want Invalid", name, err)
		}
	}
	if err := a.ChangePassword(t.Context(), usual.Email, usual.Password, "a new password", ""); err != nil {
		t.Fatal(err)
	}
	if err := a.CheckPassword(t.Context(), usual.Email, "a new password"); err != nil {
		t.Errorf("the new password: %v", err)
	}
	if err := a.CheckPassword(t.Context(), usual.Email, usual.Password); parley.KindOf(err) != parley.Unauthenticated {
		t.Errorf("the old password: %v, want Unauthenticated", err)
	}
}

func TestALoginIsGivenBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, _ := newAccount(t, db)
		found(t, a, usual)
		stolen := account.ExternalIdentity{Issuer: "https://id.example.com", Subject: "thief"}
		if err := a.LinkIdentity(t.Context(), usual.Email, stolen); err != nil {
			t.Fatal(err)
		}
		if err := a.GiveBack(t.Context(), "GRACE@example.com", "a new password", true); err != nil {
			t.Fatal(err)
		}
		if err := a.CheckPassword(t.Context(), usual.Email, "a new password"); err != nil {
			t.Errorf("the new password: %v", err)
		}
		if email, leads, err := a.LoginOf(t.Context(), stolen); leads || err != nil {
			t.Errorf("the identity still leads to %q (%v)", email, err)
		}
		if err := a.GiveBack(t.Context(), "ada@example.com", "a new password", false); parley.KindOf(err) != parley.NotFound {
			t.Errorf("nobody's login: %v, want NotFound", err)
		}
	})
}

func TestAnExternalIdentityIsOneLogins(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		a, _ := newAccount(t, db)
		found(t, a, usual)
		other := usual
		other.Email = "ada@example.com"
		found(t, a, other)
		id := account.ExternalIdentity{Issuer: "https://id.example.com", Subject: "42"}
		if email, leads, err := a.LoginOf(t.Context(), id); leads || err != nil {
			t.Errorf("it leads to %q (%v) before it is linked", email, err)
		}
		for range 2 {
			if err := a.LinkIdentity(t.Context(), usual.Email, id); err != nil {
				t.Fatal(err)
			}
		}
		if email, leads, err := a.LoginOf(t.Context(), id); email != "grace@example.com" || !leads || err != nil {
			t.Errorf("it leads to %q, %v (%v)", email, leads, err)
		}
		if all, err := a.Identities(t.Context(), usual.Email); len(all) != 1 || all[0] != id || err != nil {
			t.Errorf("the login has %v (%v)", all, err)
		}
		if err := a.LinkIdentity(t.Context(), other.Email, id); parley.KindOf(err) != parley.Conflict {
			t.Errorf("linked to a second login: %v, want Conflict", err)
		}
		if err := a.LinkIdentity(t.Context(), "nobody@example.com", id); parley.KindOf(err) != parley.NotFound {
			t.Errorf("linked to no login: %v, want NotFound", err)
		}
		if err := a.UnlinkIdentities(t.Context(), usual.Email); err != nil {
			t.Fatal(err)
		}
		if _, leads, err := a.LoginOf(t.Context(), id); leads || err != nil {
			t.Errorf("it still leads to a login (%v)", err)
		}
	})
}

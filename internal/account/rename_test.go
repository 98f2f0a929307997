package account_test

import (
	"strings"
	"testing"

	"parley"
	"parley/internal/testing/dbtest"
)

func TestUsersRenameThemselvesAndNobodyElse(t *testing.T) {
	t.Parallel()
	a, _ := newAccount(t, dbtest.SQLite(t))
	f := found(t, a, usual)
	by := parley.Caller{Organization: f.Organization.ID, Actor: parley.Actor{Type: parley.ActorUser, ID: string(f.Owner.ID)}}
	u, err := a.Rename(t.Context(), by, " Grace Hopper ")
	if err != nil || u.ID != f.Owner.ID || u.Name != "Grace Hopper" || u.Role != parley.Owner || u.Email != f.Owner.Email {
		t.Errorf("it is %+v (%v)", u, err)
	}
	for _, name := range []string{"", "  ", strings.Repeat("é", 201)} {
		if _, err := a.Rename(t.Context(), by, name); parley.KindOf(err) != parley.Invalid {
			t.Errorf("%q: %v", name, err)
		}
	}
	by.Actor = parley.System
	if _, err := a.Rename(t.Context(), by, "Eve"); parley.KindOf(err) != parley.Forbidden {
		t.Errorf("the system: %v", err)
	}
}

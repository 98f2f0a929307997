package account_test

import (
	"testing"

	"parley"
	"parley/internal/testing/dbtest"
)

func TestEverybodyMayHaveKeysOfTheirOwn(t *testing.T) {
	t.Parallel()
	a, _ := newAccount(t, dbtest.SQLite(t))
	f := found(t, a, usual)
	org := f.Organization.ID
	owner := parley.Caller{Organization: org, Actor: parley.Actor{Type: parley.ActorUser, ID: string(f.Owner.ID)}}
	noor, err := a.Users.Create(t.Context(), owner, parley.User{Name: "Noor", Email: "noor@example.com", Role: parley.Agent})
	if err != nil {
		t.Fatal(err)
	}
	agent := parley.Caller{Organization: org, Actor: parley.Actor{Type: parley.ActorUser, ID: string(noor.ID)}}

	key, made, err := a.CreateOwnKey(t.Context(), agent, parley.APIKey{Name: "Mine", Kind: "organization", UserID: &f.Owner.ID, Scopes: []parley.Scope{"contacts:write"}})
	if err != nil || made.Kind != "personal" || made.UserID == nil || *made.UserID != noor.ID {
		t.Fatalf("an agent's key is %+v, %v", made, err)
	}
	if who, err := a.Authenticate(t.Context(), key); err != nil || who.Caller.Actor != agent.Actor || !who.Allows("contacts:write") || who.Allows("labels:read") {
		t.Errorf("the key speaks for %+v, %v", who, err)
	}
	for _, scope := range []parley.Scope{"*", "*:read", "webhooks:read", "api_keys:read", "users:write"} {
		if _, _, err := a.CreateOwnKey(t.Context(), agent, parley.APIKey{Name: "More", Scopes: []parley.Scope{scope}}); parley.KindOf(err) != parley.Invalid {
			t.Errorf("an agent's key with %s: %v", scope, err)
		}
	}
	_, theirs, err := a.CreateOwnKey(t.Context(), owner, parley.APIKey{Name: "The owner's", Scopes: []parley.Scope{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.RevokeOwnKey(t.Context(), agent, theirs.ID); parley.KindOf(err) != parley.NotFound {
		t.Errorf("an agent revokes the owner's key: %v", err)
	}
	for range 2 {
		if err := a.RevokeOwnKey(t.Context(), agent, made.ID); err != nil {
			t.Errorf("an agent revokes their own key: %v", err)
		}
	}
	if _, err := a.Authenticate(t.Context(), key); parley.KindOf(err) != parley.Unauthenticated {
		t.Errorf("a revoked key: %v", err)
	}
}

package parley_test

import (
	"strings"
	"testing"

	"parley"
)

func TestScopes(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		held, wanted parley.Scope
		want         bool
	}{
		{"*", "contacts:read", true},
		{"*", "contacts:write", true},
		{"*", "*", true},
		{"*", "*:read", true},
		{"*:read", "contacts:read", true},
		{"*:read", "*:read", true},
		{"contacts:write", "contacts:write", true},
		{"contacts:write", "contacts:read", true},
		{"contacts:read", "contacts:read", true},
		{"*:read", "contacts:write", false},
		{"*:read", "*", false},
		{"contacts:read", "contacts:write", false},
		{"contacts:write", "conversations:read", false},
		{"contacts:write", "*:read", false},
		{"contacts:write", "*", false},
		{"contacts", "contacts:read", false},
		{"", "contacts:read", false},
		{"", "", true}, // what needs nothing is allowed to all
	} {
		if got := test.held.Allows(test.wanted); got != test.want {
			t.Errorf("%q allows %q: %v, want %v", test.held, test.wanted, got, test.want)
		}
	}
	if parley.Allowed(nil, "contacts:read") || !parley.Allowed([]parley.Scope{"labels:read", "contacts:read"}, "contacts:read") {
		t.Error("of several scopes one must allow")
	}
}

func TestScopesThatExist(t *testing.T) {
	t.Parallel()
	for _, r := range parley.Resources() {
		for _, action := range []string{"read", "write"} {
			if s := parley.Scope(r + ":" + action); !s.Valid() {
				t.Errorf("%s is not valid", s)
			}
		}
	}
	for s, want := range map[parley.Scope]bool{
		"*": true, "*:read": true, "*:write": false, "": false, ":": false, "contacts": false, "contacts:": false, "contacts:delete": false,
		"cats:read": false, "contacts:read:write": false, "Contacts:read": false, " contacts:read": false,
	} {
		if got := s.Valid(); got != want {
			t.Errorf("%q is valid: %v, want %v", s, got, want)
		}
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	for _, role := range []parley.Role{parley.Owner, parley.Admin} {
		if !parley.Allowed(role.Scopes(), "*") {
			t.Errorf("%s may not do everything", role)
		}
	}
	for _, s := range parley.Agent.Scopes() {
		if !s.Valid() {
			t.Errorf("an agent has the scope %q, which is none", s)
		}
		if resource, action, _ := strings.Cut(string(s), ":"); action == "write" && (resource == "api_keys" || resource == "webhooks" || resource == "users") {
			t.Errorf("an agent has %s", s)
		}
	}
	if parley.Allowed(parley.Agent.Scopes(), "*:read") || parley.Allowed(parley.Agent.Scopes(), "webhooks:read") {
		t.Error("an agent reads what admins keep secrets in")
	}
	if scopes := parley.Role("king").Scopes(); len(scopes) > 0 {
		t.Errorf("a role that is none has %v", scopes)
	}
}

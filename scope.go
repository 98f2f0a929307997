package parley

import (
	"slices"
	"strings"
)

// Scope is a permission of an API key: "contacts:read", "contacts:write",
// "*:read" for reading everything, "*" for everything. Write includes read.
type Scope string

// Resources are what scopes are given for, in the order they are shown.
func Resources() []string {
	return []string{
		"organization", "users", "teams", "inboxes", "labels", "canned_responses", "custom_fields", "contacts", "privacy",
		"conversations", "tasks", "tickets", "appointments", "orders", "payments", "pipelines", "deals",
		"portals", "categories", "articles", "attachments", "events", "webhooks", "api_keys",
	}
}

// Valid tells whether the scope names a resource and an action that exist.
func (s Scope) Valid() bool {
	resource, action, ok := strings.Cut(string(s), ":")
	switch {
	case s == "*" || s == "*:read":
		return true
	case !ok || action != "read" && action != "write":
		return false
	}
	return slices.Contains(Resources(), resource)
}

// Allows tells whether a holder of s may do what needs the scope wanted.
func (s Scope) Allows(wanted Scope) bool {
	if s == "*" || s == wanted {
		return true
	}
	resource, action, _ := strings.Cut(string(wanted), ":")
	if action != "read" {
		return false
	}
	return s == "*:read" || s == Scope(resource+":write")
}

// Allowed tells whether any of the scopes held allows the one wanted.
func Allowed(held []Scope, wanted Scope) bool {
	return slices.ContainsFunc(held, func(s Scope) bool { return s.Allows(wanted) })
}

// Role is what a person may do in an organization.
type Role string

// The roles, from the one that may do everything.
const (
	Owner Role = "owner"
	Admin Role = "admin"
	Agent Role = "agent"
)

// Scopes are what a person of the role may do.
func (r Role) Scopes() []Scope {
	switch r {
	case Owner, Admin:
		return []Scope{"*"}
	case Agent:
		return []Scope{
			"organization:read", "users:read", "teams:read", "inboxes:read", "canned_responses:read", "custom_fields:read", "events:read",
			"labels:write", "contacts:write", "privacy:read", "conversations:write", "tasks:write", "tickets:write", "appointments:write",
			"orders:write", "payments:read", "pipelines:read", "deals:write", "portals:read", "categories:read", "articles:write", "attachments:write",
		}
	}
	return nil
}

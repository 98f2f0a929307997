package api_test

import (
	"slices"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// The audit log shows changes of configuration and of access, and who made them.
func TestTheAuditLog(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		f := furnish(t, h.Client)
		from := h.Head()
		f.with("team", "conversation", "canned", "webhook")
		h.Do("PATCH", f.says("/v1/teams/$team"), `{"name":"Day shift"}`).Want(200)
		personal := h.Personal(h.Owner.ID, "*")
		personal.Do("PATCH", f.says("/v1/webhooks/$webhook"), `{"description":"Mine"}`).Want(200)
		h.Do("POST", f.says("/v1/webhooks/$webhook/test"), "")
		org := h.Organization.ID

		read := func(a eventlog.Audit, limit int) (types []string) {
			t.Helper()
			for cursor := ""; ; {
				entries, next, err := h.Log.AuditLog(t.Context(), org, a, cursor, limit)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range entries {
					if e.Sequence > from {
						types = append(types, e.Type)
					}
				}
				if cursor = next; next == "" {
					return types
				}
			}
		}
		all := []string{"webhook.updated", "api_key.created", "team.updated", "webhook.created", "canned_response.created", "team.created", "user.created"}
		for _, limit := range []int{1, 3, 100} {
			if got := read(eventlog.Audit{}, limit); !slices.Equal(got, all) {
				t.Errorf("in pages of %d there are %v, want %v", limit, got, all)
			}
		}
		for name, want := range map[string]struct {
			audit eventlog.Audit
			types []string
		}{
			"of nouns":          {eventlog.Audit{Nouns: []string{"team", "webhook"}}, []string{"webhook.updated", "team.updated", "webhook.created", "team.created"}},
			"of what is none":   {eventlog.Audit{Nouns: []string{"message"}}, nil},
			"of nobody":         {eventlog.Audit{Actor: "usr_x"}, nil},
			"since the future":  {eventlog.Audit{Since: parley.Now() + 60_000}, nil},
			"until now":         {eventlog.Audit{Until: parley.Now() + 60_000}, all},
			"until long ago":    {eventlog.Audit{Until: 1}, nil},
			"since a while ago": {eventlog.Audit{Since: parley.Now() - 600_000}, all},
		} {
			if got := read(want.audit, 2); !slices.Equal(got, want.types) {
				t.Errorf("%s: %v, want %v", name, got, want.types)
			}
		}
		if _, _, err := h.Log.AuditLog(t.Context(), org, eventlog.Audit{}, "x", 1); parley.KindOf(err) != parley.Invalid {
			t.Errorf("a cursor that is none: %v", err)
		}
		entries, _, err := h.Log.AuditLog(t.Context(), h.AddOrganization(t).Organization.ID, eventlog.Audit{}, "", 100)
		if err != nil || slices.ContainsFunc(entries, func(e *parley.Event) bool { return e.Organization == org }) {
			t.Errorf("another organization is shown %v, %v", entries, err)
		}
	})
}

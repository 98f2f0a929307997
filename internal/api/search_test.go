package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
	"parley/internal/testing/house"
)

// A search that no index serves ends each page after so many rows, full or not, and
// finds everything once all pages are read.
func TestASearchEndsItsPagesAndGoesOn(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		h := house.New(t, db)
		rare := func() string { return fmt.Sprint(h.Make("/v1/events", `{"type":"custom.rare"}`).Int("sequence")) }
		wanted := []string{rare()}
		for range 2 {
			publishCommon(t, h, 60)
			wanted = append(wanted, rare())
		}
		inverse := slices.Clone(wanted)
		slices.Reverse(inverse)
		checkSearch(t, h, "/v1/events?types=custom.rare", "sequence", wanted)
		checkSearch(t, h, "/v1/events?types=custom.rare&after="+wanted[0], "sequence", wanted[1:])
		checkSearch(t, h, "/v1/events?types=custom.rare&order=desc", "sequence", inverse)
		checkSearch(t, h, "/v1/events?types=custom.absent,custom.missing", "sequence", nil)

		addContacts(t, h, 2*60_000)
		checkSearch(t, h, "/v1/contacts?q=RARE", "name", []string{"Rare 119999", "Rare 60000", "Rare 0"})
		checkSearch(t, h, "/v1/contacts?q=rare&changed_after=0", "name", []string{"Rare 0", "Rare 60000", "Rare 119999"})
		checkSearch(t, h, "/v1/contacts?q=absent", "name", nil)
	})
}

// checkSearch walks through a list that has to have these objects on two pages or
// more, none of which took longer to read than a page may.
func checkSearch(t *testing.T, h *house.House, list, member string, want []string) {
	t.Helper()
	var got []string
	pages := 0
	walk(h.Client, list, func(page []json.RawMessage) {
		pages++
		for _, raw := range page {
			var object map[string]any
			if err := json.Unmarshal(raw, &object); err != nil {
				t.Fatal(err)
			}
			got = append(got, fmt.Sprint(object[member]))
		}
	})
	if !slices.Equal(got, want) {
		t.Errorf("%s has %v, want %v", list, got, want)
	}
	if pages < 2 {
		t.Errorf("%s has one page: it read through everything at once", list)
	}
}

// publishCommon publishes so many thousands of events that nobody searches for.
func publishCommon(t *testing.T, h *house.House, thousands int) {
	t.Helper()
	draft, _ := parley.CustomEvent("custom.common", "k", json.RawMessage("{}"))
	for range thousands {
		err := h.DB.Write(t.Context(), h.Organization.ID, func(ctx context.Context, tx *database.Tx) error {
			for range 1000 {
				at, err := h.Log.Next(ctx, tx)
				if err != nil {
					return err
				}
				if _, err := h.Log.Append(ctx, tx, h.Caller(), at, draft); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// addContacts has the database make contacts, of which the first, the last and the one
// in the middle are rare.
func addContacts(t *testing.T, h *house.House, count int) {
	t.Helper()
	if count < store.SearchMost {
		t.Fatal("one page would have them all")
	}
	err := h.DB.Write(t.Context(), h.Organization.ID, func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, `
			insert into contacts (org_id, id, name, custom_fields, variables, created_at, updated_at, seq)
			with recursive numbers (n) as (
				select cast(0 as bigint)
				union all
				select n + 1 from numbers where n + 1 < $2
			)
			select cast($1 as text), 'con_01kaf100' || substr(cast(1000000000000000000 + n as text), 2),
				case when n in (0, $2 / 2, $2 - 1) then 'Rare ' else 'Common ' end || cast(n as text), '{}', '{}', 1763600000000, 1763600000000, 1
			from numbers`, string(h.Organization.ID), count)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

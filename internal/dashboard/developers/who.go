package developers

import (
	"parley"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
)

// namesOf tells what those are called who made events happen, and what these are about,
// as far as the visitor may see it.
func namesOf(r *page.Request, all ...*parley.Event) (names.Names, error) {
	var ids []string
	for _, e := range all {
		ids = append(ids, e.Actor.ID, e.Key, string(e.Inbox))
	}
	return r.Names(r.Context(), ids...)
}

package page

import (
	"context"
	"slices"

	"parley/internal/dashboard/names"
)

// Pick is where the objects of a noun are searched that a form may refer to: for
// form.Form.
func Pick(noun string) string { return "/pick/" + noun }

// Title is what an object is called, "" if it is not there or the visitor may not see
// its noun: for form.Form.
func (r *Request) Title(noun, id string) string {
	if names.NounOf(id) != noun {
		return ""
	}
	found, err := r.Names(r.Context(), id)
	if err != nil {
		return "" // the id says enough
	}
	return found[id]
}

// Names tells what objects of any nouns are called, in one query for each noun: of
// those that the visitor may see. Of what is not there nothing is told; see
// [names.Names.Of].
func (r *Request) Names(ctx context.Context, ids ...string) (names.Names, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		scope, known := names.Scope(names.NounOf(id))
		return !known || !r.Allows(scope)
	})
	return names.Of(ctx, r.Site.DB.Read(), r.Org(), ids...)
}

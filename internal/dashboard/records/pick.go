package records

import (
	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
)

// longestSearch is how much of what somebody types is searched for.
const longestSearch = 200

// pick answers a combobox: what there is to choose from of a noun.
func pick(r *page.Request) error {
	noun := r.PathValue("noun")
	scope, ok := names.Scope(noun)
	if !ok {
		return parley.Errorf(parley.NotFound, "There is nothing called %q to choose from.", noun)
	}
	if !r.Allows(scope) {
		return &parley.Error{Kind: parley.Forbidden, RequiredScope: string(scope), Detail: "Your role, " + string(r.User.Role) + ", may not see these."}
	}
	typed := []rune(form.Typed(r.URL.Query()))
	found, err := names.Search(r.Context(), r.Site.DB.Read(), r.Org(), noun, string(typed[:min(len(typed), longestSearch)]))
	if err != nil {
		return err
	}
	options := make([]form.Option, 0, len(found))
	for _, f := range found {
		label := f.Name
		if f.Beside != "" {
			label += ", " + f.Beside
		}
		options = append(options, form.Option{Value: f.ID, Label: label})
	}
	return r.Part(form.Picks(options))
}

// Package names tells what the objects of an organization are called, so that pages
// show names where the data has ids: of many objects at once, with one query for each
// noun, and by search, for what somebody types into a combobox. It looks at nothing but
// the caller's organization; whether somebody may see a noun is for its callers to ask
// ([Scope]).
package names

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/database"
)

// Most is how many objects a search finds at most.
const Most = 20

// Found is an object by its name.
type Found struct {
	ID     string
	Name   string
	Beside string // what tells it from others of the name; "" if nothing does
}

// Names are what objects are called, by their ids.
type Names map[string]string

// Of is what an object is called; one that is not there (any more) goes by the end of
// its id.
func (n Names) Of(id string) string {
	if name := n[id]; name != "" {
		return name
	}
	return "…" + id[max(0, len(id)-6):]
}

// Nouns are the nouns that names are known of, in alphabetical order.
func Nouns() []string {
	all := make([]string, 0, len(nouns))
	for _, k := range nouns {
		all = append(all, k.noun)
	}
	slices.Sort(all)
	return all
}

// Scope is what one needs to see the objects of a noun; ok is false if there is no
// such noun here.
func Scope(noun string) (scope parley.Scope, ok bool) {
	k := kindOf(func(k kind) bool { return k.noun == noun })
	return k.scope, k.noun != ""
}

// NounOf is the noun that an id is of, "" if it is of none here.
func NounOf(id string) string {
	prefix, _, _ := strings.Cut(id, "_")
	return kindOf(func(k kind) bool { return k.prefix == prefix }).noun
}

// Of tells what objects of any nouns are called. Ids of what is not there, or of a noun
// that is not known here, are left out.
func Of(ctx context.Context, q database.Querier, org parley.OrganizationID, ids ...string) (Names, error) {
	names := Names{}
	for _, k := range nouns {
		mine := k.among(ids)
		for part := range slices.Chunk(mine, atOnce) {
			found, err := k.byID(ctx, q, org, part)
			if err != nil {
				return nil, err
			}
			for _, f := range found {
				names[f.ID] = f.Name
			}
		}
	}
	return names, nil
}

// Search finds at most [Most] objects of a noun whose name, or whatever else people
// know them by, holds a text: the newest first. With no text, or with the id of one,
// it finds the newest, or that. A noun that is not known here is a NotFound error.
func Search(ctx context.Context, q database.Querier, org parley.OrganizationID, noun, text string) ([]Found, error) {
	k, err := kindNamed(noun)
	switch {
	case err != nil:
		return nil, err
	case NounOf(text) == noun:
		return k.byID(ctx, q, org, []string{text})
	}
	return k.search(ctx, q, org, wantedBy(ctx, q, org, text, Most))
}

// All gives at most so many objects of a noun, in the order of their names: for those of
// which an organization has few. Of more it gives the newest.
func All(ctx context.Context, q database.Querier, org parley.OrganizationID, noun string, most int) ([]Found, error) {
	k, err := kindNamed(noun)
	if err != nil {
		return nil, err
	}
	found, err := k.search(ctx, q, org, wantedBy(ctx, q, org, "", most))
	slices.SortFunc(found, func(a, b Found) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return found, err
}

// atOnce is how many objects one query asks for.
const atOnce = 200

// kind is a noun whose objects have names.
type kind struct {
	noun, prefix string
	scope        parley.Scope
	byID         func(ctx context.Context, q database.Querier, org parley.OrganizationID, ids []string) ([]Found, error)
	search       func(ctx context.Context, q database.Querier, org parley.OrganizationID, w wanted) ([]Found, error)
}

func kindOf(is func(kind) bool) (k kind) {
	if i := slices.IndexFunc(nouns, is); i >= 0 {
		k = nouns[i]
	}
	return k
}

func kindNamed(noun string) (kind, error) {
	k := kindOf(func(k kind) bool { return k.noun == noun })
	if k.noun == "" {
		return k, parley.Errorf(parley.NotFound, "There is nothing called %q to choose from.", noun)
	}
	return k, nil
}

// among are the ids of the kind, each once.
func (k kind) among(ids []string) (mine []string) {
	for _, id := range ids {
		if strings.HasPrefix(id, k.prefix+"_") {
			mine = append(mine, id)
		}
	}
	slices.Sort(mine)
	return slices.Compact(mine)
}

package names

import (
	"context"
	"errors"
	"sync"

	"parley"
	"parley/internal/database"
)

// wanted is what a search is to find.
type wanted struct {
	text     string
	most     int
	contacts func() ([]string, error) // whose names hold the text: they are looked for once
}

func wantedBy(ctx context.Context, q database.Querier, org parley.OrganizationID, text string, most int) wanted {
	return wanted{text, most, sync.OnceValues(func() ([]string, error) { return contactsHolding(ctx, q, org, text) })}
}

// SearchMany is [Search] for a text in many nouns at once, for at most so many objects
// of each; it looks at no ids. It ends when ctx does, and then gives what was found so
// far, by noun: to read through much takes longer than somebody who types waits.
func SearchMany(ctx context.Context, q database.Querier, org parley.OrganizationID, nouns []string, text string, most int) (map[string][]Found, error) {
	w := wantedBy(ctx, q, org, text, most)
	found, errs := make([][]Found, len(nouns)), make([]error, len(nouns))
	var all sync.WaitGroup
	for i, noun := range nouns {
		all.Go(func() {
			k, err := kindNamed(noun)
			if err == nil {
				found[i], err = k.search(ctx, q, org, w)
			}
			errs[i] = err
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil && ctx.Err() == nil {
		return nil, err
	}
	byNoun := map[string][]Found{}
	for i, noun := range nouns {
		if errs[i] == nil && len(found[i]) > 0 {
			byNoun[noun] = found[i]
		}
	}
	return byNoun, nil
}

package help

import (
	"context"
	"crypto/rand"
	"strconv"
	"strings"

	"parley"
	"parley/internal/database"
	"parley/internal/store"
)

// slugs are what is known of the slug that an object is to have.
type slugs struct {
	before string // the one it has
	after  string // the one it is given, "" if it is to be made
	from   string // of this
}

// settleSlug gives the slug of an object that is to be written. One that is given must
// not be another object's within the same place; one that is made is not.
func settleSlug[T any](ctx context.Context, tx *database.Tx, org parley.OrganizationID, table *store.Table[T], place store.Filter, s slugs) (string, error) {
	taken := func(slug string) (found bool, err error) {
		f := place
		f.And("slug = ?", slug)
		_, found, err = table.Find(ctx, tx, org, f)
		return found, err
	}
	if s.after == "" {
		return freeSlug(slugOf(s.from), table.Noun(), taken)
	}
	if s.after == s.before {
		return s.after, nil
	}
	found, err := taken(s.after)
	if err == nil && found {
		err = &parley.Error{
			Kind: parley.Conflict, Detail: "There is another " + table.Noun() + " with this slug.",
			Fields: []parley.FieldError{{Location: "body.slug", Message: "is already the slug of another " + table.Noun()}},
		}
	}
	return s.after, err
}

// freeSlug is the stem, if that is not taken, or the stem and a number or a word that
// makes it unlike all others. Where there is no stem the noun is.
func freeSlug(stem, noun string, taken func(string) (bool, error)) (string, error) {
	if stem == "" {
		stem = noun
	}
	const few = 10
	for n := 1; n < few; n++ {
		slug := stem
		if n > 1 {
			slug += "-" + strconv.Itoa(n)
		}
		if found, err := taken(slug); err != nil || !found {
			return slug, err
		}
	}
	return stem + "-" + strings.ToLower(rand.Text()[:8]), nil
}

// maxStem leaves room for what freeSlug adds.
const maxStem = 70

// slugOf is a text in a form for addresses: words of a-z and 0-9, with hyphens between
// them. It is empty if the text has none.
func slugOf(text string) string {
	var b strings.Builder
	hyphen := false
	for _, c := range folded(text) {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			if hyphen && b.Len() > 0 {
				b.WriteByte('-')
			}
			if b.WriteRune(c); b.Len() >= maxStem {
				break
			}
			hyphen = false
			continue
		}
		if c != '\'' && c != '’' { // they stand within words
			hyphen = true
		}
	}
	return b.String()
}

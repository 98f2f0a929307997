package dashboard

import (
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/contact"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

// foundAtMost is how many objects of one kind the palette shows.
const foundAtMost = 6

// line is a line of the palette.
type line struct{ Text, Beside, URL, Icon string }

type group struct {
	Title string
	Lines []line
}

// palette answers what the command palette shows for a query: places, things to do,
// and objects whose names hold it. What can be done on the page itself is known there.
func palette(s *page.Site, routes []page.Route) page.Route {
	return page.Route{Pattern: "GET /palette", Handle: func(r *page.Request) error {
		q := strings.TrimSpace(r.Query("q"))
		groups := []group{{"Go to", places(s, r, q)}, {"Do", commands(r, routes, q)}}
		if q != "" {
			found, err := objects(r.Context(), r, q)
			if err != nil {
				return err
			}
			groups = append(groups, found...)
		}
		return r.Part(paletteGroups(slices.DeleteFunc(groups, func(g group) bool { return len(g.Lines) == 0 })))
	}}
}

func places(s *page.Site, r *page.Request, q string) (found []line) {
	for _, g := range s.Nav(r.Visitor) {
		for _, i := range g.Items {
			if holds(i.Text+" "+g.Title, q) {
				found = append(found, line{i.Text, i.Key, i.URL, i.Icon})
			}
		}
	}
	return found
}

func commands(r *page.Request, routes []page.Route, q string) (found []line) {
	for _, route := range routes {
		if route.Command == "" || route.Scope != "" && !r.Allows(route.Scope) || !holds(route.Command, q) {
			continue
		}
		_, url, _ := strings.Cut(route.Pattern, " ")
		found = append(found, line{route.Command, "", url, "plus"})
	}
	return found
}

func objects(ctx context.Context, r *page.Request, q string) ([]group, error) {
	var groups []group
	p := store.Page{Limit: foundAtMost}
	if r.Allows("contacts:read") {
		var named store.Filter
		contact.Holding(&named, q)
		contacts, _, err := r.Site.Contacts.List(ctx, r.Org(), p, named)
		if err != nil {
			return nil, err
		}
		groups = append(groups, group{"Contacts", lines(contacts, func(c parley.Contact) line {
			return line{ui.Name(c), text(c.Email), "/contacts/" + string(c.ID), "contacts"}
		})})
	}
	return groups, nil
}

func lines[T any](objs []T, show func(T) line) (all []line) {
	for _, obj := range objs {
		all = append(all, show(obj))
	}
	return all
}

// holds tells whether a text has every word of a query in it.
func holds(text, query string) bool {
	text = strings.ToLower(text)
	for word := range strings.FieldsSeq(strings.ToLower(query)) {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

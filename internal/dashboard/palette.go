package dashboard

import (
	"context"
	"slices"
	"strings"
	"time"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/names"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

// How objects are looked for.
const (
	foundAtMost = 4                      // of one noun
	shortest    = 2                      // bytes: a letter alone is in nearly every name
	longest     = 200                    // characters
	patience    = 100 * time.Millisecond // of somebody who types: what was found by then is shown
	longer      = 2 * time.Second        // of somebody who typed no more
)

// unfinished is the header of an answer that was given before all was looked through.
// The palette then asks once more, with the parameter patient.
const unfinished = "Palette-Unfinished"

// line is a line of the palette.
type line struct{ Text, Beside, Key, URL, Icon string }

type group struct {
	Title string
	Lines []line
}

// palette answers what the command palette shows for a query: places, things to do,
// and objects whose names hold it, or the one whose id it is. What can be done on the
// page itself is known there.
func palette(s *page.Site, routes []page.Route) page.Route {
	return page.Route{Pattern: "GET /palette", Handle: func(r *page.Request) error {
		q := query(r)
		nav := s.Nav(r.Visitor)
		groups := []group{{"Go to", places(nav, q)}, {"Do", commands(r, routes, nav, q)}}
		found, err := objects(r, nav, q)
		if err != nil {
			return err
		}
		groups = append(groups, found...)
		return r.Part(paletteGroups(slices.DeleteFunc(groups, func(g group) bool { return len(g.Lines) == 0 })))
	}}
}

// query is what was typed, as much of it as is looked for.
func query(r *page.Request) string {
	typed := []rune(strings.TrimSpace(r.Query("q")))
	return string(typed[:min(len(typed), longest)])
}

func places(nav []ui.Group, q string) (found []line) {
	for _, g := range nav {
		for _, i := range g.Items {
			if holds(i.Text+" "+g.Title, q) {
				found = append(found, line{Text: i.Text, Key: i.Key, URL: i.URL, Icon: i.Icon})
			}
		}
	}
	return found
}

func commands(r *page.Request, routes []page.Route, nav []ui.Group, q string) (found []line) {
	for _, route := range routes {
		if route.Command == "" || route.Scope != "" && !r.Allows(route.Scope) || !holds(route.Command, q) {
			continue
		}
		_, url, _ := strings.Cut(route.Pattern, " ")
		icon := "plus"
		if !strings.HasSuffix(url, "/new") {
			icon = iconAt(nav, url)
		}
		found = append(found, line{Text: route.Command, URL: url, Icon: icon})
	}
	return found
}

// iconAt is the icon of the place that an address is below.
func iconAt(nav []ui.Group, url string) string {
	icon, nearest := "right", 0
	for _, g := range nav {
		for _, i := range g.Items {
			if len(i.URL) > nearest && strings.HasPrefix(url+"/", i.URL+"/") {
				icon, nearest = i.Icon, len(i.URL)
			}
		}
	}
	return icon
}

// objects are those that the visitor may see, by noun in the order of the navigation.
func objects(r *page.Request, nav []ui.Group, q string) ([]group, error) {
	if len(q) < shortest {
		return nil, nil
	}
	if found, err := byID(r, nav, q); err != nil || len(found.Lines) > 0 {
		return []group{found}, err
	}
	wait := patience
	if r.Query("patient") != "" {
		wait = longer
	}
	ctx, cancel := context.WithTimeout(r.Context(), wait)
	defer cancel()
	nouns := nounsIn(r, nav)
	found, err := names.SearchMany(ctx, r.Site.DB.Read(), r.Org(), nouns, q, foundAtMost)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		r.Writer.Header().Set(unfinished, "true")
	}
	groups := make([]group, 0, len(nouns))
	for _, noun := range nouns {
		g := group{Title: title(noun)}
		for _, f := range found[noun] {
			g.Lines = append(g.Lines, lineOf(nav, f))
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// nounsIn are the nouns whose lists are places in the navigation.
func nounsIn(r *page.Request, nav []ui.Group) (nouns []string) {
	for _, g := range nav {
		for _, i := range g.Items {
			noun := names.NounAt(i.URL)
			if scope, ok := names.Scope(noun); ok && r.Allows(scope) {
				nouns = append(nouns, noun)
			}
		}
	}
	return nouns
}

func title(noun string) string { return form.Label(noun) + "s" }

func lineOf(nav []ui.Group, f names.Found) line {
	url := names.Path(f.ID)
	return line{Text: f.Name, Beside: f.Beside, URL: url, Icon: iconAt(nav, url)}
}

// byID is what an id names, if it is a whole one of something that has a page.
func byID(r *page.Request, nav []ui.Group, id string) (g group, err error) {
	switch event, delivery := parley.EventID(id), parley.DeliveryID(id); {
	case names.Path(id) != "":
		var all names.Names
		all, err = r.Names(r.Context(), id)
		if name := all[id]; name != "" {
			g = group{title(names.NounOf(id)), []line{lineOf(nav, names.Found{ID: id, Name: name})}}
		}
	case event.Sequence() > 0 && r.Allows("events:read"):
		var e *parley.Event
		if e, err = r.Site.Log.Get(r.Context(), r.Org(), event); err == nil {
			url := names.EventPath(event)
			g = group{"Events", []line{{Text: e.Type, Beside: id, URL: url, Icon: iconAt(nav, url)}}}
		}
	case strings.HasPrefix(id, delivery.Prefix()+"_") && r.Allows("webhooks:read"):
		g, err = deliveryByID(r, nav, delivery)
	}
	if parley.KindOf(err) == parley.NotFound {
		err = nil
	}
	return g, err
}

func deliveryByID(r *page.Request, nav []ui.Group, id parley.DeliveryID) (g group, err error) {
	seq, tail, ok := id.Parts()
	if !ok {
		return g, nil
	}
	webhook, err := store.WebhookByTail(r.Context(), r.Site.DB.Read(), r.Org(), tail)
	if err != nil || webhook == "" {
		return g, err
	}
	e, err := r.Site.Log.At(r.Context(), r.Org(), seq)
	if err != nil {
		return g, err
	}
	all, err := r.Names(r.Context(), string(webhook))
	url := names.DeliveryPath(webhook, id)
	return group{"Deliveries", []line{{Text: e.Type, Beside: all.Of(string(webhook)), URL: url, Icon: iconAt(nav, url)}}}, err
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

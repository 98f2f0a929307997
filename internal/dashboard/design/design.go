// Package design is the page on which the design system is written down: /dev/design,
// in dev mode.
package design

import (
	"time"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
)

// Routes are the addresses of this area.
func Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /dev/design", Command: "Look at the design system", Handle: show},
		{Pattern: "POST /dev/design", Handle: func(r *page.Request) error { return r.Done("/dev/design", "This is a toast: it says what was done.") }},
	}
}

func show(r *page.Request) error {
	return r.Page(page.Show{Title: "Design system"}, designPage())
}

// colors are the variables of the style sheet, with what each is for.
var colors = []struct{ Name, For string }{
	{"ground", "what pages stand on"},
	{"panel", "the side, heads of tables"},
	{"lifted", "what one points at"},
	{"line", "lines between things"},
	{"edge", "edges of inputs"},
	{"text", "text"},
	{"soft", "text beside text"},
	{"accent", "links, what is chosen"},
	{"accent-fill", "the primary button"},
	{"accent-soft", "ground of what is chosen"},
	{"good", "it went well"},
	{"good-soft", "its ground"},
	{"warn", "take care"},
	{"warn-soft", "its ground"},
	{"bad", "something has to be done"},
	{"bad-soft", "its ground"},
	{"bad-fill", "the button that destroys"},
	{"note-soft", "ground of private notes"},
}

var tones = []ui.Tone{ui.Plain, ui.Accent, ui.Good, ui.Warn, ui.Bad}

func toneName(t ui.Tone) string {
	if t == ui.Plain {
		return "plain"
	}
	return string(t)
}

func moments() []parley.Time {
	now := parley.Now()
	return []parley.Time{now, now.Add(-5 * time.Minute), now.Add(-5 * time.Hour), now.Add(-50 * 24 * time.Hour)}
}

var document = []byte(`{"id":"evt_01kaf0v3bs","type":"contact.created","sequence":42,"data":{"contact":{"name":"Ada <b>","email":null,"custom_fields":{"height":170},"tags":["a","b"]}}}`)

var series = []ui.Series{
	{Name: "Delivered", Tone: ui.Good, Values: []float64{12, 18, 22, 16, 30, 28, 41, 36, 44, 40, 38, 52}},
	{Name: "Failed", Tone: ui.Bad, Values: []float64{0, 0, 2, 1, 0, 0, 0, 6, 3, 0, 0, 1}},
}

func axis() (at []parley.Time) {
	for i := range 12 {
		at = append(at, parley.Now().Add(time.Duration(i-12)*5*time.Minute))
	}
	return at
}

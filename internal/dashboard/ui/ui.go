// Package ui is the design system of the dashboard: the style sheet, the scripts, and
// the pieces that pages are made of. The page /dev/design shows all of them, in dev
// mode. A piece writes what it is given as text: markup in it does nothing.
package ui

import (
	"context"
	"fmt"
	"hash/fnv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley"
)

//go:generate go tool -modfile=../../../tools/go.mod templ generate -path ..

// Tone says how a piece is meant.
type Tone string

// The tones: Plain says nothing, Bad that something has to be done.
const (
	Plain  Tone = ""
	Accent Tone = "accent"
	Good   Tone = "good"
	Warn   Tone = "warn"
	Bad    Tone = "bad"
)

// Toast is a short message about what has just been done.
type Toast struct {
	Text string
	Bad  bool
}

// Link is a place to go.
type Link struct{ Text, URL string }

type zoneKey struct{}

// WithZone is the context of what is shown to somebody in a time zone.
func WithZone(ctx context.Context, zone *time.Location) context.Context {
	return context.WithValue(ctx, zoneKey{}, zone)
}

// Zone is the time zone of the viewer.
func Zone(ctx context.Context) *time.Location {
	if zone, ok := ctx.Value(zoneKey{}).(*time.Location); ok {
		return zone
	}
	return time.UTC
}

// when is a time as the viewer reads it.
func when(ctx context.Context, t parley.Time) string {
	return t.Std().In(Zone(ctx)).Format("2 Jan 2006, 15:04")
}

// briefly is a time as short as one can read it: without the year that it is.
func briefly(ctx context.Context, t parley.Time) string {
	at := t.Std().In(Zone(ctx))
	if at.Year() == time.Now().In(Zone(ctx)).Year() {
		return at.Format("2 Jan, 15:04")
	}
	return when(ctx, t)
}

// exactly is a time to the millisecond, with its zone.
func exactly(ctx context.Context, t parley.Time) string {
	return t.Std().In(Zone(ctx)).Format("2 January 2006, 15:04:05.000 MST")
}

// ago is how long ago a time was, as long as that is what one wants to know.
func ago(ctx context.Context, t parley.Time) (text string, moving bool) {
	at, now := t.Std().In(Zone(ctx)), time.Now().In(Zone(ctx))
	since := now.Sub(at)
	switch {
	case since < 0:
		return when(ctx, t), false
	case since < time.Minute:
		return "just now", true
	case since < time.Hour:
		return fmt.Sprintf("%d min ago", int(since.Minutes())), true
	case since < 24*time.Hour:
		return fmt.Sprintf("%d h ago", int(since.Hours())), true
	case at.Year() == now.Year():
		return at.Format("2 Jan"), false
	}
	return at.Format("2 Jan 2006"), false
}

// initials are the one or two letters that stand for a name.
func initials(name string) string {
	var letters []rune
	for word := range strings.FieldsSeq(name) {
		if r, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(r) || unicode.IsNumber(r) {
			letters = append(letters, unicode.ToUpper(r))
		}
	}
	switch len(letters) {
	case 0:
		return "?"
	case 1:
		return string(letters)
	}
	return string([]rune{letters[0], letters[len(letters)-1]})
}

// hues are the grounds of avatars: white letters can be read on each.
var hues = []string{"#3b5bdb", "#1c7c54", "#9c36b5", "#b4530a", "#0b7285", "#c2255c", "#5f3dc4", "#5c6f1f"}

func hue(seed string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(seed)) // to memory
	return hues[int(h.Sum32())%len(hues)]
}

// Name is what a contact is called: by their name, else by what else is known of them.
func Name(c parley.Contact) string {
	for _, text := range []*string{c.Name, c.Email, c.Phone, c.ExternalID} {
		if text != nil && *text != "" {
			return *text
		}
	}
	return "Visitor " + short(string(c.ID))
}

// short is the end of an id, enough to tell it from others on a page.
func short(id string) string { return id[max(0, len(id)-6):] }

// Plural is a count with its noun.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// classes joins the names of classes that are not empty.
func classes(names ...string) string {
	return strings.Join(strings.Fields(strings.Join(names, " ")), " ")
}

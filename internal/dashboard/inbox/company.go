package inbox

import (
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/live"
)

// company is who else looks at a conversation or types in it.
type company struct {
	subject
	Others, Typing []string
}

func companyPart(r *page.Request, s subject) (templ.Component, error) {
	return present(company{subject: s, Others: others(r, r.Site.Hub.Present(r.Org(), s.ID))}), nil
}

func typistsPart(r *page.Request, s subject) (templ.Component, error) {
	return typists(company{subject: s, Typing: others(r, r.Site.Hub.Typists(r.Org(), s.ID))}), nil
}

// others are the names of persons but the viewer.
func others(r *page.Request, persons []live.Person) (names []string) {
	for _, p := range persons {
		switch {
		case p.Is(r.User.ID):
		case p.Name == "" && p.Type == parley.ActorContact:
			names = append(names, "The contact")
		default:
			names = append(names, p.Name)
		}
	}
	return names
}

// sentence is what persons do: "Ada and Grace are typing".
func sentence(names []string, one, many string) string {
	switch n := len(names); n {
	case 0:
		return ""
	case 1:
		return names[0] + " " + one
	default:
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1] + " " + many
	}
}

package content

import (
	"strings"

	"parley"
	"parley/internal/dashboard/ui"
)

// Short is a message in one line, for lists and notifications: "Image: receipt.png".
// It is never empty, and says of what type the content is where that is more than text.
func Short(m parley.Message) string {
	plain := m.Content.Plain()
	switch p := m.Content.Payload.(type) {
	case *parley.MediaPayload, *parley.FileUploadResponsePayload:
		return kindOf(m.Content.Type).Name + ": " + plain
	case *parley.ButtonsPayload:
		return ui.Plural(len(p.Buttons), "button", "buttons") + ": " + line(p.Title)
	case *parley.ListPayload:
		return "List of " + ui.Plural(listed(p), "choice", "choices") + ": " + line(p.Title)
	case *parley.CarouselPayload:
		if title := line(given(p.Title)); title != "" {
			return ui.Plural(len(p.Items), "picture", "pictures") + ": " + title
		}
		return ui.Plural(len(p.Items), "picture", "pictures")
	case *parley.FormPayload:
		return "Form: " + line(p.Message)
	case *parley.JavascriptPayload:
		return "Script for the visitor’s page"
	}
	if k := kindOf(m.Content.Type); k.Name != "" && m.Content.Type != "text" && plain != m.Content.Type {
		return k.Name + ": " + plain
	}
	return plain
}

// line is a text in one line.
func line(text string) string { return strings.Join(strings.Fields(text), " ") }

func listed(p *parley.ListPayload) (n int) {
	for _, s := range p.List.Sections {
		n += len(s.Items)
	}
	return n
}

// given is what an optional field says, the zero value if it was left out.
func given[T any](field *T) (value T) {
	if field != nil {
		value = *field
	}
	return value
}

package content

import (
	"context"
	"io"
	"regexp"
	"strings"

	"github.com/a-h/templ"

	"parley"
)

// piece is a stretch of a text: words, or a link.
type piece struct {
	text string
	link bool
}

// addresses are what may be web links in a text.
var addresses = regexp.MustCompile(`(?i)\bhttps?://[^\s<>"]+`)

// pieces finds the web links in a text. Marks at the end of one are the sentence's, and
// so is a bracket that was opened before it.
func pieces(text string) (all []piece) {
	end := 0
	for _, at := range addresses.FindAllStringIndex(text, -1) {
		link := trimmed(text[at[0]:at[1]])
		if !parley.IsWebLink(link) {
			continue
		}
		if at[0] > end {
			all = append(all, piece{text: text[end:at[0]]})
		}
		all = append(all, piece{link, true})
		end = at[0] + len(link)
	}
	if end < len(text) {
		all = append(all, piece{text: text[end:]})
	}
	return all
}

func trimmed(link string) string {
	for link != "" {
		last := link[len(link)-1]
		switch {
		case strings.ContainsRune(".,;:!?'*_", rune(last)):
		case last == ')' && strings.Count(link, "(") < strings.Count(link, ")"):
		case last == ']' && strings.Count(link, "[") < strings.Count(link, "]"):
		default:
			return link
		}
		link = link[:len(link)-1]
	}
	return link
}

// words is a text in which web links can be followed. It is written by hand, as every
// space of it counts.
func words(said string) templ.Component {
	return templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
		var b strings.Builder
		for _, p := range pieces(said) {
			text := templ.EscapeString(p.text)
			if p.link {
				text = `<a href="` + text + `" target="_blank" rel="noopener noreferrer nofollow">` + text + `</a>`
			}
			b.WriteString(text)
		}
		_, err := io.WriteString(w, b.String())
		return err
	})
}

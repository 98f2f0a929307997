package parley

import (
	"net/url"
	"path"
	"strings"
)

// MediaPayload is a file: the payload of image, audio, video and document.
type MediaPayload struct {
	Link     string  `json:"link" format:"uri" maxLength:"2048" doc:"Where the file is" example:"https://files.example.com/oven.jpg"`
	MimeType *string `json:"mime_type,omitempty" maxLength:"255" pattern:"^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*( *;.*)?$" patternDescription:"a media type like image/png" doc:"The media type of the file" example:"image/jpeg"`
	FileName *string `json:"file_name,omitempty" minLength:"1" maxLength:"255" pattern:"^[^/\\\\\\x00-\\x1f\\x7f]*$" patternDescription:"a file name without folders" doc:"The name that the file is shown and saved under" example:"oven.jpg"`
}

func (p *MediaPayload) plain() string { return plainFile(p.FileName, p.Link) }

// plainFile is what a file is called, or else how its link ends.
func plainFile(name *string, at string) string {
	if name := given(name); name != "" {
		return name
	}
	link, err := url.Parse(at)
	if err != nil || link.Path == "" {
		return at
	}
	return path.Base(link.Path)
}

// CarouselPayload is a row of pictures to leaf through.
type CarouselPayload struct {
	Title *string        `json:"title,omitempty" maxLength:"200" doc:"Stands above the pictures" example:"Fresh today"`
	Items []CarouselItem `json:"items" minItems:"1" maxItems:"20" doc:"The pictures, in order"`
}

// CarouselItem is one picture of a carousel.
type CarouselItem struct {
	Image       string  `json:"image" format:"uri" maxLength:"2048" doc:"Where the picture is" example:"https://files.example.com/rye.jpg"`
	Action      *string `json:"action,omitempty" maxLength:"2048" doc:"What a click on it does: opens an http or https link, or goes on at the step of a flow with this name; empty: nothing" example:"https://shop.example.com/rye"`
	Title       *string `json:"title,omitempty" maxLength:"200" doc:"Stands below the picture" example:"Rye bread"`
	Description *string `json:"description,omitempty" maxLength:"1000" doc:"Stands below the title"`
}

// Check finds actions that are links of another kind than http and https.
func (p *CarouselPayload) Check() (wrong []FieldError) {
	for i, item := range p.Items {
		if action := given(item.Action); action != "" && !harmless(action) {
			wrong = append(wrong, FieldError{place("payload.items[%d].action", i), "must be an http or https link, or the name of a step"})
		}
	}
	return wrong
}

func (p *CarouselPayload) plain() string {
	parts := []string{given(p.Title)}
	for _, item := range p.Items {
		parts = append(parts, given(item.Title))
	}
	if text := enumerate(parts...); text != "" {
		return text
	}
	return "carousel"
}

// IsWebLink tells whether a link leads to a web page: it is absolute, has a host,
// and its scheme is http or https.
func IsWebLink(link string) bool {
	u, err := url.Parse(link)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// harmless tells whether a text is a web link or cannot be taken for a link with a
// scheme (javascript:, data:) by any browser.
func harmless(text string) bool {
	return IsWebLink(text) || !strings.ContainsAny(text, ":\\")
}

package ui

import "parley"

// Frame is what surrounds a page, for somebody who is signed in.
type Frame struct {
	Document
	Person        parley.User
	Organization  parley.Organization
	Organizations int // that the person may enter
	Nav           []Group
	Current       string // the address in the navigation that the page belongs to

	LiveAfter    int64                 // the page shows what the log held up to here
	Conversation parley.ConversationID // that the page shows; "" for none
}

// Document is what every page needs, also one without a frame.
type Document struct {
	Title  string
	Theme  string // light, dark, or "" for what the system prefers
	Zone   string // as the viewer's browser has said
	Nonce  string // of the content security policy
	Assets *Assets
	Toasts []Toast
}

// Group is a part of the navigation.
type Group struct {
	Title string
	Items []Item
}

// Item is a place in the navigation.
type Item struct {
	Text, URL, Icon string
	Key             string // that leads there: "g i"
}

// Width is how wide a page is.
type Width string

// The widths: lists take the usual one, forms and texts a narrow one, and pages with
// panes of their own the whole window.
const (
	Usual  Width = ""
	Narrow Width = "narrow"
	Full   Width = "full"
)

func toastTone(t Toast) string {
	if t.Bad {
		return string(Bad)
	}
	return ""
}

// htmxConfig: nothing is evaluated and no style is written into the page, as the
// content security policy asks; the answer to a refused form replaces the form.
const htmxConfig = `{"allowEval":false,"includeIndicatorStyles":false,"historyEnabled":false,"selfRequestsOnly":true,"scrollIntoViewOnBoost":false,` +
	`"responseHandling":[{"code":"204","swap":false},{"code":"[23]..","swap":true},{"code":"422","swap":true,"error":false},{"code":"409","swap":true,"error":false},{"code":"[45]..","swap":false,"error":true}]}`

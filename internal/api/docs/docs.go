// Package docs serves the developer documentation: a guide, every operation of
// the API and every type of event, made from the OpenAPI document that the same
// server answers with. What the pages say of an operation, a field, a limit, a
// scope or an event is what the code does.
//
// The pages are finished HTML, served from memory. They need no script to be read,
// load nothing from elsewhere and run under a content security policy without
// exceptions; the little script there is searches, copies and remembers the theme.
//
//	/docs                the guide, and what each error means (#error-422)
//	/docs/webhooks       receiving webhooks
//	/docs/events         the event log, and the catalogue in one table
//	/docs/events/TYPE    a type of event, with an example in each payload format
//	/docs/api/TAG        the operations of a tag (#createContact) and its objects
//
// A link to /docs#NAME finds NAME on whichever page it is, or the page of that name.
package docs

import (
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"parley/internal/ratelimit"
)

// root is where the pages are served, with everything below it.
const root = "/docs"

// Handler serves the pages of a document, which must not be changed once it was given.
// The pages are made when the first of them is asked for, once, and
// kept compressed. A document that cannot be shown (an operation without an id, a
// reference that leads nowhere) is a programmer's mistake and panics.
func Handler(doc func() *huma.OpenAPI, limit ratelimit.Limit) http.Handler {
	files := sync.OnceValue(func() files {
		s := newSite(doc(), limit)
		s.write()
		return s.render()
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { files().serve(w, r) })
}

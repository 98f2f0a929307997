package docs

import (
	"bytes"
	"encoding/json"

	"github.com/danielgtaylor/huma/v2"

	"parley"
	"parley/internal/ratelimit"
)

// Illustrate gives every operation of a document an example of what is sent and of
// what is answered, where it has none yet: those that the pages show. They tell one
// story, that of the catalogue's examples.
func Illustrate(doc *huma.OpenAPI) {
	s := newSite(doc, ratelimit.Limit{})
	for _, op := range s.operations() {
		if body := bodyOf(op); body != nil {
			illustrate(op.RequestBody.Content[media], s.exampleBody(op))
		}
		if content := s.success(op).content; content != nil {
			illustrate(content, s.examples.answer(content.Schema))
		}
		if content := streamOf(op); content != nil {
			content.Example = s.frame(parley.ConversationAssigned.Name())
		}
	}
}

func illustrate(content *huma.MediaType, example tree) {
	if example == nil {
		example = object{} // it may be left out
	}
	if content.Example == nil {
		content.Example = json.RawMessage(text(example))
	}
}

// frame is an event as a stream of server-sent events has it.
func (s *site) frame(name string) string {
	event, _ := s.event(name).(object)
	sequence, _ := event.get("sequence")
	var data bytes.Buffer
	_ = json.Compact(&data, []byte(text(event))) // it is JSON
	return "id: " + said(sequence) + "\nevent: " + name + "\ndata: " + data.String() + "\n\n"
}

// streamOf is what an operation answers piece by piece, nil if it does not.
func streamOf(op *huma.Operation) *huma.MediaType {
	for _, r := range op.Responses {
		if content := r.Content["text/event-stream"]; content != nil {
			return content
		}
	}
	return nil
}

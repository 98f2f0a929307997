package inbox

import (
	"encoding/json"
	"net/http"
	"strings"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/schema"
)

// reply sends the text of the composer to the contact.
func reply(r *page.Request) error {
	return said(r, func(id parley.ConversationID, text string) error {
		body, err := json.Marshal(map[string]any{"content": parley.TextContent(text)})
		if err != nil {
			return err
		}
		var m parley.Message
		schema.Defaults(&m)
		if err := schema.ReadCreate(body, &m); err != nil {
			return err
		}
		_, err = r.Site.Conversations.Write(r.Context(), r.Caller(), id, m)
		return err
	})
}

// remark keeps the text of the composer as a private note.
func remark(r *page.Request) error {
	return said(r, func(id parley.ConversationID, text string) error {
		body, err := json.Marshal(map[string]any{"text": text})
		if err != nil {
			return err
		}
		var n parley.Note
		if err := schema.ReadCreate(body, &n); err != nil {
			return err
		}
		_, err = r.Site.Conversations.Remark(r.Context(), r.Caller(), id, n)
		return err
	})
}

// said does what the composer asks for. The thread shows it by itself.
func said(r *page.Request, do func(id parley.ConversationID, text string) error) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := r.ReadForm(); err != nil {
		return err
	}
	text := typed(r.PostForm.Get("text"))
	if text == "" {
		return parley.InvalidField("body.text", "must not be blank")
	}
	if err := do(id, text); err != nil {
		return err
	}
	if !r.Partial() {
		return r.Redirect("/inbox/" + string(id))
	}
	r.Writer.WriteHeader(http.StatusNoContent)
	return nil
}

// typed is a text as it was typed: browsers send other line ends in forms.
func typed(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
}

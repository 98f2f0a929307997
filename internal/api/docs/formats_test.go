package docs_test

import (
	"html"
	"strings"
	"testing"

	"parley/internal/payload"
)

// The samples come from the code that writes the requests: here is only checked that
// they are there.
func TestEveryFormatIsTold(t *testing.T) {
	t.Parallel()
	door, _ := newAPI(t)
	_, told, _ := strings.Cut(get(door, "/docs/webhooks", nil).Body.String(), ` id="formats"`)
	told, _, _ = strings.Cut(html.UnescapeString(told), "</section>")
	for _, f := range payload.Formats() {
		_, of, found := strings.Cut(told, "<h3><code>"+f.Name+"</code></h3>")
		of, _, _ = strings.Cut(of, "<h3>")
		if !found || strings.Contains(of, "<p></p>") || !strings.Contains(of, "message.created, "+f.ContentType) {
			t.Errorf("format %s is not told, or not all of it: %.200s", f.Name, of)
		}
		for _, want := range map[string][]string{
			"standard":    {"organization_id"},
			"flat":        {"workspaceId", "whk_", "<code>conversation.completed</code>"},
			"batch":       {"message_by", "<code>conversation_create</code>", "<code>assignee_change</code>", "<code>variables</code>", "<code>conversation_labels</code>", "<code>status</code>", "<code>note</code>"},
			"cloudevents": {"specversion", "parley.message.created"},
		}[f.Name] {
			if !strings.Contains(of, want) {
				t.Errorf("what is told of format %s lacks %s", f.Name, want)
			}
		}
	}
}

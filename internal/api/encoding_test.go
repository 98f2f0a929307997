package api_test

import (
	"strings"
	"testing"

	"parley"
	"parley/internal/testing/house"
)

// Answers are put together from objects that were encoded before: they are what
// [parley.JSON] makes of the noun.
func TestAnswersAreWhatTheStandardLibraryWouldWrite(t *testing.T) {
	t.Parallel()
	f := furnish(t, house.New(t).AddOrganization(t)).whole()
	asStandard[parley.User](t, f, "/v1/users", "agent")
	asStandard[parley.APIKey](t, f, "/v1/api_keys", "key")
	asStandard[parley.Inbox](t, f, "/v1/inboxes", "widget")
	asStandard[parley.Contact](t, f, "/v1/contacts", "contact")
	asStandard[parley.Conversation](t, f, "/v1/conversations", "conversation")
	asStandard[parley.Message](t, f, "/v1/conversations/$conversation/messages", "reply")
	asStandard[parley.Note](t, f, "/v1/conversations/$conversation/notes", "note")
	asStandard[parley.Label](t, f, "/v1/labels", "")
	asStandard[parley.CustomField](t, f, "/v1/custom_fields", "choice")
	asStandard[parley.Webhook](t, f, "/v1/webhooks", "webhook")
}

// What somebody wrote comes back as it was written, in objects, lists, events and
// errors.
func TestAnswersAreLiteral(t *testing.T) {
	t.Parallel()
	h := house.New(t)
	const name = "Tom & Jo <tom@example.org>"
	made := h.Make("/v1/contacts", `{"name":"`+name+`","variables":{"b":"a > b"}}`)
	for _, path := range []string{"/v1/contacts/" + made.Text("id"), "/v1/contacts", "/v1/events?types=contact.*"} {
		if body := string(h.Get(path).Body); !strings.Contains(body, name) || !strings.Contains(body, `"b":"a > b"`) {
			t.Errorf("%s answers %s", path, body)
		}
	}
	if a := h.Do("POST", "/v1/contacts", `{"<i>":1}`).Want(422); !strings.Contains(string(a.Body), "body.<i>") {
		t.Errorf("the error is %s", a)
	}
}

// asStandard reads a list whole and in part and one object of it, each as it comes
// from the database and as it is kept.
func asStandard[T any](t *testing.T, f *fixture, path, name string) {
	t.Helper()
	type list struct {
		Data       []T     `json:"data"`
		NextCursor *string `json:"next_cursor"`
	}
	path = f.says(path)
	for range 2 {
		rewritten[list](t, f, path)
		rewritten[list](t, f, path+"?limit=1")
		rewritten[list](t, f, path+"?changed_after=0")
		rewritten[list](t, f, path+"?changed_after=100000")
		if name != "" {
			rewritten[T](t, f, path+"/"+f.id(name))
		}
	}
}

func rewritten[T any](t *testing.T, f *fixture, path string) {
	t.Helper()
	a := f.Get(path)
	var v T
	a.Decode(&v)
	if want, err := parley.JSON(v); err != nil || string(a.Body) != string(want) {
		t.Errorf("%s answers %s, want %s (%v)", path, a.Body, want, err)
	}
}

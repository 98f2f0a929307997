package mirror_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"

	"parley/internal/testing/house"
)

// world changes an organization at random, through the API.
type world struct {
	*house.House
	t      *testing.T
	random *rand.Rand
	ids    map[string][]string // by noun
	parts  map[string][]string // messages and notes: the paths of each
	with   map[string]string   // the contact of each conversation
}

func newWorld(t *testing.T, h *house.House) *world {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	return &world{House: h, t: t, random: rand.New(rand.NewPCG(seed, 0)), ids: map[string][]string{}, parts: map[string][]string{}, with: map[string]string{}}
}

// keepBusy takes steps until it is told to stop.
func (w *world) keepBusy() (stop func()) {
	ended := make(chan struct{})
	var working sync.WaitGroup
	working.Go(func() {
		for {
			select {
			case <-ended:
				return
			default:
				w.step()
			}
		}
	})
	return func() {
		close(ended)
		working.Wait()
	}
}

// one picks an object of a noun, "" if there is none.
func (w *world) one(noun string) string {
	if len(w.ids[noun]) == 0 {
		return ""
	}
	return w.ids[noun][w.random.IntN(len(w.ids[noun]))]
}

func (w *world) make(noun string, body map[string]any) string {
	id := w.Make("/v1/"+noun, body).Text("id")
	w.ids[noun] = append(w.ids[noun], id)
	return id
}

func (w *world) word() string {
	return fmt.Sprintf("%d \"é\" \\ 漢 %d", w.random.IntN(1000), w.random.IntN(1000))
}

// step makes one change.
func (w *world) step() {
	contact, conversation := w.one("contacts"), w.one("conversations")
	switch n := w.random.IntN(20); {
	case n < 4 || contact == "":
		w.make("contacts", map[string]any{"name": w.word(), "variables": map[string]any{"n": w.random.Float64(), "yes": true, "text": w.word()}})
	case n < 7 || conversation == "":
		w.with[w.make("conversations", map[string]any{"contact_id": contact, "inbox_id": w.Inbox.ID, "subject": w.word()})] = contact
	case n < 12:
		m := w.Make("/v1/conversations/"+conversation+"/messages", map[string]any{"content": map[string]any{"type": "text", "text": w.word()}})
		w.parts[conversation] = append(w.parts[conversation], "messages/"+m.Text("id"))
	case n < 13:
		m := w.Make("/v1/conversations/"+conversation+"/notes", map[string]any{"text": w.word()})
		w.parts[conversation] = append(w.parts[conversation], "notes/"+m.Text("id"))
	case n < 14:
		w.Do(http.MethodPatch, "/v1/contacts/"+contact, map[string]any{"phone": "+44 20 7946 0" + fmt.Sprint(100+w.random.IntN(900))}).Want(http.StatusOK)
	case n < 15:
		w.Do(http.MethodPatch, "/v1/conversations/"+conversation, map[string]any{"subject": w.word()}).Want(http.StatusOK)
		w.Make("/v1/conversations/"+conversation+"/labels", map[string]any{"name": fmt.Sprint("label ", w.random.IntN(5))})
	case n < 16:
		w.make("tasks", map[string]any{"title": w.word(), "contact_id": contact, "due_at": "2026-12-01T10:00:00Z"})
	case n < 17:
		w.make("orders", map[string]any{"contact_id": contact, "amount": 1250, "currency": "EUR", "items": []any{map[string]any{"name": "Bread", "quantity": 1, "unit_amount": 1250}}})
	case n < 18:
		w.dropPart(conversation)
	case n < 19 && w.random.IntN(3) == 0:
		w.drop("contacts", contact) // with its conversations
	default:
		w.drop("conversations", conversation)
	}
}

func (w *world) dropPart(conversation string) {
	parts := w.parts[conversation]
	if len(parts) == 0 {
		return
	}
	w.Do(http.MethodDelete, "/v1/conversations/"+conversation+"/"+parts[0], "").Want(http.StatusNoContent)
	w.parts[conversation] = parts[1:]
}

func (w *world) drop(noun, id string) {
	w.Do(http.MethodDelete, "/v1/"+noun+"/"+id, "").Want(http.StatusNoContent)
	w.ids[noun] = slices.DeleteFunc(w.ids[noun], func(other string) bool { return other == id })
	if noun != "contacts" {
		return
	}
	w.ids["conversations"] = slices.DeleteFunc(w.ids["conversations"], func(conversation string) bool { return w.with[conversation] == id })
}

package inbox_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

func TestAConversationIsStarted(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	_, ada := begun(d, "Ada Quince", "Buns", "Are there any?")
	begun(d, "Grace Quince", "Rye", "Is there any?")
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox")
	b.Wait("html[data-stream=open]")
	b.Press("c")
	b.WaitURL("/inbox/new")

	// Somebody who is not there: it is said beside the field, and nothing typed is lost.
	b.Type("#field-contact_id", "Nobody in particular")
	b.Select("#field-inbox_id", string(d.Made.Inbox.ID))
	b.Type("#field-subject", "Your order")
	b.Type("#field-text", "It is ready.")
	b.Click("main form .button.primary")
	b.WaitText("#field-contact_id-error", "Choose one of the contacts that are listed as you type")
	if subject, text := b.Value("#field-subject"), b.Value("#field-text"); subject != "Your order" || text != "It is ready." {
		t.Errorf("of what was typed %q and %q is left", subject, text)
	}

	// The contact is searched and picked, and the form sent, without a mouse.
	b.Clear("#field-contact_id")
	b.Type("#field-contact_id", "ada quin")
	b.WaitCount("#field-contact_id-list option", 1)
	picked := browser.Eval[string](b, `document.querySelector("#field-contact_id-list option").value`)
	b.Clear("#field-contact_id")
	b.Type("#field-contact_id", picked) // as the browser's own list of options does
	b.Press("Tab")
	b.Type("#field-text", "Dear Ada, ")
	b.Press("Control+Enter")
	b.WaitText("#head h1", "Your order")
	b.WaitText("#latest .ours", "Dear Ada, It is ready.")
	b.WaitText("#panel", "Ada Quince")

	// Who begins at a contact finds them chosen.
	b.Open(d.URL + "/inbox/new?contact_id=" + ada)
	if chosen := b.Value("#field-contact_id"); !strings.Contains(chosen, "Ada Quince") {
		t.Errorf("the contact is %q", chosen)
	}
	b.Select("#field-inbox_id", string(d.Made.Inbox.ID))
	b.Click("main form .button.primary")
	b.WaitText("#head h1", "Ada Quince")
	b.WaitText("#latest", "Noor started the conversation")
	b.Expect("422")
}

// Browsers send texts with line ends of their own, and count those differently.
func TestTextsAreKeptAsTheyWereTyped(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	agent := d.Client(t, desk.Agent)
	conv, contact := begun(d, "Ada", "Buns", "Are there any?")
	long := strings.Repeat("a\r\n", 4999) + "ab" // 10,000 characters as one types them
	want := strings.ReplaceAll(long, "\r\n", "\n")
	if status, _, _ := d.Post(t, agent, "/inbox/"+conv+"/messages", url.Values{"text": {long}}); status != http.StatusSeeOther {
		t.Errorf("a reply is answered %d", status)
	}
	if got := said(d, conv); got[len(got)-1] != want {
		t.Errorf("the reply is %.20q…", got[len(got)-1])
	}
	form := url.Values{"contact_id": {contact}, "inbox_id": {string(d.Made.Inbox.ID)}, "text": {long}}
	_, to, _ := d.Post(t, agent, "/inbox/new", form)
	if got := said(d, strings.TrimPrefix(to, "/inbox/")); len(got) != 1 || got[0] != want {
		t.Errorf("the first message is %.20q…", got)
	}
	form.Set("text", long+"c")
	if status, _, body := d.Post(t, agent, "/inbox/new", form); status != http.StatusUnprocessableEntity || !strings.Contains(body, `id="field-text-error"`) {
		t.Errorf("one that is too long is answered %d, and not beside its field", status)
	}
}

func TestTheInboxOnAPhone(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada Augusta King-Noel, Countess of Lovelace", "Buns "+strings.Repeat("and rolls ", 12), "https://shop.example.com/"+strings.Repeat("a-very-long-address", 9))
	d.API(http.MethodPost, "/v1/canned_responses", map[string]any{"shortcut": "soon", "name": "Soon", "text": "Soon, " + strings.Repeat("very soon ", 20)})
	b := d.Browser(t, desk.Agent)
	b.View(360, 720, browser.Light)
	fits := func(where string) {
		t.Helper()
		for _, wide := range b.Overflows() {
			t.Errorf("%s: too wide: %s", where, wide)
		}
	}
	hidden := func(selector string) {
		t.Helper()
		if browser.Eval[bool](b, fmt.Sprintf(`document.querySelector(%q).checkVisibility()`, selector)) {
			t.Errorf("%s is in the way", selector)
		}
	}
	inside := func(selector string) {
		t.Helper()
		b.Wait(selector)
		if !browser.Eval[bool](b, fmt.Sprintf(`(({ left, top, right, bottom }) => left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight)(document.querySelector(%q).getBoundingClientRect())`, selector)) {
			t.Errorf("%s is not whole in the window", selector)
		}
	}
	b.Open(d.URL + "/inbox?status=any")
	b.Wait("html[data-stream=open]")
	fits("the list")
	hidden(".inbox-thread")
	b.Click("#row-" + conv)
	b.WaitURL("/inbox/" + conv + "?status=any")
	b.Wait("html[data-stream=open]")
	fits("the thread")
	hidden("#rows")
	hidden("#panel")
	inside(".inbox-composer")
	inside("[data-send]")
	b.Click("#composer textarea")
	b.Press("/")
	inside("#canned-list button")
	inside("#canned")
	fits("the canned responses")
	b.Click("#canned-list button")
	b.Click("[data-send]")
	b.WaitText("#latest .ours", "Soon, very soon")
	hand(t, b, "drop", "#thread", strings.Repeat("a-long-name", 12)+".txt")
	fits("a file in the composer")
	inside("#files li")
	inside("#files li button")
	b.Click("#files li button")
	b.Click("[popovertarget=compose-kinds]")
	inside("#compose-kinds")
	b.Press("Escape")
	b.Click("[popovertarget=assign]")
	inside("#assign")
	b.Press("Escape")

	b.Click("[data-details].inbox-about")
	b.WaitText("#panel", "Ada Augusta")
	fits("the details")
	if width := browser.Eval[float64](b, `document.querySelector("#panel").getBoundingClientRect().width`); width < 350 {
		t.Errorf("the details have %v px of the window's 360", width)
	}
	hidden(".inbox-thread")
	b.Click(".inbox-close")
	b.Wait("#thread")
	hidden("#panel")
	b.Click("[data-details].inbox-about")
	b.Wait("#panel")
	browser.Eval[bool](b, `(history.back(), true)`) // what the phone itself goes back by
	b.Wait("#thread")
	hidden("#panel")
	b.WaitURL("/inbox/" + conv + "?status=any")
	b.Click("[data-back]")
	b.WaitURL("/inbox?status=any")
	b.Wait("#row-" + conv)
	b.Expect()
}

// What is more than text is written from the composer, and answered.
func TestAQuestionIsAskedAndAnswered(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "Which are there?")
	d.API(http.MethodPost, "/v1/canned_responses", map[string]any{"shortcut": "choose", "name": "Choose", "text": "Please choose, {{contact.name}}."})
	d.API(http.MethodPost, "/v1/canned_responses", map[string]any{"shortcut": "bye", "name": "Farewell", "text": "Until tomorrow."})
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox/" + conv)
	b.Wait("html[data-stream=open]")

	// By the keyboard alone: the list opens, is narrowed, and its first is taken.
	b.Click("#composer textarea")
	b.Press("/")
	b.WaitCount("#canned-list [data-insert='Until tomorrow.']", 1)
	b.Press("c", "h", "o", "o")
	b.WaitCount("#canned-list [data-insert='Until tomorrow.']", 0)
	b.Press("Enter")
	if words := b.Value("#composer textarea"); words != "Please choose, Ada." {
		t.Errorf("what stands in the composer is %q", words)
	}
	b.Press("Control+Enter")
	b.WaitText("#latest .ours", "Please choose, Ada.")

	b.Click("[popovertarget=compose-kinds]")
	b.Click("#compose-kinds a[href$='/buttons']")
	b.Type("#compose [name=title]", "Which shall it be?")
	b.Type("#compose [name='buttons[0].title']", "Rye")
	b.Type("#compose [name='buttons[1].title']", "Spelt")
	b.WaitCount("#compose [data-preview] .content-button", 2)
	b.Click("#compose .button.primary")
	b.Gone("#compose[open]")
	b.WaitText("#latest .ours", "Which shall it be?")
	b.WaitCount("#latest .content-button", 2)
	d.API(http.MethodPost, "/v1/conversations/"+conv+"/messages", map[string]any{"direction": "incoming", "content": map[string]any{
		"type": "button.response", "payload": map[string]any{"body": "Spelt"},
	}})
	b.WaitText("#latest .content-chosen", "Spelt")

	b.Click("[popovertarget=compose-kinds]")
	b.Click("#compose-kinds a[href$='/form']")
	b.Type("#compose [name=message]", "Where to?")
	b.Type("#compose [name='fields[0].label']", "Street")
	b.Click("#compose .button.primary")
	b.Gone("#compose[open]")
	b.WaitText("#latest .ours", "Street")
	b.WaitText("#row-"+conv, "Where to?")
	b.Expect()
}

func TestDraftsAwaitWhoeverComesBack(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	buns, _ := begun(d, "Ada", "Buns", "Are there any?")
	rye, _ := begun(d, "Grace", "Rye", "Is there any?")
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox/" + buns)
	b.Wait("html[data-stream=open]")
	b.Type("#composer textarea", "There are tw")
	b.Click("[data-mode=note]")
	b.Type("#composer textarea", "She asks every week")
	b.Click("[data-mode=reply]")
	b.Click("#row-" + rye)
	b.WaitText("#head h1", "Rye")
	if words := b.Value("#composer textarea"); words != "" {
		t.Errorf("the draft of another conversation stands here: %q", words)
	}
	b.Type("#composer textarea", "None")
	b.Click("#row-" + buns)
	b.WaitText("#head h1", "Buns")
	if words := b.Value("#composer textarea"); words != "There are tw" {
		t.Errorf("the draft is %q", words)
	}
	b.Click("[data-mode=note]")
	if words := b.Value("#composer textarea"); words != "She asks every week" {
		t.Errorf("the draft of the note is %q", words)
	}

	// Somebody else signs in where this one sat.
	at, err := url.Parse(d.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range d.Client(t, desk.Owner).Jar.Cookies(at) {
		b.Cookie(c.Name, c.Value, d.URL)
	}
	for _, conv := range []string{rye, buns} {
		b.Open(d.URL + "/inbox/" + conv)
		b.Wait("html[data-stream=open]")
		if words := b.Value("#composer textarea"); words != "" {
			t.Errorf("another's draft is shown: %q", words)
		}
	}
	b.Expect()
}

// A page that slept for so long that the log has gone on too far to be told of shows
// everything as it is when it wakes.
func TestAPageThatSleptLongLoadsAnew(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "Are there any?")
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox/" + conv)
	b.Wait("html[data-stream=open]")
	// Browsers put pages to sleep, and wake them, with these events.
	browser.Eval[bool](b, `window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }))`)
	d.API(http.MethodPost, "/v1/conversations/"+conv+"/messages", map[string]any{"direction": "incoming", "content": map[string]any{"type": "text", "text": "said meanwhile"}})
	d.API(http.MethodPatch, "/v1/conversations/"+conv, map[string]any{"status": "pending"})
	other, _ := begun(d, "Grace", "Rye", "Is there any?")
	events := make([]map[string]any, 600)
	for n := range events {
		events[n] = map[string]any{"type": "custom.tick", "key": fmt.Sprint(n)}
	}
	d.API(http.MethodPost, "/v1/events", map[string]any{"events": events})
	browser.Eval[bool](b, `window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }))`)
	b.WaitText("#latest", "said meanwhile")
	b.WaitText("#head .badge", "Pending")
	b.Wait("#row-" + other)
	// From there on it is told again.
	d.API(http.MethodPost, "/v1/conversations/"+conv+"/messages", map[string]any{"direction": "incoming", "content": map[string]any{"type": "text", "text": "said afterwards"}})
	b.WaitText("#latest", "said afterwards")
	b.Expect()
}

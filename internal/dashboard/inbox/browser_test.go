package inbox_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

func TestAnAgentAnswers(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada "+desk.Script, "Buns <b>", "Are there any? "+desk.Script)
	d.API(http.MethodPost, "/v1/canned_responses", map[string]any{"shortcut": "soon", "name": "Soon", "text": "Soon, {{contact.name}}."})
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox")
	b.Click("#row-" + conv)
	b.WaitText("#latest", "Are there any?")
	desk.Harmless(t, b)

	b.Type("#composer textarea", "There are twelve.")
	b.Press("Control+Enter")
	b.WaitText("#latest .ours", "There are twelve.")
	b.WaitCount("#sending *", 0)
	b.WaitText("#row-"+conv, "You: There are twelve.")

	b.Click("[data-mode=note]")
	b.Type("#composer textarea", "A draft that stays")
	b.Reload()
	b.WaitText("[data-send]", "Keep")
	if draft := b.Value("#composer textarea"); draft != "A draft that stays" {
		t.Errorf("the draft is %q", draft)
	}
	b.Click("[data-send]")
	b.WaitText("#latest .note", "A draft that stays")

	b.Click("[data-mode=reply]")
	b.Press("/")
	b.Click("#canned-list button")
	b.Press("Control+Enter")
	b.WaitText("#latest .ours", "Soon, Ada <img")

	file := filepath.Join(t.TempDir(), "recipe.txt")
	if err := os.WriteFile(file, []byte("flour"), 0o600); err != nil {
		t.Fatal(err)
	}
	b.Click("[popovertarget=compose-kinds]")
	b.Click("#compose-kinds a[href$='/upload']")
	b.Wait("#compose [type=file]")
	b.Upload("#compose [type=file]", file)
	b.Click("#compose .button.primary")
	b.WaitText("#latest", "recipe.txt")

	browser.Eval[bool](b, `(() => { document.activeElement.blur(); return true })()`)
	b.Press("m")
	b.WaitText("#latest", "took it")
	b.Press("l")
	b.Type("#labels input", "fresh")
	b.Press("Enter")
	b.WaitText("#panel .label", "fresh")
	b.Press("Escape")
	b.Click("[popovertarget=snooze]")
	b.Click("#snooze [value=tomorrow]")
	b.WaitText("#head", "Snoozed")
	b.Press("o")
	b.WaitText("#head .badge", "Open")
	b.Press("e")
	b.WaitText("#head .badge", "Resolved")
	b.Gone("#row-" + conv)

	b.Click("#panel [aria-label='Edit the contact']")
	b.Wait("#edit form")
	b.Clear("#edit [name=email]")
	b.Type("#edit [name=email]", "ada@example.com")
	b.Click("#edit .button.primary")
	b.WaitText("#panel", "ada@example.com")
	b.Gone("#edit[open]")
	desk.Harmless(t, b)
	b.Expect()
}

func TestAThreadGoesBack(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "Are there any?")
	for range 45 {
		d.API(http.MethodPost, "/v1/conversations/"+conv+"/messages", map[string]any{"content": map[string]any{"type": "text", "text": "on and on"}})
	}
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox")
	b.Wait("#row-" + conv)
	b.Press("j")
	b.WaitURL("/inbox/" + conv)
	b.Wait("html[data-stream=open]")
	if left := browser.Eval[float64](b, `(t => t.scrollHeight - t.scrollTop - t.clientHeight)(document.querySelector("#thread"))`); left > 2 {
		t.Errorf("the thread is %v px from its end", left)
	}
	b.Click("[data-older]")
	b.WaitText("#thread", "Are there any?")
	b.Gone("[data-older]")
	d.API(http.MethodPost, "/v1/conversations/"+conv+"/messages", map[string]any{"content": map[string]any{"type": "text", "text": "the end"}})
	b.WaitText("#latest", "the end")
	b.WaitText("#thread", "Are there any?")
	b.Press("j")
	b.WaitText("#head h1", "Sunday hours")
	b.Wait("html[data-stream=open]") // before, no key is heard
	b.Press("k")
	b.WaitURL("/inbox/" + conv)
	b.Expect()
}

func TestTwoAgentsSeeEachOther(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "Are there any?")
	noor, robin := d.Browser(t, desk.Agent), d.Browser(t, desk.Owner)
	address := d.URL + "/inbox/" + conv
	noor.Open(address)
	noor.Wait("html[data-stream=open]")
	robin.Open(address)
	robin.Wait("html[data-stream=open]")
	noor.WaitText("#company", "Robin is also looking at this")
	robin.WaitText("#company", "Noor is also looking at this")

	noor.Type("#composer textarea", "There are")
	robin.WaitText("#typists", "Noor is typing")
	noor.Press("Control+Enter")
	robin.WaitText("#latest", "There are")
	robin.WaitText("#row-"+conv, "There are")

	browser.Eval[bool](robin, `(() => { document.activeElement.blur(); return true })()`)
	robin.Press("m")
	noor.WaitText("#head .inbox-assign", "Robin")
	noor.WaitText("#latest", "Robin took it")
	robin.Press("l")
	robin.Type("#labels input", "fresh")
	robin.Press("Enter")
	noor.WaitText("#row-"+conv, "fresh")

	noor.Offline(true)
	d.API(http.MethodPost, "/v1/conversations/"+conv+"/messages", map[string]any{"direction": "incoming", "content": map[string]any{"type": "text", "text": "said meanwhile"}})
	robin.WaitText("#latest", "said meanwhile")
	noor.Type("#composer textarea", "without a line")
	noor.Press("Control+Enter")
	noor.WaitText("#sending .failed", "cannot be reached")
	noor.Offline(false)
	noor.WaitText("#latest", "said meanwhile")
	if n := browser.Eval[int](noor, `document.querySelector("#latest").innerText.split("said meanwhile").length - 1`); n != 1 {
		t.Errorf("what was missed is shown %d times", n)
	}
	noor.Click("#sending .failed button")
	robin.WaitText("#latest", "without a line")
	noor.WaitCount("#sending *", 0)
	robin.Expect()
	for _, problem := range noor.Problems() {
		if !strings.Contains(problem, "htmx:") { // which says so if it asked while the line was cut
			t.Errorf("problem: %s", problem)
		}
	}
}

// However long the line takes, replies arrive in the order in which they were written.
func TestRepliesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "Are there any?")
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox/" + conv)
	b.Wait("html[data-stream=open]")
	browser.Eval[bool](b, `(() => {
		const fetch = window.fetch
		let first = true
		window.fetch = async (address, ...rest) => {
			if (first && address.endsWith("/messages")) {
				first = false
				await new Promise(done => setTimeout(done, 500))
			}
			return fetch(address, ...rest)
		}
		return true
	})()`)
	b.Click("#composer textarea")
	for _, words := range []string{"There are some.", "Twelve."} {
		b.Type("#composer textarea", words)
		b.Press("Control+Enter")
	}
	b.WaitText("#latest", "Twelve.")
	b.WaitCount("#sending *", 0)
	if got, want := said(d, conv), []string{"Are there any?", "There are some.", "Twelve."}; !slices.Equal(got, want) {
		t.Errorf("what was said is %q, want %q", got, want)
	}
	b.Expect()
}

// Where there is room for two panes, the details stand beside the thread.
func TestDetailsStandBesideTheThread(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "Are there any?")
	b := d.Browser(t, desk.Agent)
	b.View(1000, 700, browser.Light)
	b.Open(d.URL + "/inbox/" + conv)
	b.Wait("html[data-stream=open]")
	b.Press("i")
	b.Wait("#panel")
	const right = `Math.round(document.querySelector("#details").getBoundingClientRect().right)`
	if at := browser.Eval[int](b, right); at != 1000 {
		t.Errorf("the details end at %d px, and the window at 1000", at)
	}
	b.Press("i")
	b.Wait("#row-" + conv)
	b.Expect()
}

func TestTheInboxIsSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Owner)
	conv := id(d.First("/v1/conversations?q=Two+loaves"))
	desk.Inspect(t, b, d.URL+"/inbox", "#rows")
	desk.Inspect(t, b, d.URL+"/inbox?folder=mine&q=nothing", ".empty")
	desk.Inspect(t, b, d.URL+"/inbox/new", "#field-text")
	desk.Inspect(t, b, d.URL+"/inbox/"+conv, "#thread")
	desk.Screens(t, b, "../../..", "inbox")
}

package inbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

// hand gives files to the page, by their names, as dropping or pasting them does.
func hand(t *testing.T, b *browser.Browser, event, selector string, files ...string) {
	t.Helper()
	names, err := json.Marshal(files)
	if err != nil {
		t.Fatal(err)
	}
	browser.Eval[bool](b, fmt.Sprintf(`((event, at, names) => {
		const t = new DataTransfer(), how = { bubbles: true, cancelable: true }
		for (const name of names) t.items.add(new File(["what is in " + name], name))
		if (event === "paste") return at.dispatchEvent(new ClipboardEvent(event, { ...how, clipboardData: t }))
		at.dispatchEvent(new DragEvent("dragover", { ...how, dataTransfer: t }))
		return at.dispatchEvent(new DragEvent(event, { ...how, dataTransfer: t }))
	})(%q, document.querySelector(%q), %s)`, event, selector, names))
}

// large hands the page a file that is as large as the server allows, and some bytes more.
const large = `(more => {
	const t = new DataTransfer()
	t.items.add(new File([new Uint8Array(25 * 1048576 + more)], "film.mov"))
	return document.querySelector("#thread").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: t }))
})(%d)`

// said are the messages of a conversation, the oldest first: their texts, and the
// names of their files.
func said(d *desk.Desk, conv string) (all []string) {
	list, _ := d.API(http.MethodGet, "/v1/conversations/"+conv+"/messages", nil)["data"].([]any)
	for _, one := range list {
		m, _ := one.(map[string]any)
		content, _ := m["content"].(map[string]any)
		if payload, ok := content["payload"].(map[string]any); ok {
			name, _ := payload["file_name"].(string)
			all = append(all, name)
			continue
		}
		text, _ := content["text"].(string)
		all = append(all, text)
	}
	slices.Reverse(all)
	return all
}

func TestFilesAreSentWithTheReply(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "How are they made?")
	folder := t.TempDir()
	for _, name := range []string{"recipe.txt", "prices.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("flour"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox/" + conv)
	b.Wait("html[data-stream=open]")
	b.Type("#composer textarea", "Like this:")
	b.Upload("#attach", filepath.Join(folder, "recipe.txt"), filepath.Join(folder, "prices.txt"))
	b.WaitCount("#files li", 2)
	hand(t, b, "drop", "#thread", "list.csv")
	hand(t, b, "paste", "#composer textarea", "screen.txt")
	b.WaitCount("#files li", 4)
	hand(t, b, "drop", "#rows", "elsewhere.txt") // not on the thread
	b.Click("#files [aria-label='Remove prices.txt']")
	b.WaitCount("#files li", 3)
	browser.Eval[bool](b, fmt.Sprintf(large, 1))
	b.WaitText("#files .bad", "film.mov")
	b.WaitText("#files .bad", "is larger than 25 MB")
	if words := b.Value("#composer textarea"); words != "Like this:" {
		t.Errorf("the text is %q by now", words)
	}
	for _, finding := range b.Axe(".inbox-composer") {
		t.Errorf("axe: %s", finding)
	}

	b.Click("[data-send]")
	for _, arrived := range []string{"Like this:", "recipe.txt", "list.csv", "screen.txt"} {
		b.WaitText("#latest", arrived)
	}
	b.WaitCount("#sending *", 0)
	b.WaitCount("#files li", 1) // what cannot be sent stays until it is removed
	b.Click("#files button")
	b.WaitCount("#files li", 0)
	if got, want := said(d, conv), []string{"How are they made?", "Like this:", "recipe.txt", "list.csv", "screen.txt"}; !slices.Equal(got, want) {
		t.Errorf("what was said is %q, want %q", got, want)
	}

	// Files need no words.
	hand(t, b, "drop", "#thread", "alone.txt")
	b.Click("[data-send]")
	b.WaitText("#latest", "alone.txt")
	b.Expect()
}

// A private note is for colleagues: a file would go to the contact.
func TestANoteSendsNoFiles(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "How are they made?")
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox/" + conv)
	b.Wait("html[data-stream=open]")
	hand(t, b, "drop", "#thread", "recipe.txt")
	b.WaitCount("#files li", 1)
	b.Click("[data-mode=note]")
	hand(t, b, "drop", "#thread", "margins.txt")
	hand(t, b, "paste", "#composer textarea", "costs.txt")
	b.WaitText("#toasts", "A private note has no files")
	b.Type("#composer textarea", "She asks every week.")
	b.Press("Control+Enter")
	b.WaitText("#latest .note", "She asks every week.")
	b.Click("[data-mode=reply]")
	b.Wait("#files li")
	b.WaitCount("#files li", 1)
	if got := said(d, conv); len(got) != 1 {
		t.Errorf("what the contact sees is %q", got)
	}
	b.Expect()
}

func TestARefusedFileSaysWhy(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "How are they made?")
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox/" + conv)
	b.Wait("html[data-stream=open]")
	// The page takes it, as one would that knows of no limit; the server does not.
	browser.Eval[bool](b, `(() => {
		window.most = 0
		new MutationObserver(() => { window.most = Math.max(window.most, document.querySelector("#sending progress")?.value ?? 0) })
			.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true })
		document.querySelector("#composer").dataset.largest = "1e9"
		return true
	})()`)
	browser.Eval[bool](b, fmt.Sprintf(large, 1000))
	b.WaitCount("#files li", 1)
	b.Click("[data-send]")
	b.WaitText("#sending .failed", "film.mov")
	b.Type("#composer textarea", "It is on our site.")
	b.WaitText("#sending .failed", "25 MB")
	if most := browser.Eval[float64](b, "window.most"); most <= 0 || most > 100 {
		t.Errorf("the progress that was shown is %v %% at most", most)
	}
	if words := b.Value("#composer textarea"); words != "It is on our site." {
		t.Errorf("the text is %q by now", words)
	}
	b.Click("#sending .failed button:last-child")
	b.WaitCount("#sending *", 0)
	b.Press("Control+Enter")
	b.WaitText("#latest", "It is on our site.")
	if got := said(d, conv); len(got) != 2 {
		t.Errorf("what was said is %q", got)
	}
	b.Expect("422")
}

package inbox_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
	"testing"

	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

// harmful are files that do something where they are shown as what they say they are.
var harmful = []struct{ name, claimed, content string }{
	{"drawing.svg", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='broken in'"><script>document.title='broken in'</script></svg>`},
	{"page.html", "text/html", `<!doctype html><title>x</title><script>document.title='broken in'</script>`},
	{"notes.txt", "text/html", "Plain to begin with. <script>document.title='broken in'</script>"},
	{"picture.png", "image/png", `<!doctype html><title>x</title><script>document.title='broken in'</script>`},
	{`<img src=x onerror="document.title='broken in'">.txt`, "text/plain", "rye"},
}

// Whatever is sent, by an agent or by a contact: the thread shows its name, opening it
// saves it, and nothing in it runs.
func TestFilesDoNothing(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	conv, _ := begun(d, "Ada", "Buns", "Look at this")
	agent := d.Client(t, desk.Agent)
	for _, file := range harmful {
		var form bytes.Buffer
		w := multipart.NewWriter(&form)
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {multipart.FileContentDisposition("file", file.name)}, "Content-Type": {file.claimed}})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(part, file.content)
		_ = w.Close() // to memory
		resp, err := agent.Post(d.URL+"/compose/"+conv+"/upload", w.FormDataContentType(), &form)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusSeeOther {
			t.Fatalf("%s: the upload is answered %s", file.name, resp.Status)
		}
		// A contact sends it, too: as a picture, by the link that lasts.
		kept := id(d.First("/v1/attachments?conversation_id=" + conv))
		d.API(http.MethodPost, "/v1/conversations/"+conv+"/messages", map[string]any{"direction": "incoming", "content": map[string]any{
			"type": "image", "payload": map[string]any{"link": d.URL + "/v1/attachments/" + kept + "/content", "mime_type": file.claimed, "file_name": file.name},
		}})
		checkSaved(t, d, file.name, "/v1/attachments/"+kept+"/content", "Bearer "+d.Made.Key)
	}
	b := d.Browser(t, desk.Agent)
	b.Open(d.URL + "/inbox/" + conv)
	b.Wait("html[data-stream=open]")
	b.WaitCount("#latest a.content-file", 2*len(harmful))
	b.WaitCount("#latest :is(img, video, audio, iframe, object, embed)", 0)
	links := browser.Eval[[]string](b, `[...document.querySelectorAll("#latest a.content-file")].map(a => a.getAttribute("href"))`)
	for n, link := range links {
		checkSaved(t, d, strconv.Itoa(n), link, "")
		// A link without its download attribute is opened, which saves the file: the page stays.
		const follow = `new Promise(done => { const a = document.createElement('a'); a.href = %; document.body.append(a); a.click(); a.remove(); setTimeout(() => done(location.pathname), 200) })`
		if at := browser.Eval[string](b, strings.Replace(follow, "%", strconv.Quote(link), 1)); at != "/inbox/"+conv {
			t.Fatalf("%s was opened: the browser is at %s", link, at)
		}
	}
	desk.Harmless(t, b)
	b.Click("#row-" + conv) // and as the list tells it
	b.Wait("html[data-stream=open]")
	desk.Harmless(t, b)
}

// checkSaved asks for a file: it must come as one that is saved, that no browser takes
// for something else, and that could do nothing if it were shown.
func checkSaved(t *testing.T, d *desk.Desk, name, link, authorization string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.URL+link, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	h := resp.Header
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(h.Get("Content-Disposition"), "attachment") || h.Get("X-Content-Type-Options") != "nosniff" ||
		!strings.HasPrefix(h.Get("Content-Security-Policy"), "sandbox; default-src 'none'") {
		t.Errorf("%s: %s is answered %s with %v", name, link, resp.Status, h)
	}
}

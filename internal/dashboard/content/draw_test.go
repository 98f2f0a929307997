package content_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"parley"
	"parley/internal/dashboard/content"
	"parley/internal/testing/browser"
	"parley/internal/testing/desk"
)

func drawn(t *testing.T, m parley.Message, d content.Drawing) string {
	t.Helper()
	var b bytes.Buffer
	if err := content.Draw(m, d).Render(t.Context(), &b); err != nil {
		t.Fatalf("%s: %v", m.Content.Type, err)
	}
	return b.String()
}

func read(t *testing.T, stored string) parley.Message {
	t.Helper()
	var c parley.Content
	if err := json.Unmarshal([]byte(stored), &c); err != nil {
		t.Fatalf("%s: %v", stored, err)
	}
	return parley.Message{ID: parley.NewID[parley.MessageID](), Content: c}
}

func TestEveryTypeIsDrawn(t *testing.T) {
	t.Parallel()
	for _, ct := range parley.ContentTypes() {
		m := parley.Message{Content: ct.Example}
		html := drawn(t, m, content.Drawing{})
		if strings.Contains(html, "does not know") {
			t.Errorf("%s is drawn as if it were not known", ct.Name)
		}
		if short := content.Short(m); short == "" || short == ct.Name || strings.ContainsAny(short, "\n{}") {
			t.Errorf("%s is said shortly as %q", ct.Name, short)
		}
	}
}

// Whatever text stands wherever, it stays a text, and no link leads to a script.
func TestNothingThatIsDrawnDoesAnything(t *testing.T) {
	t.Parallel()
	for _, ct := range parley.ContentTypes() {
		raw, err := json.Marshal(ct.Example)
		if err != nil {
			t.Fatal(err)
		}
		for _, harm := range []string{desk.Script, "javascript:document.title='broken in'", `"><b onclick=x>`, "https://x.example/\" onmouseover=\"x"} {
			var c parley.Content
			if err := json.Unmarshal(spoiled(t, raw, harm), &c); err != nil {
				t.Fatal(err)
			}
			html := drawn(t, parley.Message{Content: c}, content.Drawing{})
			for _, bad := range []string{"<script", "<img src=x", `href="javascript`, "<b onclick", `" onmouseover="`} {
				if strings.Contains(html, bad) {
					t.Errorf("%s with %q has %s: %s", ct.Name, harm, bad, html)
				}
			}
			content.Short(parley.Message{Content: c})
		}
	}
}

// spoiled puts a text in the place of every text of a document but its type.
func spoiled(t *testing.T, raw []byte, text string) []byte {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	for name, member := range v {
		if name != "type" {
			v[name] = replaced(member, text)
		}
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func replaced(v any, text string) any {
	switch v := v.(type) {
	case string:
		return text
	case []any:
		for i := range v {
			v[i] = replaced(v[i], text)
		}
	case map[string]any:
		for name := range v {
			v[name] = replaced(v[name], text)
		}
	}
	return v
}

func TestTextKeepsItsLinesAndLinksItsAddresses(t *testing.T) {
	t.Parallel()
	html := drawn(t, parley.Message{Content: parley.TextContent("One\n  two (https://a.example/b_(c)?d=1&e=2), http://192.0.2.7. ftp://x.example javascript:x https:// <i>")}, content.Drawing{})
	for _, want := range []string{
		"One\n  two (<a href=\"https://a.example/b_(c)?d=1&amp;e=2\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">https://a.example/b_(c)?d=1&amp;e=2</a>), ",
		`>http://192.0.2.7</a>. ftp://x.example javascript:x https:// &lt;i&gt;</p>`,
	} {
		if !strings.Contains(html, want) {
			t.Errorf("there is no %s in\n%s", want, html)
		}
	}
	if strings.Count(html, "<a ") != 2 {
		t.Errorf("there are other links than two: %s", html)
	}
}

func TestWhatIsNotKnownIsShownAsJSON(t *testing.T) {
	t.Parallel()
	for _, stored := range []string{`{"type":"hologram","payload":{"depth":3}}`, `{"type":"buttons","payload":["Yes"]}`, `{"type":"slider","payload":null}`, `{"type":"whisper","text":"psst"}`} {
		if html := drawn(t, read(t, stored), content.Drawing{}); !strings.Contains(html, "does not know") || !strings.Contains(html, "<pre") {
			t.Errorf("%s is drawn as %s", stored, html)
		}
	}
}

func TestMessagesInOneLine(t *testing.T) {
	t.Parallel()
	for stored, want := range map[string]string{
		`{"type":"text","text":" Hello,\n Ada"}`:                                                                      "Hello, Ada",
		`{"type":"image","payload":{"link":"https://f.example/receipt.png"}}`:                                         "Image: receipt.png",
		`{"type":"buttons","payload":{"title":"Go\non?","buttons":[{"title":"Yes"},{"title":"No"}]}}`:                 "2 buttons: Go on?",
		`{"type":"carousel","payload":{"items":[{"image":"https://f.example/a.png"}]}}`:                               "1 picture",
		`{"type":"javascript","payload":{"script":"x"}}`:                                                              "Script for the visitor’s page",
		`{"type":"button.response","payload":{"body":"Yes"}}`:                                                         "Chosen: Yes",
		`{"type":"slider.response","payload":{"value":3}}`:                                                            "Number: 3",
		`{"type":"file_upload.response","payload":{"type":"image","payload":{"link":"https://f.example/a%20b.png"}}}`: "File: a b.png",
		`{"type":"hologram","payload":{}}`:                                                                            "hologram",
		`{"type":"slider","payload":[]}`:                                                                              "slider",
	} {
		if got := content.Short(read(t, stored)); got != want {
			t.Errorf("%s is said as %q, want %q", stored, got, want)
		}
	}
}

func TestAnswersNameTheirQuestion(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	asked := []parley.Message{
		read(t, `{"type":"buttons","payload":{"title":"Which loaf?","buttons":[{"title":"Rye"},{"title":"Spelt"}]}}`),
		read(t, `{"type":"buttons","payload":{"title":"Delivered?","buttons":[{"title":"Yes"}]}}`),
		read(t, `{"type":"button.response","payload":{"body":"Rye"}}`),
		read(t, `{"type":"button.response","payload":{"body":"Bagel"}}`),
	}
	for i := range asked {
		asked[i].CreatedAt = parley.Time(i)
	}
	prepared, err := content.Prepare(t.Context(), nil, d.Made.Organization.ID, asked[3], asked[1], asked[2], asked[0])
	if err != nil {
		t.Fatal(err)
	}
	if html := drawn(t, asked[2], prepared); !strings.Contains(html, "In answer to “Which loaf?”") {
		t.Errorf("the answer names no question: %s", html)
	}
	if html := drawn(t, asked[3], prepared); strings.Contains(html, "In answer to") {
		t.Errorf("an answer that no question has names one: %s", html)
	}
}

func TestOnlyFilesOfOursAreShown(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	c := d.Client(t, desk.Agent)
	status, page := d.Get(t, c, "/dev/content")
	if status != http.StatusOK {
		t.Fatalf("the page of all types answers %d", status)
	}
	for _, tag := range []string{"img", "audio", "video"} {
		for _, rest := range strings.Split(page, "<"+tag+" ")[1:] {
			element, _, _ := strings.Cut(rest, ">")
			if _, src, _ := strings.Cut(" "+element, ` src="`); !strings.HasPrefix(src, "/files/"+string(d.Made.Organization.ID)+"/") {
				t.Errorf("this is fetched from elsewhere: <%s %s>", tag, element)
			}
		}
	}
	if !strings.Contains(page, "<img ") || !strings.Contains(page, "<audio ") {
		t.Error("the demo's files are not shown")
	}
	// A link that names an attachment of another organization, or none, is a link.
	stranger := parley.NewID[parley.AttachmentID]()
	m := read(t, fmt.Sprintf(`{"type":"image","payload":{"link":"https://f.example/v1/attachments/%s/content"}}`, stranger))
	if html := drawn(t, m, content.Drawing{}); strings.Contains(html, "<img") || !strings.Contains(html, "<a ") {
		t.Errorf("it is drawn as %s", html)
	}
}

// Neither does it in a browser, whatever policy a page has.
func TestNothingThatIsDrawnRuns(t *testing.T) {
	t.Parallel()
	var page strings.Builder
	page.WriteString("<!doctype html><title>Sound</title>")
	for _, ct := range parley.ContentTypes() {
		raw, err := json.Marshal(ct.Example)
		if err != nil {
			t.Fatal(err)
		}
		for _, spoil := range []string{string(spoiled(t, raw, desk.Script)), strings.Replace(string(raw), ct.Name, strings.ReplaceAll(desk.Script, `"`, `\"`), 1)} {
			page.WriteString(drawn(t, read(t, spoil), content.Drawing{}))
		}
		if ct.Name == "javascript" {
			page.WriteString(drawn(t, read(t, `{"type":"javascript","payload":{"script":"document.title='broken in'"}}`), content.Drawing{}))
		}
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, page.String())
	}))
	t.Cleanup(server.Close)
	b := browser.New(t)
	b.Open(server.URL)
	b.Wait(".content-code")
	desk.Harmless(t, b)
	b.Expect()
}

func TestTheTypesAreSound(t *testing.T) {
	t.Parallel()
	d := desk.New(t)
	b := d.Browser(t, desk.Agent)
	desk.Inspect(t, b, d.URL+"/dev/content", "#samples")
	desk.Harmless(t, b)
}

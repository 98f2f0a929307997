package browser_test

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/testing/browser"
)

func TestAPageThatWorksHasNoProblems(t *testing.T) {
	t.Parallel()
	b := open(t, `<h1>Hello</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">
		<script>console.log("fine"); console.warn("mind the gap")</script>`)
	if got := b.Text("h1"); got != "Hello" {
		t.Errorf("the heading is %q, want Hello", got)
	}
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

func TestProblemsAreReported(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		page string
		want string
	}{
		"console error":      {`<script>console.error("no such label", 42)</script>`, "console error: no such label 42"},
		"uncaught exception": {`<script>throw new Error("out of paper")</script>`, "out of paper"},
		"unhandled rejection": {
			`<script>Promise.reject(new Error("nobody caught me"))</script>`, "nobody caught me",
		},
		"content security policy": {
			`<meta http-equiv="Content-Security-Policy" content="script-src 'none'"><script>var a = 1</script>`,
			"Content Security Policy",
		},
		"missing file":         {`<img src="/missing.png">`, "/missing.png answered 404"},
		"broken connection":    {`<img src="/broken.png">`, "/broken.png failed: net::ERR_"},
		"another machine":      {`<img src="http://192.0.2.7/spy.gif">`, "GET http://192.0.2.7/spy.gif leaves this machine"},
		"another machine, wss": {`<script>new WebSocket("wss://example.com/spy")</script>`, "WebSocket wss://example.com/spy leaves this machine"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := open(t, test.page)
			problems := strings.Join(b.Problems(), "\n")
			if !strings.Contains(problems, test.want) {
				t.Errorf("problems do not tell %q:\n%s", test.want, problems)
			}
		})
	}
}

func TestClickAndTypeWorkThePage(t *testing.T) {
	t.Parallel()
	b := open(t, `<input id="name"><button onclick="greet()">Greet</button><p id="wait">…</p>
		<script>
			function greet() {
				document.getElementById("wait").remove()
				document.body.insertAdjacentHTML("beforeend", "<output></output>")
				document.querySelector("output").textContent = "Hello, " + document.getElementById("name").value
			}
		</script>`)
	b.Type("#name", "Grace")
	b.Click("button")
	b.Gone("#wait")
	b.Wait("output")
	if got := b.Text("output"); got != "Hello, Grace" {
		t.Errorf("the page says %q", got)
	}
}

func TestViewSetsSizeAndColourScheme(t *testing.T) {
	t.Parallel()
	b := open(t, `<meta name="viewport" content="width=device-width"><div style="height:2000px">tall</div>`)
	for _, view := range []struct {
		width, height int
		scheme        browser.Scheme
	}{{360, 640, browser.Dark}, {1280, 800, browser.Light}} {
		b.View(view.width, view.height, view.scheme)
		if got := browser.Eval[int](b, "window.innerWidth"); got != view.width {
			t.Errorf("the window is %d wide, want %d", got, view.width)
		}
		if !browser.Eval[bool](b, fmt.Sprintf("matchMedia('(prefers-color-scheme: %s)').matches", view.scheme)) {
			t.Errorf("the page does not see that %s is preferred", view.scheme)
		}
	}
}

func TestScreenshotShowsTheWholePage(t *testing.T) {
	t.Parallel()
	b := open(t, `<body style="margin:0"><div style="height:2000px">tall</div>`)
	b.View(360, 640, browser.Light)
	path := filepath.Join(t.TempDir(), "page.png")
	b.Screenshot(path)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	image, err := png.DecodeConfig(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("the screenshot is no PNG: %v", err)
	}
	if image.Height != 2000 {
		t.Errorf("the screenshot is %d × %d, want the height of the page, 2000", image.Width, image.Height)
	}
}

func TestTabsShareNoCookies(t *testing.T) {
	t.Parallel()
	url := serve(t, "<p>hello")
	first, second := browser.New(t), browser.New(t)
	first.Open(url)
	browser.Eval[string](first, `document.cookie = "session=mine"`)
	second.Open(url)
	if got := browser.Eval[string](second, "document.cookie"); got != "" {
		t.Errorf("the second tab has the first one's cookie %q", got)
	}
}

// open serves one page and opens it in a tab of its own.
func open(t *testing.T, page string) *browser.Browser {
	t.Helper()
	url := serve(t, page)
	b := browser.New(t)
	b.Open(url)
	return b
}

// serve serves one page at /, tells at /cookies what it was sent, breaks off at /broken.png, and has nothing else.
func serve(t *testing.T, page string) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>A page</title>", page)
	})
	mux.HandleFunc("GET /cookies", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header.Get("Cookie"))
	})
	mux.HandleFunc("GET /broken.png", func(http.ResponseWriter, *http.Request) {
		panic(http.ErrAbortHandler)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/"
}

package browser_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"parley/internal/testing/browser"
)

// strict is the policy of a page that allows nothing that Parley's pages do without.
const strict = "default-src 'none'; script-src 'nonce-abc'; style-src 'nonce-abc'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'"

func TestAxeFindsWhatKeepsPeopleOut(t *testing.T) {
	t.Parallel()
	b := openStrict(t, `<main><h1>Orders</h1><input id="search"><img src="data:,"
		width="1"><p id="pale" class="pale">Nobody can read this.</p></main>`)
	found := strings.Join(b.Axe(), "\n")
	for _, want := range []string{"label (critical)", "#search", `<input id="search">`, "image-alt", "color-contrast", "#pale"} {
		if !strings.Contains(found, want) {
			t.Errorf("axe-core does not tell %q:\n%s", want, found)
		}
	}
	if found := b.Axe("h1"); len(found) > 0 {
		t.Errorf("the heading alone has violations: %q", found)
	}
	if found := strings.Join(b.Axe("#pale"), "\n"); !strings.Contains(found, "color-contrast") || strings.Contains(found, "label") {
		t.Errorf("the pale paragraph alone has these violations:\n%s", found)
	}
	// The picture is the page's own fault.
	b.Expect("img-src")
}

func TestAxeDisturbsNoStrictPage(t *testing.T) {
	t.Parallel()
	b := openStrict(t, `<main><h1>Orders</h1><label for="search">Search</label><input id="search">
		<table><tr><th scope="col">Name</th></tr><tr><td>Ada</td></tr></table><svg role="img" aria-label="A chart"></svg></main>`)
	if found := b.Axe(); len(found) > 0 {
		t.Errorf("violations: %q", found)
	}
	if browser.Eval[bool](b, `"axe" in window`) {
		t.Error("the page sees axe-core")
	}
	b.Expect()
}

func TestAxeCoreIsTheOneThatItsReadmeNames(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile("axe/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(script)); !bytes.Contains(readme, []byte(sum)) {
		t.Errorf("axe.min.js has the sum %s, which axe/README.md does not name", sum)
	}
	_, version, _ := strings.Cut(string(script[:100]), "axe v")
	if version, _, _ = strings.Cut(version, "\n"); !bytes.Contains(readme, []byte("axe-core "+version+" ")) {
		t.Errorf("axe.min.js is version %s, which axe/README.md does not name", version)
	}
}

func openStrict(t *testing.T, body string) *browser.Browser {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", strict)
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, `<!doctype html><html lang="en"><title>Orders</title><style nonce="abc">.pale { color: #ddd; background: #fff }</style>`, body)
	}))
	t.Cleanup(server.Close)
	b := browser.New(t)
	b.Open(server.URL)
	return b
}

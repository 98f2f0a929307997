package docs_test

import (
	"fmt"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	"parley/internal/testing/browser"
)

// serve serves the API and its pages, and gives its address.
func serve(t *testing.T) string {
	t.Helper()
	door, _ := newAPI(t)
	server := httptest.NewServer(door)
	t.Cleanup(server.Close)
	return server.URL
}

// lowContrast lists the texts that have less contrast with their ground than WCAG
// asks for at level AA.
const lowContrast = `(() => {
	const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
	const light = (colour) => {
		const [r, g, b] = numbers(colour).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const ground = (element) => {
		for (let at = element; at; at = at.parentElement) {
			const colour = getComputedStyle(at).backgroundColor;
			if ((numbers(colour)[3] ?? 1) === 1) return colour;
		}
		return "rgb(255, 255, 255)";
	};
	const found = new Set();
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (texts.nextNode()) {
		const element = texts.currentNode.parentElement;
		if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest(".hash, script")) continue;
		const style = getComputedStyle(element), size = parseFloat(style.fontSize);
		const [a, b] = [light(style.color), light(ground(element))];
		const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (contrast < (size >= 24 || size >= 18.66 && style.fontWeight >= 700 ? 3 : 4.5)) {
			found.add(contrast.toFixed(2) + " " + element.tagName + "." + element.className + ": " + texts.currentNode.data.trim().slice(0, 40));
		}
	}
	return [...found];
})()`

// tooWide lists what reaches beyond the window, other than what scrolls by itself.
const tooWide = `[...document.querySelectorAll("body *")]
	.filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && e.checkVisibility() && !e.closest("pre, .wide, .quiet"))
	.map((e) => e.outerHTML.slice(0, 100)).slice(0, 5)`

func TestPagesInABrowser(t *testing.T) {
	t.Parallel()
	url := serve(t)
	b := browser.New(t)
	for _, path := range []string{"/docs", "/docs/webhooks", "/docs/events", "/docs/events/message.created", "/docs/events/conversation.variables_changed", "/docs/api/messages", "/docs/api/webhooks", "/docs/nothing"} {
		for _, width := range []int{1280, 360} {
			for _, scheme := range []browser.Scheme{browser.Light, browser.Dark} {
				b.View(width, 800, scheme)
				b.Open(url + path)
				browser.Eval[bool](b, `document.querySelectorAll("details").forEach((d) => { d.open = true }), true`)
				if got := browser.Eval[int](b, "document.documentElement.scrollWidth"); got > width {
					t.Errorf("%s is %d wide in a window of %d: %q", path, got, width, browser.Eval[[]string](b, tooWide))
				}
				if width != 1280 {
					continue // the colours are the same
				}
				if low := browser.Eval[[]string](b, lowContrast); len(low) > 0 {
					t.Errorf("%s, %s: too little contrast: %q", path, scheme, low)
				}
			}
		}
	}
	for _, problem := range b.Problems() {
		if !strings.Contains(problem, "/docs/nothing answered 404") {
			t.Error(problem)
		}
	}
}

func TestTheSearchFindsAndGoesThere(t *testing.T) {
	t.Parallel()
	url := serve(t)
	b := browser.New(t)
	for _, find := range []struct {
		width      int
		text, want string
	}{
		{1280, "create contact", "/docs/api/contacts#createContact"},
		{1280, "conversation.resolved", "/docs/events/conversation.resolved"},
		{1280, "429", "/docs#error-429"},
		{360, "signature", "/docs/webhooks#verify"},
		{360, "carousel", "/docs/api/messages#message-content-carousel"},
	} {
		b.View(find.width, 800, browser.Light)
		b.Open(url + "/docs/api/labels")
		press(b, "/")
		if !browser.Eval[bool](b, `document.activeElement.id === "search"`) {
			t.Fatal("/ does not lead to the search")
		}
		b.Type("#search", find.text)
		b.Wait(`#results [aria-selected="true"]`)
		b.Type("#search", "\r")
		b.Wait(selector(find.want))
		if got := browser.Eval[string](b, "location.pathname + location.hash"); got != find.want {
			t.Errorf("%q leads to %s, want %s", find.text, got, find.want)
		}
	}
	b.Type("#search", "no such thing")
	b.Wait("#results p")
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

// selector selects what the fragment of a URL leads to.
func selector(url string) string {
	_, id, found := strings.Cut(url, "#")
	if !found { // a page of one section, which is called as it is
		id = path.Base(url)
	}
	return "#" + strings.ReplaceAll(id, ".", `\.`)
}

// press presses a key where the focus is.
func press(b *browser.Browser, key string) {
	browser.Eval[bool](b, fmt.Sprintf(`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: %q, bubbles: true, cancelable: true}))`, key))
}

func TestCodeIsCopied(t *testing.T) {
	t.Parallel()
	url := serve(t)
	b := browser.New(t)
	for name, clipboard := range map[string]string{
		"with a clipboard": `navigator.clipboard.writeText = async (text) => { window.copied = text }`,
		"without https": `navigator.clipboard.writeText = async () => { throw new Error("not here") };
			document.execCommand = () => { window.copied = document.activeElement.value; return true }`,
	} {
		b.Open(url + "/docs/api/contacts#createContact")
		browser.Eval[bool](b, "(() => {"+clipboard+"; return true })()")
		b.Click("#createContact .copy")
		b.Wait(`#said:not(:empty)`)
		if got := b.Text("#createContact .copy"); got != "Copied" {
			t.Errorf("%s: the button says %q", name, got)
		}
		got := browser.Eval[string](b, "window.copied")
		if !strings.HasPrefix(got, `curl "$PARLEY_URL/v1/contacts" \`) || !strings.Contains(got, "-d '{\n") || !strings.HasSuffix(got, "}'") {
			t.Errorf("%s: copied %q", name, got)
		}
	}
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

func TestTheThemeIsChosenAndRemembered(t *testing.T) {
	t.Parallel()
	url := serve(t)
	b := browser.New(t)
	isDark := func() bool {
		return browser.Eval[bool](b, `getComputedStyle(document.body).backgroundColor.match(/\d+/)[0] < 128`)
	}
	b.Open(url + "/docs")
	if isDark() {
		t.Error("it is dark where light is preferred")
	}
	b.Click(".theme")
	if !isDark() {
		t.Error("the button changes nothing")
	}
	b.Open(url + "/docs/events")
	if !isDark() {
		t.Error("the next page has forgotten the theme")
	}
	if got := browser.Eval[string](b, `document.querySelector(".theme").ariaLabel`); got != "Use the light theme" {
		t.Errorf("the button is called %q", got)
	}
	b.Click(".theme")
	b.View(1280, 800, browser.Dark)
	if !isDark() {
		t.Error("a choice that agreed with the system's does not follow it any more")
	}
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

func TestTheMenuOpensOnASmallScreen(t *testing.T) {
	t.Parallel()
	url := serve(t)
	b := browser.New(t)
	b.View(360, 700, browser.Light)
	b.Open(url + "/docs")
	visible := func() bool { return browser.Eval[bool](b, `document.getElementById("nav").checkVisibility()`) }
	if visible() {
		t.Error("the menu is open from the start")
	}
	b.Click(".menu")
	if !visible() {
		t.Error("the menu does not open")
	}
	b.Click(`#nav a[href="/docs#errors"]`)
	if visible() || browser.Eval[string](b, "location.hash") != "#errors" {
		t.Error("the menu does not lead to the section and close")
	}
	if problems := b.Problems(); len(problems) > 0 {
		t.Errorf("problems: %q", problems)
	}
}

func TestAShortLinkFindsItsPage(t *testing.T) {
	t.Parallel()
	url := serve(t)
	b := browser.New(t)
	for short, want := range map[string]string{
		"/docs#createMessage":                    "/docs/api/messages#createMessage",
		"/docs#contact.created":                  "/docs/events/contact.created",
		"/docs/api/labels#conversation.assigned": "/docs/events/conversation.assigned",
	} {
		b.Open(url + "/docs/nothing")
		b.Open(url + short)
		b.Wait(selector(want))
		if got := browser.Eval[string](b, "location.pathname + location.hash"); got != want {
			t.Errorf("%s leads to %s, want %s", short, got, want)
		}
	}
}

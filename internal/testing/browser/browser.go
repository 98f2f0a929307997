// Package browser lets a test look at a page in a real Chromium, and tells what
// went wrong in it: errors on the console, uncaught exceptions, violations of the
// content security policy, requests that failed or that tried to leave this machine.
//
// All tests of a binary share one Chromium. Each has a tab of its own with its
// own cookies and storage, so that tests may run in parallel. Where Chromium is
// not installed, the test is skipped and says so. A step that cannot be done (an
// element that does not come, a page that does not load) ends the test.
package browser

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// patience is how long one step may take. It is long because a loaded machine
// with two cores is slow, and because it only matters to a test that fails.
const patience = 30 * time.Second

// Scheme is the colour scheme that the reader prefers.
type Scheme string

// The colour schemes.
const (
	Light Scheme = "light"
	Dark  Scheme = "dark"
)

// Browser is one tab. It belongs to the test that made it and closes with it.
type Browser struct {
	t   testing.TB
	tab context.Context
	log *log
}

// New opens a tab, 1280 × 800 in light colours. It skips the test if Chromium is
// not installed. Start the server before the tab: a tab closes before what the
// test started earlier, and a server may wait for the streams that a tab holds open.
func New(t testing.TB) *Browser {
	t.Helper()
	tab, closeTab := chromedp.NewContext(shared(t), chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	b := &Browser{t: t, tab: tab, log: newLog()}
	// The first step is bound to the tab's own context and not to a shorter one:
	// the tab lives as long as the context that it was opened with.
	if err := chromedp.Do(tab); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	if err := chromedp.Listen(tab, b.log.add); err != nil {
		t.Fatalf("listen to the tab: %v", err)
	}
	b.View(1280, 800, Light)
	return b
}

// View sets the size of the window in CSS pixels and the preferred colour scheme.
// It holds for the page that is open and for those opened later. Nothing moves: what is
// clicked on while one page turns into the next would be clicked on in vain.
func (b *Browser) View(width, height int, scheme Scheme) {
	b.t.Helper()
	b.do("set the view",
		chromedp.EmulateViewport(int64(width), int64(height)),
		chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
			_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
				Features: []*emulation.MediaFeature{
					{Name: "prefers-color-scheme", Value: string(scheme)}, {Name: "prefers-reduced-motion", Value: "reduce"},
				},
			})
			return err
		}),
	)
}

// Open goes to a page and returns once it has loaded.
func (b *Browser) Open(url string) {
	b.t.Helper()
	b.do("open "+url, chromedp.Navigate(url))
}

// Wait returns once the first element that matches the CSS selector can be seen.
func (b *Browser) Wait(selector string) {
	b.t.Helper()
	b.do("wait for "+selector, chromedp.WaitVisible(chromedp.CSS(selector)))
}

// Gone returns once no element matches the CSS selector.
func (b *Browser) Gone(selector string) {
	b.t.Helper()
	b.do("wait until gone: "+selector, chromedp.WaitNotPresent(chromedp.CSS(selector)))
}

// Text is what a reader sees of the first element that matches the CSS selector.
// It waits for the element.
func (b *Browser) Text(selector string) string {
	b.t.Helper()
	return run(b, "read "+selector, chromedp.Text(chromedp.CSS(selector)))
}

// Click waits until the first element that matches the CSS selector can be seen,
// and clicks on it.
func (b *Browser) Click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

// Type waits until the first element that matches the CSS selector can be seen,
// and types the text into it.
func (b *Browser) Type(selector, text string) {
	b.t.Helper()
	b.do("type into "+selector, chromedp.SendKeys(chromedp.CSS(selector), text, chromedp.NodeVisible))
}

// Screenshot writes the whole page, also what is below the fold, to a PNG file.
func (b *Browser) Screenshot(path string) {
	b.t.Helper()
	const png = 100 // the quality at which the library writes PNG
	image := run(b, "take a screenshot", chromedp.FullScreenshot(png))
	if err := os.WriteFile(path, image, 0o644); err != nil {
		b.t.Fatalf("write the screenshot: %v", err)
	}
}

// Problems tells what went wrong in the tab so far, one sentence each, in the
// order in which it happened. Whatever the page did before its last answer to the
// test is included. A page that works has none.
func (b *Browser) Problems() []string {
	b.t.Helper()
	// The tab answers in order: once it answered this, it has reported all that came before.
	Eval[bool](b, "new Promise(done => setTimeout(() => done(true)))")
	return b.log.read()
}

// Expect fails the test for every problem so far but those that are expected, each
// told by a part of its sentence, and for every expected one that did not happen.
func (b *Browser) Expect(expected ...string) {
	b.t.Helper()
	problems := b.Problems()
	surprises, missed := compare(problems, expected)
	for _, problem := range surprises {
		b.t.Errorf("problem on %s: %s", b.URL(), problem)
	}
	for _, part := range missed {
		b.t.Errorf("expected the problem %q, there are only %q", part, problems)
	}
}

// compare finds the problems that were not expected, and what was expected in vain.
func compare(problems, expected []string) (surprises, missed []string) {
	missed = slices.DeleteFunc(slices.Clone(expected), func(part string) bool {
		return slices.ContainsFunc(problems, func(problem string) bool { return strings.Contains(problem, part) })
	})
	surprises = slices.DeleteFunc(slices.Clone(problems), func(problem string) bool {
		return slices.ContainsFunc(expected, func(part string) bool { return strings.Contains(problem, part) })
	})
	return surprises, missed
}

// Eval runs a JavaScript expression in the page, waits for it if it is a promise,
// and returns its value, which must fit T as JSON does.
func Eval[T any](b *Browser, expression string) T {
	b.t.Helper()
	return run(b, "evaluate "+expression, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

func (b *Browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	run(b, what, chromedp.Steps(steps...))
}

func run[T any](b *Browser, what string, step chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, step)
	if err != nil {
		b.t.Fatalf("%s: %v; problems so far: %q", what, err, b.log.read())
	}
	return value
}

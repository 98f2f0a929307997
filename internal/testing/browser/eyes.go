package browser

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// Value is what stands in the first field that matches the CSS selector. It waits
// for the field.
func (b *Browser) Value(selector string) string {
	b.t.Helper()
	return run(b, "read the value of "+selector, chromedp.Value(chromedp.CSS(selector)))
}

// URL is the address of the page.
func (b *Browser) URL() string {
	b.t.Helper()
	return run(b, "read the address", chromedp.Location())
}

// WaitText returns once an element that matches the CSS selector shows the text,
// among others perhaps.
func (b *Browser) WaitText(selector, text string) {
	b.t.Helper()
	expression := fmt.Sprintf("[...document.querySelectorAll(%s)].map(e => e.innerText ?? e.textContent)", quote(selector))
	until(b, fmt.Sprintf("wait for %q in %s", text, selector), expression, func(shown []string) bool {
		return strings.Contains(strings.Join(shown, "\x00"), text)
	})
}

// WaitCount returns once that many elements match the CSS selector.
func (b *Browser) WaitCount(selector string, count int) {
	b.t.Helper()
	expression := fmt.Sprintf("document.querySelectorAll(%s).length", quote(selector))
	until(b, fmt.Sprintf("wait for %d of %s", count, selector), expression, func(n int) bool { return n == count })
}

// WaitURL returns once the address of the page ends so.
func (b *Browser) WaitURL(end string) {
	b.t.Helper()
	until(b, "wait for the address …"+end, "location.href", func(address string) bool { return strings.HasSuffix(address, end) })
}

// until asks the page again and again until the answer is the one that is hoped for,
// also while one page makes way for the next, when there is nobody to answer.
func until[T any](b *Browser, what, expression string, hoped func(T) bool) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.tab, patience)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	var last T
	for {
		answer, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
		if err == nil && hoped(answer) {
			return
		}
		if err == nil {
			last = answer
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			b.t.Fatalf("%s: there was %v at last; problems so far: %q", what, last, b.log.read())
		}
	}
}

// overflows finds the elements that reach beyond the right edge of a page that can
// be scrolled sideways. What an element clips or scrolls inside itself is none of the
// page's; a text that is too long for its element counts as the element's.
const overflows = `(() => {
	const width = document.documentElement.clientWidth, found = []
	if (document.scrollingElement.scrollWidth <= width) return found
	const name = e => e.id ? e.localName + "#" + e.id : [e.localName, ...e.classList].join(".")
	const path = e => e.id || !e.parentElement || e === document.body ? name(e) : path(e.parentElement) + " > " + name(e)
	const walk = e => {
		const style = getComputedStyle(e), box = e.getBoundingClientRect()
		if (style.display === "none" || style.position === "fixed") return false
		const left = box.left + scrollX, right = box.right + scrollX
		let own = box.width > 0 && right > width + 0.5 ? right : 0
		let inside = false
		if (style.overflowX === "visible" || e === document.body || e === document.documentElement) {
			for (const child of e.children) inside = walk(child) || inside
			if (!own && !inside && e.clientWidth > 0 && left + e.scrollWidth > width + 0.5) own = left + e.scrollWidth
		}
		if (own) found.push(path(e) + " reaches " + Math.ceil(own - width) + " px beyond the window")
		return own > 0 || inside
	}
	walk(document.documentElement)
	if (found.length === 0) found.push("the page is " + (document.scrollingElement.scrollWidth - width) + " px wider than the window")
	return found.slice(0, 10)
})()`

// Overflows tells which elements make the page scroll sideways at the present width,
// innermost first, ten at most. A page that fits has none.
func (b *Browser) Overflows() []string {
	b.t.Helper()
	return Eval[[]string](b, overflows)
}

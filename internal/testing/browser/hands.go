package browser

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// keys are the keys that have no character of their own, by the names that
// JavaScript has for them.
var keys = map[string]string{
	"Enter": kb.Enter, "Escape": kb.Escape, "Tab": kb.Tab, "Space": " ", "Backspace": kb.Backspace, "Delete": kb.Delete,
	"ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight,
	"Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
}

var modifiers = map[string]chromedp.Modifier{
	"Control": kb.ModifierCtrl, "Shift": kb.ModifierShift, "Alt": kb.ModifierAlt, "Meta": kb.ModifierMeta,
}

// Press presses keys, one after the other, wherever the focus is: a character ("?"),
// a key by its name ("Enter", "ArrowDown"), or either with others held ("Control+k",
// "Shift+Tab").
func (b *Browser) Press(combinations ...string) {
	b.t.Helper()
	for _, combination := range combinations {
		key, held, err := parseKeys(combination)
		if err != nil {
			b.t.Fatal(err)
		}
		b.do("press "+combination, chromedp.KeyEvent(key, chromedp.KeyModifiers(held...), rawly))
	}
}

// rawly makes a key go down as one of a keyboard does: where the page prevents what it
// does, no character follows.
func rawly(key *input.DispatchKeyEventParams) {
	if key.Type == kb.KeyDown {
		key.Type = kb.KeyRawDown
	}
}

func parseKeys(combination string) (key string, held []chromedp.Modifier, err error) {
	key = combination
	for {
		name, rest, more := strings.Cut(key, "+")
		modifier, known := modifiers[name]
		if !more || !known {
			break
		}
		held, key = append(held, modifier), rest
	}
	if named, ok := keys[key]; ok {
		key = named
	}
	if utf8.RuneCountInString(key) != 1 {
		return "", nil, fmt.Errorf("press %s: no key is called %q", combination, key)
	}
	return key, held, nil
}

// Clear empties the first field that matches the CSS selector, as a person would.
func (b *Browser) Clear(selector string) {
	b.t.Helper()
	b.Wait(selector)
	Eval[bool](b, fmt.Sprintf("(f => { f.focus(); f.select(); return true })(document.querySelector(%s))", quote(selector)))
	b.Press("Delete")
}

// Select chooses the option with the value in the first select element that matches
// the CSS selector.
func (b *Browser) Select(selector, value string) {
	b.t.Helper()
	b.Wait(selector)
	chosen := Eval[bool](b, fmt.Sprintf(`((f, value) => {
		if (![...f.options].some(o => o.value === value && !o.disabled)) return false
		f.focus()
		f.value = value
		f.dispatchEvent(new Event("input", {bubbles: true}))
		f.dispatchEvent(new Event("change", {bubbles: true}))
		return true
	})(document.querySelector(%s), %s)`, quote(selector), quote(value)))
	if !chosen {
		b.t.Fatalf("select %q in %s: there is no such option", value, selector)
	}
}

// Check ticks the first checkbox or radio button that matches the CSS selector, or
// with on false takes the tick away. It clicks only where that changes something.
func (b *Browser) Check(selector string, on bool) {
	b.t.Helper()
	b.Wait(selector)
	if ticked := fmt.Sprintf("document.querySelector(%s).checked", quote(selector)); Eval[bool](b, ticked) != on {
		b.Click(selector)
	}
}

// Upload chooses files for the first file input that matches the CSS selector, which
// need not be visible.
func (b *Browser) Upload(selector string, paths ...string) {
	b.t.Helper()
	b.do("upload to "+selector, chromedp.SetUploadFiles(chromedp.CSS(selector), paths))
}

// Drag drags the first element that matches the one CSS selector onto the first that
// matches the other. Both must fit into the window. It works by HTML's drag and drop
// and by mouse events, whichever the page listens to.
func (b *Browser) Drag(from, to string) {
	b.t.Helper()
	b.do("drag "+from+" to "+to, chromedp.DragAndDrop(chromedp.CSS(from), chromedp.CSS(to)))
}

package browser

import (
	"context"
	_ "embed" // axe-core
	"encoding/json"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axeCore finds what keeps people out of a page: https://github.com/dequelabs/axe-core.
//
//go:embed axe/axe.min.js
var axeCore string

// axeRun judges the page, or the first element that matches a selector, and waits
// for no style sheet: those of the page are there, and none is fetched again.
const axeRun = `axe.run(%s, {
	runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	resultTypes: ["violations"],
	preload: false,
}).then(found => found.violations.flatMap(rule => rule.nodes.map(node => ({
	rule: rule.id, help: rule.help, impact: node.impact || rule.impact || "", html: node.html,
	target: node.target.flat(9).join(" "), why: node.failureSummary || "",
}))))`

// violation is one element that breaks one rule.
type violation struct {
	Rule, Help, Impact, HTML, Target, Why string
}

// Axe tells what on the page breaks the rules of WCAG 2.0, 2.1 and 2.2, levels A
// and AA, and axe-core's best practices: one sentence for each element and rule. With
// a selector it judges the first element that matches, and what is in it. It looks
// from a world of its own: the page's content security policy does not stop it, and
// the page does not notice.
func (b *Browser) Axe(selector ...string) []string {
	b.t.Helper()
	where := "document"
	if len(selector) > 0 {
		b.Wait(selector[0])
		where = "document.querySelector(" + quote(selector[0]) + ")"
	}
	found := run(b, "look with axe-core", func(ctx context.Context, tab *chromedp.Target) ([]violation, error) {
		world, err := apart(ctx, tab)
		if err != nil {
			return nil, err
		}
		if _, err := chromedp.Evaluate[chromedp.Void](axeCore, world)(ctx, tab); err != nil {
			return nil, err
		}
		return chromedp.Evaluate[[]violation](fmt.Sprintf(axeRun, where), world, chromedp.EvalAwaitPromise)(ctx, tab)
	})
	sentences := make([]string, 0, len(found))
	for _, v := range found {
		sentences = append(sentences, v.String())
	}
	return sentences
}

// apart makes a world beside the page's own: the same document, other globals.
func apart(ctx context.Context, tab *chromedp.Target) (chromedp.EvaluateOption, error) {
	tree, err := cdp.Call(ctx, tab, page.GetFrameTree, cdp.Empty{})
	if err != nil {
		return nil, err
	}
	world, err := cdp.Call(ctx, tab, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{
		FrameID: tree.FrameTree.Frame.ID, WorldName: "axe",
	})
	if err != nil {
		return nil, err
	}
	return func(p *runtime.EvaluateParams) { p.ContextID = world.ExecutionContextID }, nil
}

func (v violation) String() string {
	// The first line of the summary says only that the following is to be mended.
	_, why, _ := strings.Cut(v.Why, "\n")
	return fmt.Sprintf("%s (%s): %s: %s in %s: %s", v.Rule, v.Impact, v.Help,
		v.Target, shortened(v.HTML), strings.Join(strings.Fields(why), " "))
}

// shortened is as much of a snippet as it takes to recognise it.
func shortened(html string) string {
	const enough = 160
	runes := []rune(strings.Join(strings.Fields(html), " "))
	if len(runes) <= enough {
		return string(runes)
	}
	return string(runes[:enough]) + "…"
}

// quote writes a text as JavaScript does.
func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string has JSON
	}
	return string(quoted)
}

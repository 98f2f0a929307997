package browser

import (
	"context"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Reload loads the page again and returns once it has loaded.
func (b *Browser) Reload() {
	b.t.Helper()
	b.do("reload", chromedp.Reload())
}

// Cookie gives the tab a cookie for the site of the URL, one that scripts cannot read.
func (b *Browser) Cookie(name, value, url string) {
	b.t.Helper()
	b.do("set the cookie "+name, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{
			Name: name, Value: value, URL: url, HTTPOnly: new(true), SameSite: network.CookieSameSiteLax,
		})
		return err
	}))
}

// Zone takes the tab to a time zone, by its IANA name: pages that are opened from now on
// are told it.
func (b *Browser) Zone(name string) {
	b.t.Helper()
	b.do("go to "+name, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: name})
		return err
	}))
}

// Offline cuts the tab's line, or with false mends it. Requests that fail for want of
// a line are no problems of the page; what the page itself has to say of them on the
// console is.
func (b *Browser) Offline(cut bool) {
	b.t.Helper()
	b.do("cut or mend the line", chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		const unlimited = -1
		_, err := cdp.Call(ctx, tab, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{
				{Offline: cut, DownloadThroughput: unlimited, UploadThroughput: unlimited},
			},
		})
		return err
	}))
}

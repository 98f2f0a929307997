package settings

import (
	"parley/internal/account"
	"parley/internal/conversation"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/ui"
	"parley/internal/help"
	"parley/internal/quota"
	"parley/internal/sales"
)

// AllRoutes are the routes of this area, to look at: nothing stands behind them.
func AllRoutes() []page.Route {
	return Routes(&page.Site{Verbs: page.Verbs{
		Account: account.New(nil, nil), Conversations: conversation.New(nil, nil), Help: help.New(nil, nil), Sales: sales.New(nil, nil),
	}})
}

// Ways says what people are told of an error, and the addresses that it leads to.
func Ways(text string) (plain string, to []string) {
	plain, ways := plainly(text)
	for _, way := range ways {
		to = append(to, way.URL)
	}
	return plain, to
}

// Bytes and Grouped write numbers for people.
func Bytes(n int64) string   { return bytes(n) }
func Grouped(n int64) string { return grouped(n) }

// Bar is how a quota of something is shown: what is said, the ends of the bar, its tone.
func Bar(used int64, limit *int64) (said, filled, of string, tone ui.Tone) {
	b := newBar("Events today", quota.Use{Limit: limit, Used: used}, "", grouped)
	return b.Said, b.Used, b.Limit, b.Tone
}

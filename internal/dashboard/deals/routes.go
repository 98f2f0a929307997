// Package deals are the pages of deals: a board of a pipeline, on which they are moved
// from stage to stage by mouse, keyboard or menu, a list, and the page of each.
package deals

import (
	"slices"

	"parley"
	"parley/internal/dashboard/page"
	"parley/internal/dashboard/record"
	"parley/internal/dashboard/ui"
	"parley/internal/store"
)

const home = "/deals"

// Routes are the addresses of this area.
func Routes(s *page.Site) []page.Route {
	whole := kind(s).Routes()
	fallback := map[string]func(*page.Request) error{}
	for _, r := range whole {
		fallback[r.Pattern] = r.Handle
	}
	return append(slices.DeleteFunc(whole, func(r page.Route) bool {
		return slices.Contains([]string{"GET /deals", "POST /deals/{id}/win", "POST /deals/{id}/lose"}, r.Pattern)
	}), []page.Route{
		{Pattern: "GET /deals", Scope: "deals:read", Handle: show},
		{Pattern: "POST /deals/pipeline", Scope: "pipelines:write", Handle: firstPipeline},
		{Pattern: "POST /deals/{id}/move", Scope: "deals:write", Handle: move},
		{Pattern: "POST /deals/{id}/win", Scope: "deals:write", Handle: onBoard(win, fallback["POST /deals/{id}/win"])},
		{Pattern: "POST /deals/{id}/lose", Scope: "deals:write", Handle: onBoard(lose, fallback["POST /deals/{id}/lose"])},
	}...)
}

// tones are what the statuses of a deal mean.
var tones = map[string]ui.Tone{string(parley.OpenDeal): ui.Accent, string(parley.WonDeal): ui.Good, string(parley.LostDeal): ui.Bad}

func kind(s *page.Site) *record.Kind[parley.Deal] {
	deals := s.Sales.Deals
	return &record.Kind[parley.Deal]{
		Noun: "deal", Plural: "deals", Icon: "deal", Table: store.Deals,
		Create: deals.Create, Update: deals.Update, Delete: deals.Delete,
		Verbs: []record.Verb[parley.Deal]{
			{Name: "win", Label: "Won", From: []string{"open"}, Key: "w", Main: true, Done: "The deal is won.", Do: record.ByID(deals.Win)},
			{
				Name: "lose", Label: "Lost", From: []string{"open"}, Key: "l", Bad: true, Done: "The deal is lost.",
				Text: "It leaves the board. It can be reopened later.", Asks: whyLost, Do: record.With(loseFor(deals)),
			},
			{Name: "reopen", Label: "Reopen", From: []string{"won", "lost"}, Key: "r", Done: "The deal is open again.", Do: record.ByID(deals.Reopen)},
		},
		Title: "title", Tones: tones,
		Facts: []string{"amount", "contact_id", "assignee_id", "pipeline_id", "stage_id", "lost_reason"},
		More:  stagePath,
		Form:  []string{"title", "pipeline_id", "stage_id", "contact_id", "assignee_id", "amount", "currency", "custom_fields"},
	}
}

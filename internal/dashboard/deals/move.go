package deals

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"parley"
	"parley/internal/dashboard/form"
	"parley/internal/dashboard/page"
	"parley/internal/sales"
)

// reason is what is asked for when a deal is lost.
type reason struct {
	Reason *string `json:"reason" write:"create,update" minLength:"1" maxLength:"500" doc:"Why it was lost, if that is known" example:"Another bakery was nearer."`
}

func whyLost() form.Set { return form.Of[reason](form.Create) }

func loseFor(deals sales.Deals) func(context.Context, parley.Caller, parley.DealID, reason) (parley.Deal, error) {
	return func(ctx context.Context, by parley.Caller, id parley.DealID, why reason) (parley.Deal, error) {
		return deals.Lose(ctx, by, id, why.Reason)
	}
}

// move takes a deal to another stage: on the board, or on its own page.
func move(r *page.Request) error {
	if err := r.ReadForm(); err != nil {
		return err
	}
	stage := parley.StageID(r.PostForm.Get("stage_id"))
	if stage == "" {
		return parley.InvalidField("body.stage_id", "must be a stage of the deal's pipeline")
	}
	deal, err := r.Site.Sales.Deals.Move(r.Context(), r.Caller(), parley.DealID(r.PathValue("id")), stage)
	switch {
	case parley.KindOf(err) == parley.Invalid:
		return parley.Errorf(parley.Conflict, "The stage is not there any more. Load the page anew to see the pipeline as it is.")
	case err != nil:
		return err
	case r.Partial():
		return r.Part(templ.NopComponent)
	}
	return r.Done(home+"/"+string(deal.ID), "The deal is moved.")
}

// onBoard does something where it was asked for on the board, which shows by itself
// what became of it. Asked for elsewhere, another handler answers.
func onBoard(do func(*page.Request) (said string, err error), elsewhere func(*page.Request) error) func(*page.Request) error {
	return func(r *page.Request) error {
		if !r.Partial() {
			return elsewhere(r)
		}
		if err := r.ReadForm(); err != nil {
			return err
		}
		said, err := do(r)
		if err != nil {
			return err
		}
		r.Toast(said)
		return r.Part(templ.NopComponent)
	}
}

func win(r *page.Request) (string, error) {
	deal, err := r.Site.Sales.Deals.Win(r.Context(), r.Caller(), parley.DealID(r.PathValue("id")))
	return "Won: " + deal.Title, err
}

func lose(r *page.Request) (string, error) {
	var why *string
	if text := strings.TrimSpace(r.PostForm.Get("reason")); text != "" {
		if len([]rune(text)) > 500 {
			return "", parley.InvalidField("body.reason", "must have at most 500 characters")
		}
		why = &text
	}
	deal, err := r.Site.Sales.Deals.Lose(r.Context(), r.Caller(), parley.DealID(r.PathValue("id")), why)
	return "Lost: " + deal.Title, err
}

// stagePath shows on the page of a deal at which stage of its pipeline it is, and lets
// it be moved.
func stagePath(r *page.Request, d parley.Deal) (templ.Component, error) {
	if !r.Allows("pipelines:read") {
		return nil, nil
	}
	p, err := r.Site.Sales.Pipelines.Get(r.Context(), r.Org(), string(d.PipelineID))
	if err != nil {
		return nil, err
	}
	return stageSteps(p, d, r.Allows("deals:write") && d.Status == parley.OpenDeal), nil
}

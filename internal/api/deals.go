package api

import (
	"context"

	"parley"
	"parley/internal/store"
)

type dealList struct {
	ListParams
	Status     string `query:"status" enum:"open,won,lost" doc:"Only deals of this status"`
	PipelineID string `query:"pipeline_id" maxLength:"64" doc:"Only deals in this pipeline"`
	StageID    string `query:"stage_id" maxLength:"64" doc:"Only deals at this stage"`
	ContactID  string `query:"contact_id" maxLength:"64" doc:"Only deals with this contact"`
	AssigneeID string `query:"assignee_id" maxLength:"64" doc:"Only deals assigned to this user; none: to nobody"`
}

func (l dealList) filter() (f store.Filter) {
	equal(&f, "status", l.Status)
	equal(&f, "pipeline_id", l.PipelineID)
	equal(&f, "stage_id", l.StageID)
	equal(&f, "contact_id", l.ContactID)
	equalOrNone(&f, "assignee_id", l.AssigneeID)
	return f
}

type moveBody struct {
	StageID parley.StageID `json:"stage_id" required:"true" doc:"A stage of the deal's pipeline"`
}

type loseBody struct {
	Reason *string `json:"reason,omitempty" minLength:"1" maxLength:"500" doc:"Why it was lost" example:"Another bakery was nearer."`
}

func (a *API) deals() {
	const plural = "deals"
	deals := a.Sales.Deals
	resource[parley.Deal, parley.DealEvent, parley.DealID](a, plural, deals.Noun)
	list[parley.Deal, dealList](a, plural, "", deals.List)
	verbWith(a, plural, store.Deals, "move", "Move a deal", "Takes an open deal to another stage. One that is there already stays as it is.",
		func(ctx context.Context, by parley.Caller, id parley.DealID, b moveBody) (parley.Deal, error) {
			return deals.Move(ctx, by, id, b.StageID)
		})
	verb(a, plural, store.Deals, "win", "Win a deal", "The deal came about. One that is won already stays as it is.", deals.Win)
	verbWith(a, plural, store.Deals, "lose", "Lose a deal", "The deal did not come about. One that is lost already stays as it is.",
		func(ctx context.Context, by parley.Caller, id parley.DealID, b loseBody) (parley.Deal, error) {
			return deals.Lose(ctx, by, id, b.Reason)
		})
	verb(a, plural, store.Deals, "reopen", "Reopen a deal",
		"Takes back that it was won or lost. It is at the stage where it was, or at the first if that was removed.", deals.Reopen)
}

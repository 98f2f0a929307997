package sales

import (
	"context"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

// Deals are the verbs of deals.
type Deals struct {
	*noun.Noun[parley.Deal, parley.DealEvent]
}

func newDeals(db *database.DB, log *eventlog.Log) Deals {
	return Deals{&noun.Noun[parley.Deal, parley.DealEvent]{
		DB: db, Log: log, Table: store.Deals,
		Created: parley.DealCreated, Updated: parley.DealUpdated, Deleted: parley.DealDeleted,
		Data: func(d parley.Deal, p parley.Previous) parley.DealEvent {
			return parley.DealEvent{Deal: d, Previous: p}
		},
		Beside: besideDeal,
		Check:  checkDeal,
	}}
}

func besideDeal(ctx context.Context, tx *database.Tx, org parley.OrganizationID, d *parley.Deal, data *parley.DealEvent) error {
	pipeline, err := store.Pipelines.Get(ctx, tx, org, string(d.PipelineID))
	if err != nil {
		return err
	}
	data.Stage = stageOf(pipeline.Stages, d.StageID)
	data.Contact, err = store.ContactShort(ctx, tx, org, d.ContactID)
	return err
}

// dealSteps are the ways that a deal's status goes. To move is a step too: only an
// open deal takes it.
func dealSteps() noun.Steps[parley.DealStatus, parley.DealEvent] {
	open := []parley.DealStatus{parley.OpenDeal}
	return noun.Steps[parley.DealStatus, parley.DealEvent]{
		{Verb: "move", From: open, To: parley.OpenDeal, Event: parley.DealStageChanged, Strict: true},
		{Verb: "win", From: open, To: parley.WonDeal, Event: parley.DealWon},
		{Verb: "lose", From: open, To: parley.LostDeal, Event: parley.DealLost},
		{Verb: "reopen", From: []parley.DealStatus{parley.WonDeal, parley.LostDeal}, To: parley.OpenDeal, Event: parley.DealReopened},
	}
}

// Move takes an open deal to another stage of its pipeline; one that is there stays. A
// deal that is won or lost is a Conflict error.
func (d Deals) Move(ctx context.Context, by parley.Caller, id parley.DealID, stage parley.StageID) (parley.Deal, error) {
	return d.take(ctx, by, id, "move", func(deal *parley.Deal) error {
		deal.StageID = stage
		return nil
	})
}

// Win notes that a deal came about. One that is won stays so; a lost one is a Conflict
// error.
func (d Deals) Win(ctx context.Context, by parley.Caller, id parley.DealID) (parley.Deal, error) {
	return d.take(ctx, by, id, "win", nil)
}

// Lose notes that a deal will not come about, and why, if that is known. One that is
// lost stays as it is; one that is won is a Conflict error.
func (d Deals) Lose(ctx context.Context, by parley.Caller, id parley.DealID, reason *string) (parley.Deal, error) {
	return d.take(ctx, by, id, "lose", func(deal *parley.Deal) error {
		deal.LostReason = reason
		return nil
	})
}

// Reopen takes back that a deal was won or lost. It is at the stage where it was, or at
// the first if that was removed. An open one stays as it is.
func (d Deals) Reopen(ctx context.Context, by parley.Caller, id parley.DealID) (parley.Deal, error) {
	return d.take(ctx, by, id, "reopen", func(deal *parley.Deal) error {
		deal.LostReason = nil
		return nil
	})
}

func (d Deals) take(ctx context.Context, by parley.Caller, id parley.DealID, verb string, also func(*parley.Deal) error) (parley.Deal, error) {
	status := func(deal *parley.Deal) *parley.DealStatus { return &deal.Status }
	return noun.Take(ctx, by, d.Noun, string(id), dealSteps(), verb, status, also)
}

func checkDeal(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Deal) error {
	var old parley.Deal
	if before == nil {
		after.Status = parley.OpenDeal
	} else {
		old = *before
	}
	if err := checkStage(ctx, tx, by.Organization, old, after); err != nil {
		return err
	}
	if store.Renewed(old.ContactID, after.ContactID) {
		if _, err := store.Contacts.Refer(ctx, tx, by.Organization, "body.contact_id", string(*after.ContactID)); err != nil {
			return err
		}
	}
	if store.Renewed(old.AssigneeID, after.AssigneeID) {
		if _, err := store.Users.Refer(ctx, tx, by.Organization, "body.assignee_id", string(*after.AssigneeID)); err != nil {
			return err
		}
	}
	if err := checkWorth(after); err != nil {
		return err
	}
	return store.CheckCustomFields(ctx, tx, by.Organization, "deal", old.CustomFields, after.CustomFields)
}

// checkStage sees to it that an open deal is at a stage of its pipeline.
func checkStage(ctx context.Context, tx *database.Tx, org parley.OrganizationID, old parley.Deal, after *parley.Deal) error {
	if after.Status == old.Status && after.StageID == old.StageID || after.Status != parley.OpenDeal {
		return nil
	}
	pipeline, err := store.Pipelines.Refer(ctx, tx, org, "body.pipeline_id", string(after.PipelineID))
	if err != nil {
		return err
	}
	reopened := old.Status != "" && old.Status != parley.OpenDeal
	switch {
	case stageOf(pipeline.Stages, after.StageID) != nil:
	case after.StageID == "" || reopened:
		after.StageID = pipeline.Stages[0].ID
	default:
		return parley.InvalidField("body.stage_id", "is not a stage of the pipeline %s", pipeline.ID)
	}
	return nil
}

// checkWorth refuses an amount of no currency, and a currency of no amount.
func checkWorth(d *parley.Deal) error {
	switch {
	case d.Amount == nil && d.Currency == nil:
		return nil
	case d.Currency == nil:
		return parley.InvalidField("body.currency", "must be given with an amount")
	case d.Amount == nil:
		return parley.InvalidField("body.amount", "must be given with a currency")
	}
	return checkCurrency(*d.Currency)
}

package sales

import (
	"context"
	"fmt"
	"slices"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/noun"
	"parley/internal/store"
)

func newPipelines(db *database.DB, log *eventlog.Log) *noun.Noun[parley.Pipeline, parley.PipelineEvent] {
	return &noun.Noun[parley.Pipeline, parley.PipelineEvent]{
		DB: db, Log: log, Table: store.Pipelines,
		Created: parley.PipelineCreated, Updated: parley.PipelineUpdated, Deleted: parley.PipelineDeleted,
		Data: func(p parley.Pipeline, previous parley.Previous) parley.PipelineEvent {
			return parley.PipelineEvent{Pipeline: p, Previous: previous}
		},
		Check:    checkPipeline,
		Deleting: pipelineInUse,
	}
}

// checkPipeline gives new stages their ids, and lets none go that a deal is at.
func checkPipeline(ctx context.Context, tx *database.Tx, by parley.Caller, before, after *parley.Pipeline) error {
	var old []parley.Stage
	if before != nil {
		old = before.Stages
	}
	for i := range after.Stages {
		stage := &after.Stages[i]
		location := fmt.Sprintf("body.stages[%d].id", i)
		switch {
		case stage.ID == "":
			stage.ID = parley.NewID[parley.StageID]()
		case stageOf(old, stage.ID) == nil:
			return parley.InvalidField(location, "is not a stage of this pipeline: leave it out to add a new one")
		case stageOf(after.Stages[:i], stage.ID) != nil:
			return parley.InvalidField(location, "must not stand in the list twice")
		}
	}
	for _, stage := range old {
		if stageOf(after.Stages, stage.ID) != nil {
			continue
		}
		if err := stageInUse(ctx, tx, by.Organization, stage); err != nil {
			return err
		}
	}
	return nil
}

// stageOf finds a stage by its id, nil if it is none of these.
func stageOf(stages []parley.Stage, id parley.StageID) *parley.Stage {
	i := slices.IndexFunc(stages, func(s parley.Stage) bool { return s.ID == id })
	if i < 0 {
		return nil
	}
	return &stages[i]
}

func stageInUse(ctx context.Context, tx *database.Tx, org parley.OrganizationID, stage parley.Stage) error {
	f := store.Where("stage_id = ?", string(stage.ID))
	f.And("status = ?", string(parley.OpenDeal))
	used, err := store.Deals.Count(ctx, tx, org, f, 1)
	if err != nil || used == 0 {
		return err
	}
	return &parley.Error{
		Kind:   parley.Conflict,
		Detail: fmt.Sprintf("Deals are at the stage %q: move them first (GET /v1/deals?status=open&stage_id=%s).", stage.Name, stage.ID),
		Fields: []parley.FieldError{{Location: "body.stages", Message: "leaves out the stage " + string(stage.ID) + ", and open deals are at it"}},
	}
}

func pipelineInUse(ctx context.Context, tx *database.Tx, by parley.Caller, p *parley.Pipeline) error {
	used, err := store.Deals.Count(ctx, tx, by.Organization, store.Where("pipeline_id = ?", string(p.ID)), 1)
	if err != nil || used == 0 {
		return err
	}
	return parley.Errorf(parley.Conflict, "The pipeline has deals: delete them first (GET /v1/deals?pipeline_id=%s).", p.ID)
}

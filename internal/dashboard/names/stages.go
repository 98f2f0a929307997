package names

import (
	"context"
	"slices"
	"strings"

	"parley"
	"parley/internal/dashboard/ui"
	"parley/internal/database"
	"parley/internal/store"
)

// pipelinesLookedAt is in how many pipelines stages are looked for: the newest.
const pipelinesLookedAt = 200

// stages are the stages that a condition is true of, of the newest pipelines.
func stages(ctx context.Context, q database.Querier, org parley.OrganizationID, is func(parley.Stage, parley.Pipeline) bool) (found []Found, err error) {
	pipelines, _, err := store.Pipelines.List(ctx, q, org, store.Page{Limit: pipelinesLookedAt}, store.Filter{})
	for _, p := range pipelines {
		for _, s := range p.Stages {
			if is(s, p) {
				found = append(found, Found{string(s.ID), s.Name, p.Name})
			}
		}
	}
	return found, err
}

func stagesByID(ctx context.Context, q database.Querier, org parley.OrganizationID, ids []string) ([]Found, error) {
	return stages(ctx, q, org, func(s parley.Stage, _ parley.Pipeline) bool { return slices.Contains(ids, string(s.ID)) })
}

func searchStages(ctx context.Context, q database.Querier, org parley.OrganizationID, w wanted) ([]Found, error) {
	text := strings.ToLower(w.text)
	found, err := stages(ctx, q, org, func(s parley.Stage, p parley.Pipeline) bool {
		return strings.Contains(strings.ToLower(s.Name+" "+p.Name), text)
	})
	return found[:min(len(found), w.most)], err
}

// contactNames is [Of] for contacts, which other nouns are called after.
func contactNames(ctx context.Context, q database.Querier, org parley.OrganizationID, ids []string) (Names, error) {
	names := Names{}
	for part := range slices.Chunk(kind{prefix: parley.ContactID("").Prefix()}.among(ids), atOnce) {
		contacts, _, err := store.Contacts.List(ctx, q, org, store.Page{Limit: len(part)}, in("id", part))
		if err != nil {
			return nil, err
		}
		for _, c := range contacts {
			names[string(c.ID)] = ui.Name(c)
		}
	}
	return names, nil
}

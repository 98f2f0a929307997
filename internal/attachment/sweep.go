package attachment

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parley"
	"parley/internal/store"
)

const (
	// sweepEvery is how often is looked for bytes that no row tells of.
	sweepEvery = 6 * time.Hour
	// sweepAge is how old they must be. It is many times [keepWithin]: clocks differ.
	sweepAge = 24 * time.Hour
)

// RunSweep removes bytes that no attachment has, at the start and then every six
// hours, until ctx ends. They are left by crashes, and by conversations that took
// their attachments along. Bytes that are younger than a day are not looked at, as
// they may be those of an upload; nor are those of organizations that this database
// does not know, as they may be those of another.
func (a *Attachments) RunSweep(ctx context.Context) error {
	ticker := time.NewTicker(sweepEvery)
	defer ticker.Stop()
	for {
		a.sweep(ctx)
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func (a *Attachments) sweep(ctx context.Context) {
	removed, err := a.Files.Sweep(ctx, time.Now().Add(-sweepAge), a.stray)
	if removed > 0 {
		a.Logger.Info("attachment.swept", "files", removed)
	}
	if err != nil && ctx.Err() == nil {
		a.Logger.Warn("attachment.sweep_failed", "error", err, "again_in", sweepEvery)
	}
}

// stray tells which files are those of no attachment.
func (a *Attachments) stray(ctx context.Context, keys []string) (stray []string, err error) {
	byOrg := map[parley.OrganizationID][]string{}
	for _, key := range keys {
		org, id, _ := strings.Cut(key, "/")
		byOrg[parley.OrganizationID(org)] = append(byOrg[parley.OrganizationID(org)], id)
	}
	for org, ids := range byOrg {
		kept, known, err := store.KeptAttachments(ctx, a.DB.Read(), org, ids)
		if err != nil {
			return nil, fmt.Errorf("look for attachments: %w", err)
		}
		for _, id := range ids {
			if known && !kept[id] {
				stray = append(stray, string(org)+"/"+id)
			}
		}
	}
	return stray, nil
}

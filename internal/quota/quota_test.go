package quota_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"parley"
	"parley/internal/database"
	"parley/internal/eventlog"
	"parley/internal/quota"
	"parley/internal/store"
	"parley/internal/testing/dbtest"
)

// shop is an organization with quotas.
type shop struct {
	*quota.Quotas
	t   *testing.T
	db  *database.DB
	log *eventlog.Log
	by  parley.Caller
}

func open(t *testing.T, db *database.DB, usual quota.Limits) shop {
	t.Helper()
	log := eventlog.New(db, slog.New(slog.NewTextHandler(t.Output(), nil)))
	log.Quotas().Limit(usual)
	s := shop{log.Quotas(), t, db, log, parley.Caller{Organization: parley.NewID[parley.OrganizationID](), Actor: parley.Actor{Type: parley.ActorAPIKey, ID: "key_x"}}}
	s.write(func(ctx context.Context, tx *database.Tx) error {
		_, err := tx.Exec(ctx, "insert into organizations (id, name, created_at, updated_at) values ($1, 'Example', 0, 0)", string(s.by.Organization))
		return err
	})
	return s
}

func (s shop) try(fn func(context.Context, *database.Tx) error) error {
	return s.db.Write(context.Background(), s.by.Organization, fn)
}

func (s shop) write(fn func(context.Context, *database.Tx) error) {
	s.t.Helper()
	if err := s.try(fn); err != nil {
		s.t.Fatal(err)
	}
}

// label adds n labels, with an event each, in one transaction.
func (s shop) label(by parley.Caller, n int) error {
	return s.try(func(ctx context.Context, tx *database.Tx) error {
		for range n {
			at, err := s.log.Next(ctx, tx)
			if err != nil {
				return err
			}
			l := parley.Label{Name: fmt.Sprint("label ", at.Sequence)}
			store.Labels.Stamp(&l, at.Sequence, at.At)
			store.Labels.Insert(ctx, tx, by.Organization, &l)
			if _, err := s.log.Append(ctx, tx, by, at, parley.LabelCreated.Draft(string(l.ID), "", parley.LabelEvent{Label: l})); err != nil {
				return err
			}
		}
		return nil
	})
}

// unlabel deletes a label.
func (s shop) unlabel() error {
	return s.try(func(ctx context.Context, tx *database.Tx) error {
		l, _, err := store.Labels.Find(ctx, tx, s.by.Organization, store.Filter{})
		if err != nil {
			return err
		}
		at, err := s.log.Next(ctx, tx)
		if err != nil {
			return err
		}
		store.Labels.Delete(ctx, tx, s.by.Organization, string(l.ID))
		_, err = s.log.Append(ctx, tx, s.by, at, parley.LabelDeleted.Draft(string(l.ID), "", parley.LabelEvent{Label: l}))
		return err
	})
}

func (s shop) system() parley.Caller {
	return parley.Caller{Organization: s.by.Organization, Actor: parley.System}
}

// has tells whether this much is used.
func (s shop) has(events, objects, storage int64) {
	s.t.Helper()
	u, err := s.Usage(s.t.Context(), s.by.Organization)
	if err != nil {
		s.t.Fatal(err)
	}
	if u.EventsPerDay.Used != events || u.Objects.Used != objects || u.Storage.Used != storage {
		s.t.Errorf("used are %d events, %d objects, %d bytes; want %d, %d, %d", u.EventsPerDay.Used, u.Objects.Used, u.Storage.Used, events, objects, storage)
	}
}

// refused tells whether an error is that of a quota.
func refused(t *testing.T, err error, kind parley.Kind, want parley.Quota) {
	t.Helper()
	var e *parley.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Quota == nil || *e.Quota != want {
		t.Fatalf("the error is %v, want that of %+v", err, want)
	}
}

func TestEventsOfADay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // it begins at midnight
		s := open(t, dbtest.SQLite(t), quota.Limits{EventsPerDay: 3})
		time.Sleep(23 * time.Hour)
		if err := s.label(s.by, 2); err != nil {
			t.Fatal(err)
		}
		beyond := s.label(s.by, 2)
		refused(t, beyond, parley.TooMany, parley.Quota{Name: "events_per_day", Limit: 3, Used: 3})
		var e *parley.Error
		if !errors.As(beyond, &e) || e.RetryAfter != time.Hour {
			t.Errorf("it does not say to wait for an hour: %v", beyond)
		}
		s.has(2, 2, 0)
		if err := errors.Join(s.label(s.by, 1), s.label(s.system(), 2)); err != nil {
			t.Fatalf("what is within the quota, and what Parley does: %v", err)
		}
		refused(t, s.unlabel(), parley.TooMany, parley.Quota{Name: "events_per_day", Limit: 3, Used: 3})
		s.has(5, 5, 0)
		time.Sleep(time.Hour)
		s.has(0, 5, 0)
		if err := s.label(s.by, 3); err != nil {
			t.Fatalf("on the next day: %v", err)
		}
		refused(t, s.label(s.by, 1), parley.TooMany, parley.Quota{Name: "events_per_day", Limit: 3, Used: 3})
		s.has(3, 8, 0)
	})
}

func TestObjects(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := open(t, db, quota.Limits{Objects: 3})
		if err := s.label(s.by, 3); err != nil {
			t.Fatal(err)
		}
		refused(t, s.label(s.by, 1), parley.Conflict, parley.Quota{Name: "objects", Limit: 3, Used: 3})
		s.has(3, 3, 0)
		if err := errors.Join(s.unlabel(), s.label(s.by, 1), s.label(s.system(), 1)); err != nil {
			t.Fatal(err)
		}
		refused(t, s.label(s.by, 1), parley.Conflict, parley.Quota{Name: "objects", Limit: 3, Used: 4})
		if err := s.unlabel(); err != nil {
			t.Errorf("over the quota, one is deleted: %v", err)
		}
		s.has(7, 3, 0)
	})
}

// A function that fails inside another takes back what it counted, and no more.
func TestWhatFailsIsNotCounted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s, mine := open(t, db, quota.Limits{}), errors.New("mine")
		s.write(func(ctx context.Context, tx *database.Tx) error {
			tx.Count(1, 10)
			err := db.Write(ctx, s.by.Organization, func(_ context.Context, tx *database.Tx) error {
				tx.Count(2, 20)
				return mine
			})
			if !errors.Is(err, mine) {
				t.Error(err)
			}
			tx.Count(4, 40)
			return nil
		})
		if err := s.try(func(_ context.Context, tx *database.Tx) error { tx.Count(8, 80); return mine }); !errors.Is(err, mine) {
			t.Error(err)
		}
		s.has(0, 5, 50)
	})
}

func TestStorage(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := open(t, db, quota.Limits{Storage: 100})
		charge := func(by parley.Caller, bytes int64) error {
			return s.try(func(ctx context.Context, tx *database.Tx) error { return s.Charge(ctx, tx, by, bytes) })
		}
		if err := charge(s.by, 60); err != nil {
			t.Fatal(err)
		}
		refused(t, charge(s.by, 41), parley.Conflict, parley.Quota{Name: "storage", Limit: 100, Used: 60})
		if err := errors.Join(charge(s.by, 40), charge(s.system(), 10), charge(s.by, -30)); err != nil {
			t.Fatal(err)
		}
		s.has(0, 0, 80)
	})
}

func TestAnOrganizationsOwnLimits(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *database.DB) {
		s := open(t, db, quota.Limits{EventsPerDay: 1, Objects: 1, Storage: 1})
		ctx, org := t.Context(), s.by.Organization
		if err := s.Override(ctx, org, quota.Overrides{EventsPerDay: new(int64(0)), Objects: new(int64(5))}); err != nil {
			t.Fatal(err)
		}
		if err := s.label(s.by, 5); err != nil {
			t.Fatal(err)
		}
		refused(t, s.label(s.by, 1), parley.Conflict, parley.Quota{Name: "objects", Limit: 5, Used: 5})
		u, err := s.Usage(ctx, org)
		if err != nil || u.EventsPerDay.Limit != nil || *u.Objects.Limit != 5 || *u.Storage.Limit != 1 {
			t.Errorf("the usage is %+v (%v)", u, err)
		}
		o, err := s.Overrides(ctx, org)
		if err != nil || *o.EventsPerDay != 0 || *o.Objects != 5 || o.Storage != nil {
			t.Errorf("the overrides are %+v (%v)", o, err)
		}
		if err := s.Override(ctx, org, quota.Overrides{}); err != nil {
			t.Fatal(err)
		}
		refused(t, s.label(s.by, 1), parley.TooMany, parley.Quota{Name: "events_per_day", Limit: 1, Used: 1})
		none := parley.NewID[parley.OrganizationID]()
		_, noUsage := s.Usage(ctx, none)
		_, noOverrides := s.Overrides(ctx, none)
		for _, err := range []error{noUsage, noOverrides, s.Override(ctx, none, quota.Overrides{})} {
			if parley.KindOf(err) != parley.NotFound {
				t.Errorf("of an organization that is not there: %v", err)
			}
		}
	})
}

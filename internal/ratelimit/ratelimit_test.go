package ratelimit_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/ratelimit"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestABucketEmptiesAndFills(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(ratelimit.Limit{Quota: 3, Window: time.Minute})
	now := noon
	for _, step := range []struct {
		after time.Duration
		want  ratelimit.State
	}{
		{0, ratelimit.State{Allowed: true, Remaining: 2, Reset: 20 * time.Second}},
		{0, ratelimit.State{Allowed: true, Remaining: 1, Reset: 40 * time.Second}},
		{0, ratelimit.State{Allowed: true, Remaining: 0, Reset: time.Minute}},
		{0, ratelimit.State{Remaining: 0, Reset: time.Minute, Retry: 20 * time.Second}},
		{5 * time.Second, ratelimit.State{Remaining: 0, Reset: 55 * time.Second, Retry: 15 * time.Second}},
		{15 * time.Second, ratelimit.State{Allowed: true, Remaining: 0, Reset: time.Minute}},
		{time.Hour, ratelimit.State{Allowed: true, Remaining: 2, Reset: 20 * time.Second}},
	} {
		now = now.Add(step.after)
		got := l.Take(t.Context(), "a", now)
		got.Reset, got.Retry = got.Reset.Round(time.Millisecond), got.Retry.Round(time.Millisecond)
		if got != step.want {
			t.Errorf("at %s: %+v, want %+v", now.Format(time.TimeOnly), got, step.want)
		}
	}
}

func TestEachNameHasItsBucket(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(ratelimit.Limit{Quota: 1, Window: time.Minute})
	for i := range 100 {
		name := fmt.Sprint(i)
		if !l.Take(t.Context(), name, noon).Allowed || l.Take(t.Context(), name, noon).Allowed {
			t.Errorf("%s is not allowed once", name)
		}
	}
}

func TestManyAtOnceGetNoMoreThanTheQuota(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(ratelimit.Limit{Quota: 50, Window: time.Hour})
	var allowed atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 100 {
				if l.Take(t.Context(), "a", noon).Allowed {
					allowed.Add(1)
				}
			}
		})
	}
	all.Wait()
	if got := allowed.Load(); got != 50 {
		t.Errorf("%d of 800 were allowed, want 50", got)
	}
}

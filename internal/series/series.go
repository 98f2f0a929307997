// Package series divides a time into equal steps, for figures that are told point by
// point: every series that can be asked for has the same resolutions and the same limit.
package series

import (
	"time"

	"parley"
)

// maxPoints is how many points an answer has.
const maxPoints = 1500

const usualSpan = 24 * time.Hour

// resolutions are the steps there are, and the one to take if there would be too many.
var resolutions = map[string]struct {
	step    time.Duration
	coarser string
}{
	"minute":       {time.Minute, "resolution hour, or "},
	"quarter_hour": {15 * time.Minute, "resolution hour, or "},
	"hour":         {time.Hour, "resolution day, or "},
	"two_hours":    {2 * time.Hour, "resolution day, or "},
	"day":          {24 * time.Hour, ""},
}

// Span is a time, [Since, Until), in whole steps of a resolution, of which there is at
// least one.
type Span struct {
	Since, Until parley.Time
	Resolution   string
	Step         parley.Time // milliseconds
}

// New makes the span from since to until, widened to whole steps. Without until it is
// now, without since a day before. What makes no span, or too many points, is an Invalid
// error that names the parameter.
func New(resolution string, since, until *parley.Time) (Span, error) {
	r, ok := resolutions[resolution]
	if !ok {
		return Span{}, parley.InvalidField("query.resolution", "must be minute, quarter_hour, hour, two_hours or day")
	}
	step := parley.Time(r.step.Milliseconds())
	s := Span{Until: parley.Now(), Resolution: resolution, Step: step}
	if until != nil {
		s.Until = *until
	}
	s.Until = floor(s.Until+step-1, step)
	s.Since = s.Until.Add(-usualSpan)
	if since != nil {
		s.Since = floor(*since, step)
	}
	if s.Since >= s.Until || since != nil && until != nil && *since >= *until {
		return Span{}, parley.InvalidField("query.since", "must be before until, which is now if it is left out")
	}
	if n := int64((s.Until - s.Since) / step); n > maxPoints {
		return Span{}, parley.InvalidField("query.resolution", "makes %d points, and an answer has at most %d: ask for %sa shorter time between since and until", n, maxPoints, r.coarser)
	}
	return s, nil
}

// Points is how many steps there are.
func (s Span) Points() int { return int((s.Until - s.Since) / s.Step) }

// At is when a step begins.
func (s Span) At(i int) parley.Time { return s.Since + parley.Time(i)*s.Step }

// Index is the step that a time of the span lies in.
func (s Span) Index(t parley.Time) int { return int((t - s.Since) / s.Step) }

// Contains tells whether a time lies in the span.
func (s Span) Contains(t parley.Time) bool { return s.Since <= t && t < s.Until }

// floor is t, cut to whole steps.
func floor(t, step parley.Time) parley.Time { return t - (t%step+step)%step }
